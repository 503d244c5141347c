/** Keys for those who work here all day. None works while somebody is typing, and all can be turned off. */

import { byId } from "../common/dom.js";
import { open as openDialog } from "../common/dialog.js";
import { KEYS as MOVES, actByKey } from "./actions.js";
import { choose } from "./composer.js";
import { go } from "./router.js";
import { kept, state } from "./state.js";

const keysOn = () => kept.get("keys", true);

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => write("reply"),
  n: () => write("note"),
  i: () => go("/desk/inbox"),
  "/": () => byId("search").focus(),
  "?": help,
};

/** Listen. */
export function start() {
  document.addEventListener("keydown", pressed);
  byId("help-button").addEventListener("click", help);
  byId("keys-on").addEventListener("change", (event) => kept.set("keys", event.target.checked));
}

function pressed(event) {
  if (document.body.dataset.view !== "console" || document.querySelector("dialog[open]") || event.isComposing) return;
  if (event.key === "Escape") {
    away();
    return;
  }
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select"))
    return;
  if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  } else if (MOVES.includes(event.key)) {
    event.preventDefault();
    actByKey(event.key);
  }
}

/** Out of a field first; out of the case, back to its line in the list, next. */
function away() {
  const row = document.querySelector("#list [aria-current]");
  const typing = document.activeElement?.closest("input, textarea");
  if (typing && typing.id !== "search") byId("case-pane").focus();
  else if (typing || state.route.pane === "case") (row ?? byId("list-pane")).focus();
  if (document.activeElement === document.body && state.route.pane === "case") go(state.list.path);
}

function step(by) {
  const rows = [...document.querySelectorAll("#list a, #inbox .work-code")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = at >= 0 ? at + by : current >= 0 ? current + by : by > 0 ? 0 : rows.length - 1;
  const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function write(mode) {
  if (state.open?.page) choose(mode, { focus: true });
}

function help() {
  byId("keys-on").checked = keysOn();
  openDialog(byId("help-dialog"));
}
