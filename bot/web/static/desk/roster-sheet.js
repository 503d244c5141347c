/** Sheets: dialogs that hold more than one form, and what every one of them does alike. */

import { complete, submitting, tell } from "../common/dialog.js";
import { fill, h, theirs } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { clock, dayKey } from "../common/time.js";
import { labelOf } from "./state.js";
import { date } from "./roster-time.js";

/** Have a sheet close by its own buttons and by a click beside it. */
export function wire(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-cancel]")) dialog.close();
  });
}

/** Open a sheet, with nothing refused in it. */
export function show(dialog) {
  for (const form of dialog.querySelectorAll("form")) if (form.querySelector(".problem")) tell(form, null);
  if (!dialog.open) dialog.showModal();
}

/** Do `work` when a form is sent; a refusal is told in the form, and to `refused(problem)`. */
export function onSubmit(form, work, refused = () => {}) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!complete(form)) return;
    let problem = null;
    const through = await submitting(form, async () => {
      try {
        await work(form);
      } catch (failure) {
        problem = failure.problem ?? null;
        throw failure;
      }
    });
    if (!through && problem) refused(problem);
  });
}

/** "Kế toán, Kho vận: trống 08:00–12:00 ngày 25/11 (Tết Dương lịch)", a line for every stretch of a refusal's gaps. */
function gapList(gaps) {
  const stretches = new Map();
  for (const gap of gaps) {
    const key = `${gap.start_at} ${gap.end_at}`;
    if (!stretches.has(key)) stretches.set(key, []);
    stretches.get(key).push(gap);
  }
  return h("ul", { class: "gap-list" }, [...stretches.values()].map(sayGap));
}

function sayGap(gaps) {
  const [{ start_at, end_at, holiday }] = gaps;
  const when = { from: clock(start_at), to: clock(end_at), day: date(dayKey(Date.parse(start_at))) };
  const names = gaps.map((one) => labelOf(one.department)).join(", ");
  return h("li", {}, h("strong", {}, names), ` ${t("gap_at", when)}`, holiday ? ` (${holiday})` : "");
}

const waitingList = (waiting) =>
  h(
    "ul",
    { class: "gap-list" },
    waiting.map((one) =>
      h("li", {}, h("strong", {}, labelOf(one.department)), ` ${t("waiting_count", { count: one.count })}`),
    ),
  );

/**
 * Show in `place` which desks an absence would leave empty, which customers wait, and who could stand in: one radio
 * button `cover_id` each.
 * `lead` adds the choice to accept the gaps, for what nobody chose, as when somebody is ill.
 */
export function drawUncovered(place, problem, { lead = false } = {}) {
  place.hidden = !problem.gaps?.length && !problem.waiting?.length;
  if (place.hidden) {
    // What was chosen for an earlier refusal must not be sent along.
    fill(place);
    return;
  }
  fill(
    place,
    problem.waiting?.length ? [h("p", {}, t("waiting_title")), waitingList(problem.waiting)] : null,
    problem.gaps?.length ? [h("p", {}, t("uncovers_title")), gapList(problem.gaps)] : null,
    problem.covers?.length
      ? h(
          "fieldset",
          { class: "field" },
          h("legend", {}, t("uncovers_who")),
          h("div", { class: "radios" }, problem.covers.map(cover)),
        )
      : h("p", {}, t("uncovers_nobody")),
    lead
      ? h(
          "label",
          { class: "check" },
          h("input", { type: "checkbox", name: "accept_gaps" }),
          h("span", {}, t("accept_gaps")),
        )
      : null,
  );
}

function cover(one) {
  const where =
    one.departments.length > 3
      ? t("many_departments", { count: one.departments.length })
      : one.departments.map(labelOf).join(", ");
  return h(
    "label",
    { class: "check" },
    h("input", { type: "radio", name: "cover_id", value: one.id }),
    h("span", {}, h("strong", {}, theirs(one.name)), " ", h("span", { class: "muted" }, where)),
  );
}
