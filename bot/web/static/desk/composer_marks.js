/** What a reply means for the customer's wait: whether it is the promised answer, and whether more is owed after it. */

import { byId, say } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";

let about = null;

/** Show what may be said of the reply that is being written; in another case, or of another date, nothing is ticked. */
export function drawMarks(page, replying) {
  byId("marks").hidden = !replying;
  const dated = page.promise_kind === "date";
  byId("keeps-line").hidden = !dated;
  if (dated) say(byId("keeps-word"), t("keeps_promise", { at: moment(page.due_at) }));
  const now = `${page.case.code} ${page.promise_kind} ${page.due_at}`;
  if (about === now) return;
  about = now;
  clearMarks();
}

/** The ticks as the door takes them; what is not ticked is left to the sentence itself. */
export const marks = () => ({
  keeps_promise: !byId("keeps-line").hidden && byId("keeps").checked,
  owes: byId("owes").checked ? true : null,
});

/** Tick nothing: the next sentence means something else. */
export function clearMarks() {
  byId("keeps").checked = false;
  byId("owes").checked = false;
}
