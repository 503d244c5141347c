/** Asking before something that is not undone with one key. */

import { byId, say } from "../common/dom.js";
import { open as openDialog } from "../common/dialog.js";

/** Ask; `work` is done when the answer is yes, and its refusal stays in the question. Returns whether it was done. */
export function confirmed({ title, text, submit, work }) {
  const dialog = byId("confirm-dialog");
  say(byId("confirm-title"), title);
  say(dialog.querySelector("[data-text]"), text);
  say(dialog.querySelector("[data-submit]"), submit);
  return openDialog(dialog, { onSubmit: work });
}
