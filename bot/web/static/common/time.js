/** Moments in the company's own time zone, and spans in words. The server's clock is the one that counts. */

import { language, t } from "./i18n.js";

const config = JSON.parse(document.getElementById("config")?.textContent ?? "{}");
export const zone = config.zone ?? "Asia/Ho_Chi_Minh";
const locale = language === "en" ? "en-GB" : "vi-VN";
let skew = 0;

const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
const CLOCK = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = format({ weekday: "long", day: "numeric", month: "numeric", year: "numeric" });
const SHORT_DAY = format({ day: "numeric", month: "numeric" });
const PARTS = new Intl.DateTimeFormat("en-CA", {
  timeZone: zone,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Learn the server's clock from a response; below two seconds the header's own coarseness is all there is. */
export function learnClock(header) {
  const told = Date.parse(header ?? "");
  if (Number.isFinite(told) && Math.abs(told - Date.now()) > 2000) skew = told - Date.now();
}

/** Milliseconds now, by the server's clock. */
export const now = () => Date.now() + skew;

/** "09:35" */
export const clock = (iso) => CLOCK.format(new Date(iso));

/** "2026-11-25", the day in the company's zone: for comparing, not for showing. */
export const dayKey = (at) => toWall(new Date(at)).slice(0, 10);

/** "Hôm nay", "Hôm qua", or the whole date. */
export function day(iso) {
  const key = dayKey(iso);
  if (key === dayKey(now())) return t("today");
  if (key === dayKey(now() - 86_400_000)) return t("yesterday");
  return DAY.format(new Date(iso));
}

/** "09:35" today, "09:35 ngày mai", "09:35 27/11" otherwise. */
export function moment(iso) {
  const key = dayKey(iso);
  const at = clock(iso);
  if (key === dayKey(now())) return at;
  if (key === dayKey(now() + 86_400_000)) return t("at_tomorrow", { at });
  return `${at} ${SHORT_DAY.format(new Date(iso))}`;
}

/** "40 giây", "12 phút", "1 giờ 5 phút", "2 ngày 3 giờ" */
export function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return t("seconds", { count: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t("minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24)
    return t("hours", { count: hours }) + (minutes % 60 ? ` ${t("minutes", { count: minutes % 60 })}` : "");
  const days = Math.floor(hours / 24);
  return t("days", { count: days }) + (hours % 24 ? ` ${t("hours", { count: hours % 24 })}` : "");
}

/** The wall clock of a moment in the company's zone, as a `datetime-local` field wants it. */
export function toWall(date) {
  const part = Object.fromEntries(PARTS.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The moment at which the company's wall clock shows `wall`; `null` when that is no time at all. */
export function fromWall(wall) {
  const wanted = Date.parse(`${wall}Z`);
  if (!Number.isFinite(wanted)) return null;
  let guess = wanted;
  // Twice, because the first step may cross a change of the clocks.
  for (let step = 0; step < 2; step += 1) guess += wanted - Date.parse(`${toWall(new Date(guess))}Z`);
  return new Date(guess);
}
