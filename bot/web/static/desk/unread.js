/** Which cases have customer messages that this person has not looked at, kept in the browser. */

import { now } from "../common/time.js";
import { chime } from "./sound.js";
import { changed, kept, owns, state } from "./state.js";

const KEPT = 500;
let codes = null;
let looked = null;

const all = () => {
  codes ??= new Map(Object.entries(kept.get("unread", {})));
  return codes;
};

/** When this person last looked at each case. */
const looks = () => {
  looked ??= new Map(Object.entries(kept.get("looked", {})));
  return looked;
};

function save() {
  kept.set("unread", Object.fromEntries([...all()].slice(-KEPT)));
  changed("unread", "list");
}

/** Whether the person is looking at a case right now. */
const looking = (code) => !document.hidden && state.open?.code === code;

/** Note a customer's message from the feed. */
export function noticed(event) {
  const open = event.codes.filter((code) => !looking(code));
  if (!open.length) return;
  for (const code of open) all().set(code, (all().get(code) ?? 0) + 1);
  save();
  if (state.list.rows?.some((row) => open.includes(row.code) && owns(row))) chime();
}

/** The person looks at a case: nothing in it is unread any more. */
export function seen(code) {
  looks().delete(code);
  looks().set(code, new Date(now()).toISOString());
  kept.set("looked", Object.fromEntries([...looks()].slice(-KEPT)));
  if (all().delete(code)) save();
}

/**
 * What is unread in a case: a number, "•" where something came while this page was closed (how much, nobody counted),
 * or null. The dot is for one's own cases only: in others, what came last may well be a colleague's own answer.
 */
export function unread(row) {
  const counted = all().get(row.code);
  if (counted) return String(counted);
  const at = looks().get(row.code);
  return at && owns(row) && row.state === "assigned" && Date.parse(row.last_at) > Date.parse(at) ? "•" : null;
}

/** Another person logs in: theirs are others. */
export function forget() {
  codes = null;
  looked = null;
}
