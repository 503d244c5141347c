/** What waits for this person's answer, fetched anew whenever something happened to it. */

import { gathered } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { changed, state } from "./state.js";

const GAP = 500;
const BURST = 10;
let turn = 0;

/** The kinds, in the order in which they are shown: what runs out soonest first. */
export const KINDS = ["offer", "transfer", "request", "approval", "outgoing", "decidable"];

const PLACES = {
  offer: "offers",
  transfer: "transfers",
  request: "requests",
  approval: "approvals",
  outgoing: "outgoing",
  decidable: "decidable",
};

/** The items of one kind. */
export const itemsOf = (kind, inbox = state.inbox) => inbox?.[PLACES[kind]] ?? [];

/** Leave out what is over, before everything is here anew. */
export function dropped(kind, id) {
  const left = itemsOf(kind).filter((one) => one.id !== id);
  const gone = itemsOf(kind).length - left.length;
  if (!gone) return;
  const { counts } = state.inbox;
  state.inbox = { ...state.inbox, [PLACES[kind]]: left, counts: { ...counts, total: counts.total - gone } };
  changed("inbox");
}

/** How many things wait for an answer of this person. */
export const waitingForMe = () => state.inbox?.counts.total ?? 0;

/** Load it anew; a refusal leaves what was there: the bar above says that the connection is gone. */
export async function loadInbox() {
  turn += 1;
  const mine = turn;
  try {
    const given = await call("GET", "/api/inbox");
    if (mine !== turn) return;
    state.inbox = given;
    changed("inbox");
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
  }
}

/** Load it anew, soon. */
export const refreshInbox = gathered(loadInbox, GAP, BURST);

const own = new Set();

/** Remember that this person answered an item here, so that nobody tells them what they did themselves. */
export function answered(kind, item) {
  own.add(`${kind}-${item.id}`);
}

/** Whether this person answered it here. */
export const answeredHere = (kind, id) => own.has(`${kind}-${id}`);
