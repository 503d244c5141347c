/** The middle pane: cases, most urgent first, then those that have waited longest. */

import { byId, fill, h, keyed, mark, say, theirs } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { calling, channel, due, nameOf, priority, since } from "./badges.js";
import { loadList, loadMore } from "./data.js";
import { KINDS, itemsOf, waitingForMe } from "./inbox_data.js";
import { showProblem } from "./problem.js";
import { emptyOf, titleOf } from "./queues.js";
import { on, owns, state } from "./state.js";
import { membersOf, presenceMark } from "./team.js";
import { unread } from "./unread.js";

let wantedState = "";
let wantedText = "";

/** Fold case and Vietnamese marks, so that "hoa don" finds "hoá đơn". */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/giu, "d").toLowerCase();

/** Draw the list whenever it changes, and wire its tools. */
export function start() {
  on("list", draw);
  on("open", draw);
  on("queues", drawHead);
  on("people", drawTeam);
  on("inbox", draw);
  byId("search").addEventListener("input", (event) => {
    wantedText = fold(event.target.value.trim());
    draw();
  });
  byId("segments").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) chooseState(button);
  });
  byId("list-more").addEventListener("click", more);
}

function chooseState(chosen) {
  wantedState = chosen.dataset.state;
  for (const button of byId("segments").children) mark(button, "aria-pressed", String(button === chosen));
  draw();
}

async function more(event) {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    await loadMore();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
  } finally {
    button.disabled = false;
  }
}

/** The rows that are shown, in their order. */
export function shown() {
  const rows = state.list.rows ?? [];
  const asked = state.list.kind === "done" ? "" : wantedState;
  return rows.filter(
    (row) => (!asked || row.state === asked) && (!wantedText || fold(haystack(row)).includes(wantedText)),
  );
}

const haystack = (row) =>
  [
    row.code,
    nameOf(row.customer_name, row.opened_at),
    row.department_label,
    row.owner_name ?? "",
    row.last_text,
    row.summary,
  ].join("\n");

function drawHead() {
  if (!state.me) return;
  say(byId("list-title"), titleOf(state.list));
  const rows = shown();
  const number = state.list.kind === "inbox" ? waitingForMe() : rows.length;
  say(byId("list-count"), state.list.rows ? String(number) : "");
}

function draw() {
  if (!state.me) return;
  drawHead();
  const rows = shown();
  const inbox = state.list.kind === "inbox";
  document.querySelector(".list-tools").hidden = inbox;
  byId("segments").hidden = state.list.kind === "done";
  drawTeam();
  mark(byId("list"), "aria-busy", String(state.list.loading));
  keyed(byId("list"), rows, (row) => row.code, drawRow);
  byId("list-more").hidden = !state.list.next;
  drawProblem();
  drawEmpty(rows);
}

/** Above a queue: who of it is there, who has a break, who is away. */
function drawTeam() {
  const place = byId("team");
  const people = state.list.kind === "queue" ? membersOf(state.list.department) : [];
  place.hidden = !people.length;
  keyed(place, people, (one) => `${one.id}-${one.presence}`, drawColleague);
}

const drawColleague = (one, before) => before ?? h("li", {}, theirs(one.name), presenceMark(one.presence));

function drawProblem() {
  const place = byId("list-problem");
  const problem = state.list.problem;
  place.hidden = !problem;
  if (problem) showProblem(place, problem, loadList);
}

function drawEmpty(rows) {
  const place = byId("list-empty");
  const filled = state.list.kind === "inbox" ? KINDS.some((kind) => itemsOf(kind).length) : rows.length > 0;
  place.hidden = filled || Boolean(state.list.problem);
  if (place.hidden) return;
  if (!state.list.rows || (state.list.kind === "inbox" && !state.inbox)) {
    fill(
      place,
      ...[1, 2, 3, 4].map(() => h("div", { class: "ghost", "aria-hidden": true })),
      h("span", { class: "visually-hidden" }, t("loading")),
    );
    return;
  }
  if (state.list.rows.length) {
    fill(
      place,
      h("h2", {}, t("empty_filter_title")),
      h("p", {}, t("empty_filter")),
      h("button", { type: "button", on: { click: clearFilter } }, t("clear_filter")),
    );
    return;
  }
  const [title, text] = emptyOf(state.list);
  fill(place, h("h2", {}, t(title)), h("p", {}, t(text)));
}

/** Show everything again. */
function clearFilter() {
  byId("search").value = "";
  wantedText = "";
  chooseState(byId("segments").firstElementChild);
}

function drawRow(row, before) {
  const current = state.open?.code === row.code;
  const news = unread(row);
  // Whatever is shown of a row is in this string: a row that says the same is not built again.
  const print = JSON.stringify([
    row.priority,
    row.state,
    row.customer_name,
    row.department_label,
    row.owner_id,
    row.owner_name,
    row.due_at,
    row.calling_at,
    row.last_text,
    row.heard,
    row.summary,
    row.last_at,
    row.opened_at,
    row.queue_number,
    news,
    state.list.kind,
  ]);
  const made = before ?? h("li", {});
  if (made.dataset.print !== print) {
    made.dataset.print = print;
    rebuild(made, row, news);
  }
  mark(made.firstElementChild, "aria-current", current ? "true" : null);
  return made;
}

/** Build a row's inside anew, leaving the link itself: the focus may be on it. */
function rebuild(made, row, news) {
  const link = made.firstElementChild ?? h("a", { href: `/desk/cases/${row.code}`, "data-nav": true });
  link.className = `row priority-edge-${row.priority}`;
  fill(link, top(row, news), h("span", { class: "row-text", dir: "auto" }, lineOf(row)), foot(row));
  if (!made.firstElementChild) made.append(link);
}

/**
 * What tells most about a case in one line. While nobody has it, the newest message is as a rule our own "you are number
 * three": then the customer's words that we just heard, or the summary of the need, say more.
 */
const lineOf = (row) => (row.state === "waiting" && (row.heard || row.summary)) || row.last_text || row.summary || "…";

function top(row, news) {
  return h(
    "span",
    { class: "row-top" },
    h("strong", { class: "code" }, row.code),
    priority(row.priority),
    h("span", { class: "row-name" }, theirs(nameOf(row.customer_name, row.opened_at))),
    news ? h("span", { class: "unread" }, news, h("span", { class: "visually-hidden" }, ` ${t("unread")}`)) : null,
    row.state === "waiting"
      ? since(row.opened_at, "waits")
      : since(row.state === "resolved" ? row.resolved_at : row.last_at, "ago"),
  );
}

function foot(row) {
  const owner =
    row.state === "waiting"
      ? h("span", {}, row.queue_number ? t("queue_number", { number: row.queue_number }) : t("state_waiting"))
      : h("span", { class: owns(row) ? "own" : "" }, owns(row) ? t("you") : theirs(row.owner_name ?? "—"));
  return h(
    "span",
    { class: "row-foot" },
    channel(row.channel),
    h("span", { class: "row-department" }, row.department_label),
    owner,
    dateOf(row),
  );
}

function dateOf(row) {
  if (!row.due_at || row.state === "resolved") return null;
  return row.calling_at ? calling(t("call_begun")) : due(row.due_at, row.call_at ? "call_in" : "due_in");
}
