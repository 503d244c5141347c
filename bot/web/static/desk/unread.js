/** Which cases have customer messages that this person has not looked at, kept in the browser. */

import { chime } from "./sound.js";
import { changed, kept, owns, state } from "./state.js";

const KEPT = 500;
let codes = null;

const all = () => {
  codes ??= new Map(Object.entries(kept.get("unread", {})));
  return codes;
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
  if (all().delete(code)) save();
}

/** How many messages of a case are unread. */
export const unread = (code) => all().get(code) ?? 0;

/** Another person logs in: theirs are others. */
export function forget() {
  codes = null;
}
