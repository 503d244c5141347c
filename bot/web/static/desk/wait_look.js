/** How long the first customer of each queue has waited, and how many waited past their promise. */

import { gathered } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { now } from "../common/time.js";
import { changed, state } from "./state.js";

const GAP = 4000;
const MOST = 200;
let looks = new Map();

/** Since when the first of a queue waits, null where nobody does. */
export const longestOf = (department) => looks.get(department)?.since ?? null;

/** How many of a queue wait past the date that they were given. */
export const lateOf = (department) =>
  (looks.get(department)?.due ?? []).filter((at) => Date.parse(at) < now()).length;

async function load() {
  if (!state.me) return;
  try {
    take((await call("GET", `/api/cases?state=waiting&limit=${MOST}`)).cases);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
  }
}

function take(rows) {
  looks = new Map();
  for (const row of rows) {
    const look = looks.get(row.department) ?? { since: row.opened_at, due: [] };
    if (row.opened_at < look.since) look.since = row.opened_at;
    if (row.due_at) look.due.push(row.due_at);
    looks.set(row.department, look);
  }
  changed("waits");
}

/** Look again, soon: it is a picture of the whole house, and nobody acts on it by the second. */
export const refreshWaits = gathered(load, GAP, 2);
