/** Small marks that mean the same everywhere. All are words; colour and icon only say it again. */

import { h, icon, say, mark } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { moment, now, span } from "../common/time.js";

const SOON = 5 * 60_000;
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

/** The promise to the customer, counting down, then up: the word changes, not only the colour. */
export function due(iso) {
  return ticking(h("span", { class: "badge due", data: { due: iso } }, icon("calendar"), h("span", { class: "said" })));
}

/** For how long something has lasted. `key` words it: "Chờ {span}". */
export function since(iso, key) {
  return ticking(h("span", { class: "since", data: { since: iso, key } }, h("span", { class: "said" })));
}

function ticking(element) {
  tick(element);
  return element;
}

function tick(element) {
  const { due: at, since: from, key } = element.dataset;
  if (from) {
    const past = now() - Date.parse(from);
    say(element.firstElementChild, key === "ago" && past < 60_000 ? t("just_now") : t(key, { span: span(past) }));
    return;
  }
  const left = Date.parse(at) - now();
  const late = left < 0;
  mark(element, "data-late", late ? "late" : left < SOON ? "soon" : "no");
  say(
    element.querySelector(".said"),
    late ? t("overdue", { span: span(-left) }) : t("due_in", { at: moment(at), span: span(left) }),
  );
}

/** Keep every clock on the page going. */
export function startClocks() {
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("[data-due], [data-since]")) tick(element);
  }, 1000);
}
