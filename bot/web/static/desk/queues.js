/** The left pane: one's own lists, then every queue that one may see. */

import { byId, h, icon, keyed, mark, say } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { tick } from "./badges.js";
import { itemsOf, waitingForMe } from "./inbox_data.js";
import { config, leads, on, state } from "./state.js";
import { countsOf, whoIsThere } from "./team.js";

const VIEWS = [
  { kind: "inbox", path: "/desk/inbox", icon: "bell", word: "view_inbox" },
  { kind: "mine", path: "/desk/mine", icon: "mine", word: "view_mine" },
  { kind: "introduced", path: "/desk/introduced", icon: "people", word: "view_introduced" },
  { kind: "all", path: "/desk", icon: "inbox", word: "view_all" },
  { kind: "done", path: "/desk/done", icon: "done", word: "view_done" },
];
const count = (name) => (state.queues?.queues ?? []).reduce((sum, one) => sum + one[name], 0);

/** How many customers wait in the queues that this person may see. */
export const waiting = () => count("waiting");

/** Draw the pane whenever its numbers or the place change. */
export function start() {
  on("queues", draw);
  on("list", draw);
  on("route", draw);
  on("inbox", draw);
  on("people", draw);
}

function draw() {
  keyed(byId("views"), VIEWS, (view) => view.kind, drawView);
  const sides = ["front", "back"].map((side) => ({ side, queues: ofSide(side) })).filter(({ queues }) => queues.length);
  keyed(byId("queues"), sides, ({ side }) => side, drawSide);
  const number = waiting();
  const title = number ? `(${number}) ${t("title")}` : t("title");
  document.title = waitingForMe() ? `${t("title_inbox", { count: waitingForMe() })} · ${title}` : title;
  const dot = byId("menu-count");
  const shown = waitingForMe() || number;
  dot.hidden = !shown;
  mark(dot, "data-mine", waitingForMe() ? "yes" : null);
  say(dot, String(shown));
}

function ofSide(side) {
  const wanted = new Set(config.departments.filter((one) => one.side === side).map((one) => one.id));
  return (state.queues?.queues ?? []).filter((one) => wanted.has(one.department));
}

function numberOf(kind) {
  if (kind === "inbox") return waitingForMe();
  if (!state.queues || kind === "done" || kind === "introduced") return null;
  return kind === "mine" ? state.queues.mine : count("waiting") + count("resting") + count("assigned");
}

function drawView(view, before) {
  const number = numberOf(view.kind);
  const made =
    before ??
    h(
      "li",
      {},
      h(
        "a",
        { class: "queue", href: view.path, "data-nav": true },
        icon(view.icon),
        h("span", { class: "queue-name" }, t(view.word)),
        h("span", { class: "pill" }),
      ),
    );
  const link = made.firstElementChild;
  mark(link, "aria-current", state.list.path === view.path ? "page" : null);
  const pill = link.lastElementChild;
  pill.hidden = !number;
  say(pill, number ? String(number) : "");
  mark(pill, "data-waiting", view.kind === "inbox" && number ? "yes" : null);
  return made;
}

function drawSide({ side, queues }, before) {
  const made =
    before ??
    h(
      "section",
      {},
      h("h2", { class: "queue-side" }, t(`side_${side}`)),
      h("ul", { class: "queue-list", role: "list" }),
    );
  keyed(made.lastElementChild, queues, (one) => one.department, drawQueue);
  return made;
}

function drawQueue(queue, before) {
  const path = `/desk/queue/${queue.department}`;
  const made =
    before ??
    h(
      "li",
      {},
      h(
        "a",
        { class: "queue", href: path, "data-nav": true },
        h(
          "span",
          { class: "queue-said" },
          h("span", { class: "queue-name" }),
          h(
            "span",
            { class: "queue-more" },
            h("span", { class: "on-duty" }),
            h("span", { class: "queue-wait" }),
            h("span", { class: "queue-resting" }),
          ),
        ),
        h("span", { class: "pill" }),
        h("span", { class: "visually-hidden" }),
      ),
    );
  const link = made.firstElementChild;
  const [said, pill, told] = link.children;
  const [duty, wait, resting] = said.lastElementChild.children;
  say(said.firstElementChild, queue.label);
  drawDuty(duty, queue);
  drawWait(wait, queue);
  resting.hidden = !queue.resting;
  say(resting, t("queue_resting", { count: queue.resting }));
  pill.hidden = !queue.waiting && !queue.assigned;
  say(pill, queue.assigned ? `${queue.waiting} · ${queue.assigned}` : String(queue.waiting));
  mark(pill, "data-waiting", queue.waiting ? "yes" : null);
  mark(pill, "aria-hidden", "true");
  say(told, t("queue_told", { waiting: queue.waiting, assigned: queue.assigned, who: duty.textContent }));
  mark(link, "title", told.textContent);
  mark(link, "aria-current", state.list.path === path ? "page" : null);
  return made;
}

/** "2 người trực · 1 nghỉ giữa ca": those who are there first; nobody at all is said too. */
function drawDuty(place, queue) {
  const counts = state.people.length ? countsOf(queue.department) : queue;
  const there = counts.on_duty || counts.away;
  const who = whoIsThere(counts);
  say(place, there ? who : [t("nobody"), who].filter(Boolean).join(" · "));
  mark(place, "data-nobody", there ? null : "yes");
}

/** For how long the first one waits, and how many have waited beyond what they were told. */
function drawWait(place, queue) {
  const { waiting_since: since, late } = queue;
  place.hidden = !since;
  if (!since) return;
  mark(place, "data-since", since);
  mark(place, "data-key", late ? "longest_late" : "longest");
  mark(place, "data-count", String(late));
  mark(place, "data-late", late ? "late" : null);
  if (!place.firstElementChild) place.append(h("span", { class: "said" }));
  tick(place);
}

/** The title of the list that is shown. */
export function titleOf(list) {
  if (list.kind === "queue")
    return (
      state.queues?.queues.find((one) => one.department === list.department)?.label ??
      config.departments.find((one) => one.id === list.department).label
    );
  return t(VIEWS.find((view) => view.kind === (list.kind ?? "all")).word);
}

/** What an empty list says: what that means, and what to do. */
export function emptyOf(list) {
  if (list.kind === "inbox") return ["empty_inbox_title", "empty_inbox"];
  if (list.kind === "introduced") return ["empty_introduced_title", "empty_introduced"];
  if (!state.me.on_duty && list.kind !== "done") return ["empty_off_duty_title", "empty_off_duty"];
  if (list.kind === "mine") return ["empty_mine_title", "empty_mine"];
  if (list.kind === "done") return ["empty_done_title", "empty_done"];
  if (!leads() && !state.me.departments.length) return ["empty_nowhere_title", "empty_nowhere"];
  // A case of another desk may be held out to whoever stands in for it, and is in none of one's own queues.
  if (itemsOf("offer").length) return ["empty_offered_title", "empty_offered"];
  return ["empty_all_title", "empty_all"];
}
