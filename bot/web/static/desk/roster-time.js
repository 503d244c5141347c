/** Days and blocks of work. A day is "2026-11-25", a block is "08:00-12:00", or "22:00-06:00+1" past midnight. */

import { language, t } from "../common/i18n.js";
import { clock, dayKey, fromWall, now } from "../common/time.js";

const DAY = 86_400_000;
export const MINUTE = 60_000;
const locale = language === "en" ? "en-GB" : "vi-VN";
const named = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
const LONG = named({ weekday: "long", day: "numeric", month: "numeric" });
const WEEKDAY = named({ weekday: "long" });
const SHORT_WEEKDAY = named({ weekday: "short" });
const DATE = named({ day: "numeric", month: "numeric" });
const WHOLE = named({ day: "numeric", month: "numeric", year: "numeric" });
const MONDAY = "2024-01-01";

const at = (day) => new Date(`${day}T00:00:00Z`);

/** The day so many days later. */
export const addDays = (day, count) => new Date(at(day).getTime() + count * DAY).toISOString().slice(0, 10);
/** 0 is Monday. */
export const weekday = (day) => (at(day).getUTCDay() + 6) % 7;
/** The Monday of a day's week. */
export const monday = (day) => addDays(day, -weekday(day));
/** The present day of the company. */
export const today = () => dayKey(now());
/** So many days from one on. */
export const daysFrom = (day, count) => Array.from({ length: count }, (_, step) => addDays(day, step));
/** Whether a text is a day. */
export const isDay = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text).getTime());

/** "Thứ Tư, 25/11" */
export const longDay = (day) => upper(LONG.format(at(day)));
/** "Thứ Tư" */
export const weekdayName = (number) => upper(WEEKDAY.format(at(addDays(MONDAY, number))));
/** "T4" */
export const shortWeekday = (day) => SHORT_WEEKDAY.format(at(day)).replace("Th ", "T");
/** "25/11" */
export const date = (day) => DATE.format(at(day));
/** "25/11/2026" */
export const wholeDate = (day) => WHOLE.format(at(day));

const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The moment in milliseconds at which the company's clock shows so many minutes after the midnight of a day. */
export function momentOf(day, minutes) {
  const whole = minutes < 1440 ? day : addDays(day, Math.floor(minutes / 1440));
  const wall = `${whole}T${clockOf(minutes % 1440)}`;
  if (!moments.has(wall)) moments.set(wall, fromWall(wall).getTime());
  return moments.get(wall);
}
/** Asking the browser for a zone's clock is slow, and a page asks for the same midnights over and over. */
const moments = new Map();

const clockOf = (minutes) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const minutesOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** The minutes of a block after its day's midnight: `{start, end}`; an end beyond 1440 is on the next day. */
export function parseBlock(block) {
  const [from, to] = block.split("-");
  return { start: minutesOf(from), end: minutesOf(to) + (to.endsWith("+1") ? 1440 : 0) };
}

/** A block from minutes. */
export function blockOf(start, end) {
  const shown = end > 1440 ? `${clockOf(end - 1440)}+1` : clockOf(end);
  return `${clockOf(start)}-${shown}`;
}

/** A block from two fields of time; one that does not end later ends on the next day. */
export function blockOfFields(from, to) {
  const end = minutesOf(to);
  return blockOf(minutesOf(from), end > minutesOf(from) ? end : end + 1440);
}

/** The two fields of time that make a block. */
export function fieldsOf(block) {
  const [from, to] = block.replace("+1", "").split("-");
  return { from, to: to === "24:00" ? "00:00" : to };
}

/** "08:00–12:00", "22:00–06:00 hôm sau" */
export function sayBlock(block) {
  const [from, to] = block.replace("+1", "").split("-");
  return block.endsWith("+1") ? t("block_next_day", { from, to }) : `${from}–${to}`;
}

/** "08:00–12:00" of two moments. */
export function sayStretch(start, end) {
  const last = clock(end);
  return `${clock(start)}–${last === "00:00" ? "24:00" : last}`;
}

/** "4 giờ", "7,5 giờ" */
export function sayHours(minutes) {
  const hours = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(minutes / 60);
  return minutes < 60 ? t("minutes", { count: minutes }) : t("hours", { count: hours });
}

/** The first day's parts of stretches given as `{start_at, end_at}`: in milliseconds, cut to the day, in order. */
export function withinDay(stretches, day) {
  const low = momentOf(day, 0);
  const high = momentOf(day, 1440);
  return stretches
    .map((one) => ({
      ...one,
      start: Math.max(Date.parse(one.start_at), low),
      end: Math.min(Date.parse(one.end_at), high),
    }))
    .filter((one) => one.start < one.end);
}

/** How many minutes two lists of `{start, end}` share; the second must not overlap itself. */
export const common = (low, high, stretches) =>
  stretches.reduce((sum, one) => sum + Math.max(0, Math.min(high, one.end) - Math.max(low, one.start)), 0) / MINUTE;
