/** Saying what came, what went to somebody else, and what became of what one asked: in passing, and never in the way. */

import { h, theirs } from "../common/dom.js";
import { announce, toast } from "../common/dialog.js";
import { nodes, t } from "../common/i18n.js";
import { KINDS, answeredHere, dropped, itemsOf } from "./inbox_data.js";
import { receiverOf } from "./inbox_cards.js";
import { codeOf } from "./inbox_do.js";
import { pageOf, warn } from "./notices.js";
import { chime } from "./sound.js";
import { leads, on, state } from "./state.js";

let known = null;

/** Listen for what comes. What goes is heard from the feed, which knows why: see `heard`. */
export function start() {
  on("inbox", arrivals);
}

function arrivals() {
  const now = new Map();
  for (const kind of KINDS.filter((one) => one !== "outgoing" && one !== "decidable"))
    for (const item of itemsOf(kind)) now.set(`${kind}-${item.id}`, { kind, item });
  const fresh = known ? [...now].filter(([key, { kind, item }]) => !known.has(key) && isForMe(kind, item)) : [];
  known = new Set(now.keys());
  if (!fresh.length) return;
  chime();
  for (const [, { kind, item }] of fresh.slice(0, 3)) announce(t(`arrived_${kind}`, { code: codeOf(item) }));
}

/** One's own questions lie in one's own list too, and are no news. */
const isForMe = (kind, item) => (kind === "approval" ? item.may_decide : item.asked_by !== state.me.id);

const nameOf = (id) => theirs(state.names.get(id) ?? "—");
const find = (kind, id) => itemsOf(kind).find((item) => item.id === id);
const begun = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const linked = (code) => h("a", { href: `/desk/cases/${code}`, "data-nav": true }, code);

const HEARD = { offer, transfer, request, approval, deadline, undelivered };

/** Take an event of the feed, before what it is about is loaded anew: what is here still knows what it was. */
export const heard = (kind, data) => HEARD[kind](data);

function offer(data) {
  if (data.staff_id !== state.me.id || answeredHere("offer", data.offer_id)) return;
  if (data.state !== "open") dropped("offer", data.offer_id);
  if (data.state === "expired") toast(nodes("offer_expired", { code: linked(data.code) }));
  if (data.state === "withdrawn") whoTook(data.code);
}

/** A case that was on offer went another way: say who has it, unless it was this person. */
async function whoTook(code) {
  const page = await pageOf(code);
  const owner = page?.case.owner_id;
  if (owner === state.me.id) return;
  toast(owner ? nodes("took_it", { name: theirs(page.case.owner_name ?? "—"), code: linked(code) }) : t("went_away", { code }));
}

function transfer(data) {
  const given = find("outgoing", data.transfer_id);
  if (given) outgoing(given, data);
  else if (!answeredHere("transfer", data.transfer_id)) incoming(find("transfer", data.transfer_id), data);
  if (data.state !== "asked") dropped("transfer", data.transfer_id);
}

/** What became of a case that one wanted to give away. */
function outgoing(given, data) {
  if (answeredHere("outgoing", data.transfer_id)) return;
  const code = linked(data.code);
  const name = data.by ? nameOf(data.by) : theirs(begun(receiverOf(given)));
  if (data.state === "accepted") toast(nodes("gave_accepted", { name, code }));
  else if (data.state === "asked" && data.by) toast(nodes("gave_left", { name, code, reason: theirs(data.reason) }));
  else if (data.state === "declined") warn(nodes("gave_declined", { name, code, reason: theirs(data.reason) }), data.code, stillMine);
  else if (data.state === "expired") warn(nodes("gave_expired", { name, code }), data.code, stillMine);
  else return;
  chime();
}

const isOpen = (page) => page.case.state !== "resolved";
const stillMine = (page) => isOpen(page) && page.case.owner_id === state.me.id && !page.transfer;

