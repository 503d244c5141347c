/** Fetching what the panes show, one request at a time for each, and never an older answer over a newer one. */

import { gathered } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { caseDoor } from "./doors.js";
import { changed, state } from "./state.js";

const PAGE = 200;
const GAP = 700;
const BURST = 10;

function query(list) {
  const asked = new URLSearchParams({ limit: String(list.kind === "done" ? 50 : PAGE) });
  if (list.kind === "mine") asked.set("owner", "me");
  if (list.kind === "introduced") asked.set("introduced", "true");
  if (list.kind === "done") asked.set("state", "resolved");
  if (list.kind === "queue") asked.set("department", list.department);
  return asked;
}

let listTurn = 0;

/** Show another list: what was there is not about it, so it goes at once. */
export function chooseList(route) {
  if (state.list.path === route.path && state.list.rows) return;
  const inbox = route.list.kind === "inbox";
  state.list = { ...route.list, path: route.path, rows: inbox ? [] : null, next: null, problem: null, loading: !inbox };
  changed("list");
  loadList();
}

/** Load the chosen list anew. */
export async function loadList() {
  const list = state.list;
  listTurn += 1;
  const turn = listTurn;
  // What waits for one's answer is no list of cases: `inbox_data` loads it.
  if (list.kind === "inbox") return;
  try {
    const given = await call("GET", `/api/cases?${query(list)}`);
    if (turn !== listTurn) return;
    Object.assign(list, { rows: given.cases, next: given.next, problem: null, loading: false });
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (turn !== listTurn) return;
    Object.assign(list, { problem: failure.problem, loading: false });
  }
  changed("list");
}

/** Load the next page of resolved cases. */
export async function loadMore() {
  const list = state.list;
  const asked = query(list);
  asked.set("before", String(list.next));
  const given = await call("GET", `/api/cases?${asked}`);
  const known = new Set(list.rows.map((row) => row.code));
  list.rows = [...list.rows, ...given.cases.filter((row) => !known.has(row.code))];
  list.next = given.next;
  changed("list");
}

/** Load counts of every queue. A refusal leaves the old counts: the bar above says that the connection is gone. */
export async function loadQueues() {
  try {
    state.queues = await call("GET", "/api/queues");
    changed("queues");
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
  }
}

/** Load names of colleagues. */
export async function loadNames() {
  const given = await call("GET", "/api/staff");
  state.people = given.staff;
  state.names = new Map(given.staff.map((one) => [one.id, one.name]));
}

/** Lists and counts anew, soon; a flood of events asks the server less than twice a second. */
export const refresh = gathered(
  () => {
    loadQueues();
    loadList();
  },
  GAP,
  BURST,
);

/** Counts alone anew, soon. */
export const refreshQueues = gathered(loadQueues, GAP, BURST);

/** Names of colleagues anew, soon. */
export const refreshPeople = gathered(async () => {
  try {
    await loadNames();
    changed("people");
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
  }
}, 4 * GAP);

/** The open case anew, soon. */
export const refreshOpen = gathered(() => state.open && loadCase(state.open.code, { quiet: true }), GAP, BURST);

/** Open a case. `quiet` keeps what is shown until the answer is here. */
export async function loadCase(code, { quiet = false } = {}) {
  if (!quiet) {
    state.open = { code, page: null, messages: new Map(), problem: null, more: false, older: false };
    changed("open");
  }
  const open = state.open;
  try {
    const page = await call("GET", caseDoor(code));
    if (state.open !== open) return;
    merge(open, page);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (state.open !== open) return;
    // A case that went out of sight (to another desk, say) must not stay on the screen as if it could be worked on.
    if (failure.status === 404 || !open.page) Object.assign(open, { problem: failure.problem, page: null });
  }
  changed("open", "messages");
}

function merge(open, page) {
  const oldest = page.messages[0]?.id ?? 0;
  // After a long sleep the newest page may not reach back to what is shown; a transcript never has a silent hole.
  const hole = open.messages.size > 0 && oldest > Math.max(...open.messages.keys());
  if (hole) open.messages.clear();
  if (hole || !open.page) open.more = page.messages.length >= 100;
  open.page = page;
  open.problem = null;
  for (const one of page.messages) open.messages.set(one.id, one);
}

/** Load the page of messages before the oldest one known. */
export async function loadOlder() {
  const open = state.open;
  if (!open?.page || !open.more || open.older) return;
  open.older = true;
  changed("messages");
  try {
    const before = Math.min(...open.messages.keys());
    const page = await call("GET", `${caseDoor(open.code)}?before=${before}`);
    for (const one of page.messages) open.messages.set(one.id, one);
    open.more = page.messages.length >= 100;
  } finally {
    open.older = false;
    if (state.open === open) changed("messages");
  }
}

/** Put a message into the open case, wherever it came from. */
export function put(message) {
  if (!state.open?.page) return;
  state.open.messages.set(message.id, message);
  changed("messages");
}

/** Take a case as a move left it, without waiting for the feed to say so. */
export function took(kase) {
  if (state.open?.page && state.open.code === kase.code) {
    state.open.page = { ...state.open.page, case: kase };
    changed("open");
  }
  const row = state.list.rows?.find((one) => one.code === kase.code);
  if (row) Object.assign(row, kase);
  changed("list");
  refresh();
  refreshOpen();
}
