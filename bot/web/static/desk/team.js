/** Who is there: colleagues by department, with their presence as the server last told it. */

import { h } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { state, takesFor } from "./state.js";

const ORDER = ["on_duty", "away", "on_break", "off"];

/** Whether somebody is at work: what they are asked, they may answer. */
export const atWork = (person) => person.presence === "on_duty" || person.presence === "away";

/** The active people who take the cases of a department, those who are there first. */
export const membersOf = (department) =>
  state.people.filter((one) => one.active && takesFor(department, one)).sort(byPresence);

/** Those who are there first. */
export const byPresence = (one, other) => ORDER.indexOf(one.presence) - ORDER.indexOf(other.presence);

const colleague = (one) => atWork(one) && one.id !== state.me.id;

/** The colleagues who take the cases of a department and are at work, without the person who asks. */
export const presentIn = (department) => membersOf(department).filter(colleague);

/** The same of those who answer what a department is asked: there anybody of management may, and not only who leads. */
export const answeringIn = (department) =>
  state.people.filter(
    (one) => one.active && colleague(one) && (takesFor(department, one) || one.departments.includes(department)),
  );

/** How many of a department are in each presence. */
export function countsOf(department) {
  const counts = { on_duty: 0, away: 0, on_break: 0, off: 0 };
  for (const one of membersOf(department)) counts[one.presence] += 1;
  return counts;
}

/** "2 người trực · 1 tạm vắng": who is there, and who is for a moment not; `null` where nobody is. */
export function whoIsThere({ on_duty: there, on_break: resting, away }) {
  const parts = [
    there ? t("on_duty_count", { count: there }) : null,
    away ? t("away_count", { count: away }) : null,
    resting ? t("on_break_count", { count: resting }) : null,
  ];
  return parts.filter(Boolean).join(" · ") || null;
}

/** The same of people who are at work. */
export function whoOf(people) {
  const away = people.filter((one) => one.presence === "away").length;
  return whoIsThere({ on_duty: people.length - away, away }) ?? t("nobody_there");
}

/** A dot and a word for a presence: the colour only says it again. */
export const presenceMark = (presence) =>
  h("span", { class: `presence presence-${presence}` }, h("i", { "aria-hidden": true }), t(`presence_${presence}`));
