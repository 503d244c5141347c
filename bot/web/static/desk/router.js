/**
 * Addresses of the console: every list and every case has one, so back, forward, links and bookmarks work.
 *
 * /desk, /desk/inbox, /desk/mine, /desk/introduced, /desk/done, /desk/queue/ID: lists. /desk/queues: the queues, where only one pane fits.
 * /desk/cases/CODE: a case. /desk/roster/DEPARTMENT/MONDAY, /desk/coverage/DEPARTMENT, /desk/staff, /desk/first-admin:
 * pages of their own; a department or day that is left out means all of them, and the present week.
 * /desk/teach/TAB/ITEM: the teaching page; ITEM is an answer's key or a training's number.
 */

import { config, changed, state } from "./state.js";

const PAGES = ["roster", "coverage", "staff", "teach"];
const LISTS = { "": "all", inbox: "inbox", mine: "mine", introduced: "introduced", done: "done" };

/** Read an address; one that means nothing is the list of all cases. */
export function parse(path) {
  const [, , first = "", second = "", third = ""] = path.split("/");
  if (first === "cases" && second) return { pane: "case", code: safeDecode(second).toUpperCase() };
  if (first === "queue" && config.departments.some((one) => one.id === second)) {
    return { pane: "list", list: { kind: "queue", department: second }, path };
  }
  if (first === "roster" || first === "coverage") return { pane: first, department: second || "all", week: third };
  if (first === "teach") return { pane: first, tab: second || "review", item: third };
  if (["queues", "staff", "first-admin"].includes(first)) return { pane: first };
  const kind = LISTS[first] ?? "all";
  return { pane: "list", list: { kind }, path: kind === "all" ? "/desk" : `/desk/${first}` };
}

/** Which page the body shows at a place: the panes of the console, or a page of its own. */
export const viewOf = (route) => (PAGES.includes(route.pane) ? route.pane : "console");

function safeDecode(part) {
  try {
    return decodeURIComponent(part);
  } catch (failure) {
    if (failure instanceof URIError) return part;
    throw failure;
  }
}

/** Go somewhere; `replace` leaves no step to come back to. */
export function go(path, { replace = false } = {}) {
  const inside = (history.state?.inside ?? 0) + (replace ? 0 : 1);
  history[replace ? "replaceState" : "pushState"]({ inside }, "", path);
  arrive();
}

/** Back to where one came from inside the console; from a link that was opened cold, to the list. */
export function back() {
  if (history.state?.inside > 0) history.back();
  else go(state.list.path, { replace: true });
}

function arrive() {
  state.route = parse(location.pathname);
  changed("route");
}

/** Start following links and the browser's own back and forward. */
export function start() {
  addEventListener("popstate", arrive);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-nav]");
    if (
      !link ||
      event.defaultPrevented ||
      event.button ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    if (link.pathname !== location.pathname) go(link.pathname);
    else arrive();
  });
  arrive();
}
