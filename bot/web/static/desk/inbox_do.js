/** Answering what waits: the requests to the server, and what follows from them in this window. */

import { theirs } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { nodes, t } from "../common/i18n.js";
import { refresh, refreshOpen } from "./data.js";
import { caseDoor } from "./doors.js";
import { answered, refreshInbox } from "./inbox_data.js";
import { warnRefused } from "./notices.js";
import { go } from "./router.js";
import { state } from "./state.js";

const ofCase = (item, move) => caseDoor(codeOf(item), move);
const PATHS = {
  offer: ofCase,
  transfer: ofCase,
  outgoing: ofCase,
  request: (item, move) => `/api/requests/${item.id}/${move}`,
  approval: (item, move) => `/api/approvals/${item.id}/${move}`,
};

/** The case that an item is about: requests and approvals name it themselves. */
export const codeOf = (item) => item.code ?? item.case.code;

/** Make a move on an item. Raises `Refusal`; whatever came of it, everything here is brought up to date. */
export async function answer(kind, item, move, body) {
  answered(kind, item);
  try {
    return await call("POST", PATHS[kind](item, move), { body });
  } finally {
    refreshInbox();
    refresh();
    refreshOpen();
  }
}

/**
 * Make a move with words, and say that it is made: its card goes. Where somebody was faster the card goes too, so that
 * is told in passing; any other refusal is raised, for the form.
 */
export async function answerInWords(kind, item, move, body, done) {
  try {
    await answer(kind, item, move, body);
    toast(t(done, { code: codeOf(item) }));
  } catch (failure) {
    if (!(failure instanceof Refusal) || failure.status !== 409) throw failure;
    warnRefused(failure.message, codeOf(item));
  }
}

/** Make a move with one click: a refusal is told in passing. Returns whether it went through. */
export async function answerAtOnce(kind, item, move, { body, done } = {}) {
  try {
    await answer(kind, item, move, body);
    if (done) toast(t(done, { code: codeOf(item) }));
    return true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    const { winner } = failure.problem;
    const code = codeOf(item);
    if (winner) toast(nodes("taken_by", { winner: theirs(winner), code }));
    else warnRefused(failure.message, code);
    return false;
  }
}

/** Take a case that is held out to this person, and go there. */
export async function take(kind, item) {
  if (!(await answerAtOnce(kind, item, "accept"))) return;
  toast(t("taken", { code: codeOf(item) }));
  if (state.open?.code !== codeOf(item) || state.route.pane !== "case") go(`/desk/cases/${codeOf(item)}`);
}
