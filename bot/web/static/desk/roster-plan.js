/** What a person's plan says of one day, in blocks and in words. */

import { h } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { clock } from "../common/time.js";
import { MINUTE, addDays, momentOf, parseBlock, sayBlock, sayStretch, weekday, withinDay } from "./roster-time.js";

/** The shifts that are worked on a day of the week, if nothing else is set for it. */
export const shiftsOn = (person, day) =>
  person.shifts
    .filter((one) => one.weekday === weekday(day) && one.valid_from <= day && (!one.valid_to || one.valid_to >= day))
    .sort((one, other) => (one.block < other.block ? -1 : 1));

/** What was set for this day alone, or nothing. */
export const ownDay = (person, day) => person.days.find((one) => one.day === day) ?? null;

/** The blocks that are planned for a day, breaks and leave not cut out. */
export const blocksOn = (person, day) => ownDay(person, day)?.blocks ?? shiftsOn(person, day).map((one) => one.block);

/** Breaks and leave that touch a day; what was taken back before it had lasted a minute is not there. */
export function absencesOn(person, day) {
  const standing = person.absences
    .map((one) => ({ ...one, end_at: one.ended_at && one.ended_at < one.end_at ? one.ended_at : one.end_at }))
    .filter((one) => Date.parse(one.end_at) - Date.parse(one.start_at) >= MINUTE);
  return withinDay(standing, day);
}

/** Minutes of planned work in the stretch that was loaded. */
export const worked = (person) =>
  person.work.reduce((sum, one) => sum + (Date.parse(one.end_at) - Date.parse(one.start_at)) / MINUTE, 0);

/** The chips of a day and the same in words. */
export function daySaid(person, day, blocks) {
  const own = ownDay(person, day);
  const away = absencesOn(person, day);
  const leave = away.filter((one) => one.kind === "leave");
  const chips = [];
  for (const block of blocks) {
    const missed = covered(day, block, leave);
    chips.push({ kind: `${own ? "own-day" : "weekly"}${missed ? " missed" : ""}`, said: sayBlock(block) });
  }
  if (own && !blocks.length) chips.push({ kind: "own-day off", said: t("day_off") });
  for (const one of away) chips.push({ kind: one.kind === "leave" ? "leave" : "rest", said: sayAway(one, day) });
  const words = chips.map((one) => one.said).join(", ") || t(person.flexible ? "flexible" : "no_work");
  const tail = own ? ` (${t("key_own_day").toLowerCase()}${own.note ? `: ${own.note}` : ""})` : "";
  return {
    chips: chips.map((one) => h("span", { class: `chip ${one.kind}` }, one.said)),
    words: words + tail,
  };
}

function covered(day, block, leave) {
  const { start, end } = parseBlock(block);
  const [low, high] = [momentOf(day, start), momentOf(day, end)];
  return leave.some((one) => Date.parse(one.start_at) <= low && Date.parse(one.end_at) >= high);
}

function sayAway(one, day) {
  const kind = t(one.kind === "leave" ? "leave" : "break_short");
  const begun = one.start <= momentOf(day, 0);
  const lasts = one.end >= momentOf(addDays(day, 1), 0);
  if (begun && lasts) return kind;
  if (begun) return t("leave_whole_to", { at: clock(one.end) });
  if (lasts) return t("leave_whole_from", { at: clock(one.start) });
  return `${kind} ${sayStretch(one.start, one.end)}`;
}
