/** Warnings about a case: they stay until they are closed, or until what they say is over. */

import { toast } from "../common/dialog.js";
import { gathered } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { caseDoor } from "./doors.js";

/** Whoever looks up for a moment still sees what was over at once. */
const READ = 6000;
const GAP = 700;
const BURST = 10;
const standing = new Map();
const doubted = new Set();

/** The page of a case as it is now; `null` for one that is out of sight, `undefined` where nobody can tell. */
export async function pageOf(code) {
  try {
    return await call("GET", caseDoor(code));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    return failure.status === 404 ? null : undefined;
  }
}

/** Warn of something about a case. `holds` takes the page of the case, and tells whether it is still so. */
export function warn(content, code, holds) {
  const notice = toast(content, { bad: true });
  standing.set(notice, { code, holds, since: performance.now() });
}

/** Say why a move was refused: that holds until the case is another one than it was then. */
export async function warnRefused(content, code) {
  let before = null;
  warn(content, code, (page) => before === null || looks(page) === before);
  const page = await pageOf(code);
  if (page) before = looks(page);
}

const looks = ({ case: kase, due_at: due, transfer }) =>
  JSON.stringify([kase.state, kase.owner_id, kase.department, kase.call_at, due, transfer?.id]);

/** The cases that something is said of. */
export const spokenOf = () => new Set([...standing.values()].map(({ code }) => code));

/** Something happened to these cases: see whether what is said of them still holds. */
export function doubt(codes) {
  const spoken = spokenOf();
  for (const code of codes) if (spoken.has(code)) doubted.add(code);
  if (doubted.size) look();
}

const look = gathered(() => {
  const codes = [...doubted];
  doubted.clear();
  for (const code of codes) review(code);
}, GAP, BURST);

async function review(code) {
  const page = await pageOf(code);
  if (page === undefined) return;
  for (const [notice, said] of standing) {
    if (!notice.isConnected) standing.delete(notice);
    else if (said.code === code && !(page && said.holds(page))) retire(notice, said);
  }
}

/** Take a notice away, but not before anybody could read it; by then it may be true again. */
function retire(notice, said) {
  const left = READ - (performance.now() - said.since);
  if (left <= 0) {
    standing.delete(notice);
    notice.remove();
  } else if (!said.leaving) {
    said.leaving = true;
    setTimeout(() => doubt([said.code]), left);
  }
}
