/** Asking a department behind the desk for something, with a deadline of its own. Answering is in `inbox_cards`. */

import { byId } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { refreshOpen, refreshPeople } from "./data.js";
import { refreshInbox } from "./inbox_data.js";
import { labelOf, on } from "./state.js";
import { presentIn } from "./team.js";

/** Wire the dialog. */
export function start() {
  const form = byId("request-dialog").querySelector("form");
  form.elements.department.addEventListener("change", () => foresee(form));
  on("people", () => byId("request-dialog").open && foresee(form));
}

/** How long the department has, and who is there. */
function foresee(form) {
  const place = form.querySelector("[data-place]");
  const [option] = form.elements.department.selectedOptions;
  place.hidden = !option?.value;
  if (place.hidden) return;
  const minutes = Number(option.dataset.minutes);
  const time = minutes % 60 ? t("minutes", { count: minutes }) : t("hours", { count: minutes / 60 });
  const there = presentIn(option.value).length;
  const who = there ? t("on_duty_count", { count: there }) : t("nobody_there");
  place.textContent = t("request_time", { department: labelOf(option.value), time, who });
}

/** Ask a department something for the open case. */
export async function ask(kase) {
  const dialog = byId("request-dialog");
  const form = dialog.querySelector("form");
  form.reset();
  dialog.querySelector("[data-code]").textContent = kase.code;
  for (const option of form.elements.department.options)
    option.hidden = option.disabled = option.value === kase.department;
  foresee(form);
  refreshPeople();
  let made = null;
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      made = await send(kase, { department: form.elements.department.value, text: form.elements.text.value });
    },
  });
  if (done) toast(t("request_asked", { department: made.department_label, at: moment(made.due_at) }));
}

async function send(kase, body) {
  try {
    return await call("POST", `/api/cases/${encodeURIComponent(kase.code)}/request`, { body });
  } finally {
    refreshOpen();
    refreshInbox();
  }
}
