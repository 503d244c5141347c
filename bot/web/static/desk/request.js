/** Asking a department behind the desk for something, with a deadline of its own. Answering is in `inbox_cards`. */

import { byId } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { refreshOpen, refreshPeople } from "./data.js";
import { caseDoor } from "./doors.js";
import { refreshInbox } from "./inbox_data.js";
import { dialogOf } from "./moves.js";
import { labelOf, on } from "./state.js";
import { answeringIn, whoOf } from "./team.js";

/** The code of the case for which something is being asked. */
let asking = "";

/** Wire the dialog. */
export function start() {
  const form = byId("request-dialog").querySelector("form");
  form.elements.department.addEventListener("change", () => foresee(form));
  on("people", () => byId("request-dialog").open && foresee(form));
}

/** When the department answers, who is there, and whether a date that was given must move for it. */
async function foresee(form) {
  const place = form.querySelector("[data-place]");
  const [option] = form.elements.department.selectedOptions;
  place.hidden = !option?.value;
  if (place.hidden) return movable(form, null);
  const { value: department } = option;
  const minutes = Number(option.dataset.minutes);
  const time = minutes % 60 ? t("minutes", { count: minutes }) : t("hours", { count: minutes / 60 });
  const said = { department: labelOf(department), who: whoOf(answeringIn(department)) };
  if (place.dataset.of !== department) place.textContent = t("request_time", { ...said, time });
  place.dataset.of = department;
  const seen = await preview(department);
  if (!seen || form.elements.department.value !== department) return;
  const at = moment(seen.due_at);
  place.textContent = seen.date_at
    ? t("request_late", { ...said, at, date: moment(seen.date_at) })
    : t("request_due", { ...said, at });
  movable(form, seen.needed_at);
}

/** Offer to move the customer's date to a moment, or not. */
function movable(form, at) {
  const label = form.querySelector("[data-shift]");
  label.hidden = !at;
  if (at) label.querySelector("span").textContent = t("request_move", { at: moment(at) });
  else form.elements.move_date.checked = false;
}

/** What asking would mean; null where it cannot be asked, which the door says when it is. */
async function preview(department) {
  try {
    return await call("POST", caseDoor(asking, "request-preview"), { body: { department } });
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    return null;
  }
}

/** Ask a department something for the open case. */
export async function ask(kase) {
  const dialog = dialogOf("request-dialog", kase);
  const form = dialog.querySelector("form");
  form.reset();
  asking = kase.code;
  movable(form, null);
  for (const option of form.elements.department.options)
    option.hidden = option.disabled = option.value === kase.department;
  foresee(form);
  refreshPeople();
  let made = null;
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      const { department, text, move_date } = form.elements;
      made = await send(kase, { department: department.value, text: text.value, move_date: move_date.checked });
    },
  });
  if (done) toast(t("request_asked", { department: made.department_label, at: moment(made.due_at) }));
}

async function send(kase, body) {
  try {
    return await call("POST", caseDoor(kase.code, "request"), { body });
  } finally {
    refreshOpen();
    refreshInbox();
  }
}
