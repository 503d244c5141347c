/**
 * One sitting of reviewing: what is left, what was decided, and the way back. What somebody decides is gone from the
 * screen at once; where the server says no, the entry comes back to its place with the reason.
 */

import { dayKey, now } from "../common/time.js";
import { call } from "../common/http.js";
import { kept } from "./state.js";
import { learnNeeds, oneByOne, trying } from "./teach-data.js";

/** As many as one looks at in ten minutes. */
export const SITTING = 40;

/** What the door gives at once. */
const MOST = 100;
const KEPT = "teach-done";
const next = oneByOne();

export const sitting = {
  /** What waits for a decision, in order of worth; `null` until it was loaded. */
  entries: null,
  /** Which of them is looked at. */
  at: 0,
  /** What was decided, the newest last: `{entry, place, what, label}`. */
  done: [],
  /** How many were decided today, reloads of the page included. */
  count: 0,
  /** How many waited when it was loaded, and how many had been decided by then. */
  waiting: 0,
  doneBefore: 0,
  approved: 0,
  twoReviewers: false,
  entityKinds: [],
  /** Requests that the server has not answered yet. */
  pending: 0,
};

/** The entry that is looked at. */
export const current = () => sitting.entries?.[sitting.at] ?? null;

/** How many wait, those that were not fetched yet included. */
export const left = () =>
  Math.max(sitting.entries?.length ?? 0, sitting.waiting - (sitting.done.length - sitting.doneBefore));

/** How many were decided today or wait. */
export const total = () => sitting.count + left();

/** All messages that stand in an entry, as far as a decision may be meant for them. */
export const idsOf = (entry) => [entry.message_id, ...(entry.whole ? entry.members : [])];

/** Load what is worth a look; what is on the screen already stays where it is. Raises `Refusal`. */
export async function load({ more = false } = {}) {
  recall();
  const left = sitting.entries?.length ?? 0;
  const rest = sitting.count >= SITTING ? SITTING : SITTING - sitting.count;
  const wanted = Math.min(MOST, more ? left + SITTING : Math.max(left, rest));
  let answered = [];
  const given = await next(() => {
    answered = [...sitting.done];
    return call("GET", `/api/teach/queue?limit=${wanted}`);
  });
  learnNeeds(given.needs);
  reopen(given.entries, answered);
  const gone = new Set(sitting.done.flatMap(({ entry }) => idsOf(entry)));
  const known = new Map((sitting.entries ?? []).map((one) => [one.message_id, one]));
  const looked = current()?.message_id;
  sitting.entries = given.entries
    .filter((one) => !gone.has(one.message_id))
    .map((one) => ({ whole: true, marks: [], problem: null, ...known.get(one.message_id), ...one }));
  sitting.at = Math.max(
    0,
    sitting.entries.findIndex((one) => one.message_id === looked),
  );
  Object.assign(sitting, {
    waiting: given.waiting,
    doneBefore: sitting.done.length,
    approved: given.approved,
    twoReviewers: given.two_reviewers,
  });
  sitting.entityKinds = given.entities ?? [];
}

/** What was decided and has been objected to since is looked at once more. */
function reopen(entries, answered) {
  const open = new Set(entries.filter((one) => one.reasons.includes("disputed")).map((one) => one.message_id));
  const again = answered.filter(({ entry }) => open.has(entry.message_id));
  sitting.done = sitting.done.filter((one) => !again.includes(one));
}

/** Look at another entry. */
export function step(by) {
  look(sitting.at + by);
}

/** Look at the entry at a place. */
export function look(place) {
  sitting.at = Math.max(0, Math.min(sitting.entries.length - 1, place));
}

/**
 * Decide on the entry that is looked at, and have it gone. `send(entry)` asks the server; `tell(failure, entry)` hears of
 * a refusal, after the entry is back. `way` says what was decided and how it is taken back.
 */
export async function decide(way, send, tell) {
  const entry = current();
  if (!entry) return;
  entry.problem = null;
  const step = { entry, place: sitting.at, ...way };
  leave(step);
  await sending(
    () => send(entry),
    (failure) => {
      sitting.done = sitting.done.filter((one) => one !== step);
      comeBack(step, failure.problem);
      tell(failure, entry);
    },
  );
}

/** Note a decision that the server has taken already, from a form. */
export function decided(entry, way) {
  const place = sitting.entries?.indexOf(entry) ?? -1;
  if (place >= 0) leave({ entry, place, ...way });
}

/** Take the newest decision back; returns it, or `null` where there is none. */
export async function undo(tell) {
  const step = sitting.done.pop();
  if (!step) return null;
  comeBack(step, null);
  await sending(
    () => step.takeBack(step.entry),
    (failure) => {
      leave({ ...step, place: sitting.entries.indexOf(step.entry) });
      tell(failure, step.entry);
    },
  );
  return step;
}

async function sending(work, tell) {
  sitting.pending += 1;
  try {
    await next(() => trying(work, tell));
  } finally {
    sitting.pending -= 1;
  }
}

function leave(step) {
  sitting.entries = sitting.entries.filter((one) => one !== step.entry);
  sitting.done.push(step);
  counted(1);
  look(step.place);
}

function comeBack(step, problem) {
  const place = Math.min(step.place, sitting.entries.length);
  step.entry.problem = problem;
  sitting.entries.splice(place, 0, step.entry);
  counted(-1);
  look(place);
}

function counted(by) {
  sitting.count = Math.max(0, sitting.count + by);
  kept.set(KEPT, { day: dayKey(now()), count: sitting.count });
}

function recall() {
  const before = kept.get(KEPT);
  if (!sitting.done.length) sitting.count = before?.day === dayKey(now()) ? before.count : 0;
}
