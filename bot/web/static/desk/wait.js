/** Time in a case: what the customer was told of the wait, and which answers are due when. */

import { h, icon } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { due } from "./badges.js";

/** The lines of a case page that speak of time, as lists of nodes. */
export const timeLines = (page) => [...wait(page.wait), ...deadlines(page)];

/** "Khách được báo: còn 2 người trước, chờ khoảng 5–10 phút" */
function wait(told) {
  if (!told || (told.ahead === null && told.low === null)) return [];
  const ahead = told.ahead === null ? null : t(told.ahead ? "wait_ahead" : "wait_next", { count: told.ahead });
  const range = told.low === null || told.high === null ? null : rangeOf(told);
  return [[h("span", { class: "fact" }, t("wait_told")), h("strong", { class: "long" }, [ahead, range].filter(Boolean).join(", "))]];
}

function rangeOf({ low, high }) {
  if (low === 0) return t("wait_under", { count: Math.max(high, 1) });
  return low === high ? t("wait_about", { count: high }) : t("wait_range", { low, high });
}

const owes = ({ deadlines: dates }) => Boolean(dates?.next_due_at);

/** Whether the answer that is owed is due by the date the customer was told, and not before that; a call is none. */
export const owesByDate = (page) =>
  owes(page) && !page.case.call_at && Boolean(page.due_at) && Date.parse(page.due_at) <= Date.parse(page.deadlines.next_due_at);

/** What is owed next, and the end; both stand still while the customer has to answer. */
function deadlines(page) {
  const { case: kase, deadlines: dates } = page;
  if (!dates || kase.state === "resolved") return [];
  if (dates.waiting_for_customer)
    return [[h("span", { class: "badge paused" }, icon("pause"), t("deadline_paused"))]];
  // What the customer was told counts, where it comes before the first answer that the house sets itself.
  const toldSooner = Boolean(page.due_at) && !kase.call_at && Date.parse(page.due_at) <= Date.parse(dates.first_due_at);
  const first = dates.first_due_at && !toldSooner ? due(dates.first_due_at, "deadline_first") : null;
  const next = !first && owes(page) && !owesByDate(page) ? due(dates.next_due_at, "owes_answer") : null;
  const end = dates.resolution_due_at ? due(dates.resolution_due_at, "deadline_resolution") : null;
  return [first, next, end].filter(Boolean).map((one) => [one]);
}
