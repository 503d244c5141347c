/** A call that was promised to a customer: the number, the hour, and how it went. */

import { h, icon } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { t } from "../common/i18n.js";
import { due } from "./badges.js";
import { move } from "./moves.js";
import { once } from "./once.js";
import { owns } from "./state.js";

/** What is being written about a call, by case: the card is drawn anew when something else on the page changes. */
const notes = new Map();

/** The card of a case with a call, or null. Only whoever has the case says how it went. */
export function callCard({ case: kase }) {
  if (!kase.call_at || kase.state === "resolved") return null;
  return h(
    "section",
    { class: "call-card", "aria-label": t("call_title") },
    h("h3", {}, icon("phone"), t("call_title"), " ", due(kase.call_at, "call_in")),
    number(kase.collected.phone),
    kase.state === "assigned" && owns(kase) ? outcome(kase) : h("p", { class: "muted" }, t("call_of_owner")),
  );
}

/** The number, to dial or to copy; some customers gave none. */
function number(phone) {
  if (!/\d/.test(phone ?? "")) return h("p", { class: "muted" }, t("call_no_number"));
  return h(
    "p",
    { class: "call-number" },
    h("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}`, class: "link" }, phone),
    h("button", { type: "button", class: "quiet", on: { click: () => copy(phone) } }, t("call_copy")),
  );
}

async function copy(phone) {
  await navigator.clipboard.writeText(phone);
  toast(t("call_copied", { phone }));
}

function outcome(kase) {
  const note = h("input", {
    type: "text",
    name: "call-note",
    maxlength: "1000",
    value: notes.get(kase.code) ?? "",
    "aria-label": t("call_note"),
    placeholder: t("call_note"),
    on: { input: (event) => notes.set(kase.code, event.currentTarget.value) },
  });
  const went = (reached) => async (event) =>
    once(event.currentTarget, async () => {
      if (!(await move(kase, "called", { call_at: kase.call_at, reached, note: note.value }))) return;
      notes.delete(kase.code);
      toast(t(reached ? "call_reached_done" : "call_missed_done"));
    });
  return h(
    "div",
    { class: "stack" },
    note,
    h(
      "p",
      { class: "row-of-buttons" },
      h("button", { type: "button", class: "primary", data: { call: "reached" }, on: { click: went(true) } }, t("call_reached")),
      h("button", { type: "button", data: { call: "missed" }, on: { click: went(false) } }, t("call_missed")),
    ),
  );
}
