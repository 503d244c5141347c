/** Small marks that mean the same everywhere. All are words; colour and icon only say it again. */

import { h, icon, say, mark } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { moment, now, span } from "../common/time.js";

const SOON = 5 * 60_000;
const HURRY = 15_000;
const PRIORITY_ICON = { urgent: "flame", high: "up" };
const STATE_ICON = { waiting: "clock", assigned: "mine", resolved: "check" };

/** "Khẩn", "Cao"; a normal case carries none. */
export function priority(name) {
  if (name === "normal") return null;
  return h("span", { class: `badge priority-${name}` }, icon(PRIORITY_ICON[name]), t(`priority_${name}`));
}

/** The customer's name, or how to tell a customer without one from others: by when they came. */
export const nameOf = (name, cameAt) => name ?? t("customer_since", { at: moment(cameAt) });

/** "Đang chờ", "Đang xử lý", "Đã xong" */
export function stateBadge(name) {
  return h("span", { class: `badge state-${name}` }, icon(STATE_ICON[name]), t(`state_${name}`));
}

/** The channel's mark, with its name for those who cannot see it. */
export function channel(name, { worded = false } = {}) {
  const said = h("span", { class: worded ? "" : "visually-hidden" }, t(`channel_${name.replace("-", "_")}`));
  return h("span", { class: "channel", title: said.textContent }, icon(name), said);
}

/**
 * A deadline, counting down, then up: the word changes, not only the colour. `key` words it while there is time, and
 * `late_` with it afterwards: "due_in" is the promise to the customer.
 */
export function due(iso, key = "due_in") {
  const mark = icon(key === "due_in" ? "calendar" : "clock");
  return ticking(h("span", { class: "badge due", data: { due: iso, key } }, mark, h("span", { class: "said" })));
}

/** A call that its owner makes now: whoever is on the telephone is not late, however far the hour is behind them. */
export const calling = (said) => h("span", { class: "badge calling" }, icon("phone"), said);

/** The little time that an offer or a transfer waits for its answer. With `from` a bar shows how much of it is left. */
export function left(iso, from = null) {
  const bar = from ? h("progress", { class: "left-bar", max: "1", value: "1", "aria-hidden": true }) : null;
  const data = { until: iso, ...(from ? { from } : {}) };
  return ticking(h("span", { class: "left", data }, h("span", { class: "said" }), bar));
}

/** For how long something has lasted. `key` words it: "Chờ {span}". */
export function since(iso, key) {
  return ticking(h("span", { class: "since", data: { since: iso, key } }, h("span", { class: "said" })));
}

function ticking(element) {
  tick(element);
  return element;
}

/** Bring one clock up to date. */
export function tick(element) {
  const { due: at, until, since: from, key } = element.dataset;
  if (until) {
    tickLeft(element, Date.parse(until) - now());
    return;
  }
  if (from) {
    const past = now() - Date.parse(from);
    say(element.firstElementChild, key === "ago" && past < 60_000 ? t("just_now") : t(key, { span: span(past), late: element.dataset.count }));
    return;
  }
  const left = Date.parse(at) - now();
  const late = left < 0;
  mark(element, "data-late", late ? "late" : left < SOON ? "soon" : "no");
  say(
    element.querySelector(".said"),
    late
      ? t(`late_${key}`, { span: span(-left) })
      : t(key, { at: moment(at), span: span(left) }),
  );
}

function tickLeft(element, time) {
  mark(element, "data-late", time < HURRY ? "soon" : "no");
  say(element.querySelector(".said"), time <= 0 ? t("time_is_up") : t("time_left", { span: precise(time) }));
  const bar = element.querySelector("progress");
  if (bar) bar.value = Math.max(0, time / (Date.parse(element.dataset.until) - Date.parse(element.dataset.from)));
}

/** "40 giây", "1:25": where every second counts, `span` is too coarse. */
function precise(time) {
  const seconds = Math.ceil(time / 1000);
  if (seconds < 60 || seconds >= 3600) return span(seconds * 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Keep every clock on the page going. */
export function startClocks() {
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-due], [data-since], [data-until]")) tick(element);
  }, 1000);
}
