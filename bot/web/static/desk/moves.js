/** Making a move on a case: asking the server, and bringing up to date whatever shows the case. */

import { byId, theirs } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { nodes } from "../common/i18n.js";
import { refresh, refreshOpen, took } from "./data.js";
import { caseDoor } from "./doors.js";
import { warnRefused } from "./notices.js";

const post = (kase, name, body) => call("POST", caseDoor(kase.code, name), { body });

/** Make a move with one click: a refusal is told in passing, and to `refused`. Returns whether it went through. */
export async function move(kase, name, body, refused = () => {}) {
  try {
    took(await post(kase, name, body));
    return true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    const { winner } = failure.problem;
    if (winner) toast(nodes("taken_by", { winner: theirs(winner), code: kase.code }));
    else warnRefused(failure.message, kase.code);
    refused(failure);
    refresh();
    refreshOpen();
    return false;
  }
}

/** Make a move from a dialog: a refusal stays in the dialog, and what is behind it is brought up to date. */
export async function moveIn(kase, name, body) {
  try {
    const changed = await post(kase, name, body);
    took(changed);
    return changed;
  } catch (failure) {
    refresh();
    refreshOpen();
    throw failure;
  }
}

/** The dialog of a move, about this case. */
export function dialogOf(id, kase) {
  const dialog = byId(id);
  for (const place of dialog.querySelectorAll("[data-code]")) place.textContent = kase.code;
  return dialog;
}