/** What was asked of this person is asked no more. */
function incoming(item, data) {
  if (!item || data.state === "asked" || data.by === state.me.id) return;
  const values = { code: linked(data.code), giver: theirs(item.from_staff_name ?? "—"), name: data.by ? nameOf(data.by) : "" };
  if (data.state === "accepted") toast(nodes("took_it", values));
  else if (data.state === "declined") toast(nodes("turned_down", values));
  else if (data.state === "cancelled" && data.by) toast(nodes("taken_back", values));
  else if (data.state === "cancelled") toast(nodes("moved_on", values));
  else toast(nodes("asked_no_more", values));
}

/** Who asked hears of the answer, with the way to it; who was asked hears that somebody else gave it. */
async function request(data) {
  const waited = find("request", data.request_id) && !answeredHere("request", data.request_id);
  if (data.state === "open" || (data.state === "taken" && !waited)) return;
  const page = await pageOf(data.code);
  const one = page?.requests.find((each) => each.id === data.request_id);
  if (!one || one.taken_by === state.me.id) return;
  const values = { name: theirs(one.taken_by_name ?? "—"), code: linked(data.code) };
  if (waited && data.state !== "cancelled") toast(nodes("request_theirs", values));
  if (waited && data.state === "cancelled") toast(nodes("request_gone", values));
  if (data.state === "answered" || data.state === "declined") came(one, page, data);
}

function came(one, page, data) {
  const mine = one.asked_by === state.me.id || page.case.owner_id === state.me.id;
  if (!mine) return;
  const said = nodes(`request_came_${data.state}`, { department: one.department_label, code: linked(data.code) });
  if (data.state === "declined") warn(said, data.code, isOpen);
  else toast(said);
  chime();
}

async function approval(data) {
  if (!["approved", "refused"].includes(data.state) || answeredHere("approval", data.approval_id)) return;
  const asked = find("approval", data.approval_id);
  const page = await pageOf(data.code);
  const one = page?.approvals.find((each) => each.id === data.approval_id);
  if (!one || one.decided_by === state.me.id) return;
  const mine = one.asked_by === state.me.id || page.case.owner_id === state.me.id;
  if (!mine && !asked) return;
  const values = { name: theirs(one.decided_by_name ?? "—"), what: one.kind_label, code: linked(data.code) };
  const said = nodes(`approval_came_${data.state}`, values);
  if (mine && data.state === "refused") warn(said, data.code, isOpen);
  else toast(said);
  if (mine) chime();
}

/** A deadline or a date comes near or is missed: its owner hears all, those who lead hear what is missed. */
function deadline(data) {
  const mine = data.owner_id === state.me.id;
  const missed = data.state === "breach" || data.state === "alarm";
  if (!mine && !(missed && leads())) return;
  const values = { code: linked(data.code), what: t(`deadline_name_${data.deadline}`), count: data.missed ?? 0 };
  const said = nodes(`deadline_${data.state}`, values);
  if (missed) warn(said, data.code, (page) => isOpen(page) && page.case.owner_id === data.owner_id && owed(page, data));
  else toast(said);
  chime();
}

/** Whether it is still owed what was missed. A missed date is renewed at once: there the answer to the customer counts. */
function owed({ case: kase, due_at: due, deadlines }, data) {
  if (data.state === "alarm" || data.deadline.startsWith("promise")) return !deadlines?.waiting_for_customer;
  const dates = [kase.call_at, due, deadlines?.first_due_at, deadlines?.next_due_at, deadlines?.resolution_due_at];
  return dates.some((one) => one && Date.parse(one) === Date.parse(data.due_at));
}

/** Words for the customer of a case never left: they lie in its notes, and whoever has it finds another way. */
function undelivered(data) {
  const mine = data.staff_ids.includes(state.me.id);
  if (!mine && !(data.departments.length && leads())) return;
  warn(nodes("undelivered", { code: linked(data.code) }), data.code, isOpen);
  chime();
}
