/** The head of the page: who is there, the state of the line, and the few options. */

import { toast } from "../common/dialog.js";
import { byId, fill, h, mark, say } from "../common/dom.js";
import { language, switchLanguage, t } from "../common/i18n.js";
import { learnClock, moment, now } from "../common/time.js";
import { hide } from "./frame.js";
import { retry, waiting } from "./outbox.js";
import { config, embedded, kept, on, state } from "./state.js";
import { notifyOn, setNotify, setSound, soundOn } from "./unread.js";

const MINUTE = 60_000;
/** A line that comes back within this time was not worth a word. */
const PATIENCE = 1200;

/** Draw the head and keep it true. */
export function start() {
  learnClock(config.now);
  drawHours();
  setInterval(drawHours, MINUTE / 2);
  on("connection messages", drawConnection);
  addEventListener("online", drawConnection);
  addEventListener("offline", drawConnection);
  on("blocked", drawBlocked);
  on("speaker", drawHours);
  menu();
  byId("hide").addEventListener("click", hide);
}

function drawHours() {
  const place = config.hours.findLastIndex((one) => Date.parse(one.at) <= now());
  const { open } = config.hours[Math.max(0, place)];
  const next = config.hours[Math.max(0, place) + 1];
  const at = next && moment(next.at);
  mark(byId("hours"), "data-open", String(open));
  say(byId("hours-text"), open ? (at ? t("on_duty_until", { at }) : t("on_duty_always")) : at ? t("off_duty_until", { at }) : t("off_duty"));
  say(byId("who-answers"), whoAnswers(open));
}

function whoAnswers(open) {
  const { by, name } = state.speaker ?? { by: "bot" };
  if (by === "bot") return t(open ? "who_answers" : "who_answers_away");
  return name ? t("who_answers_person", { name }) : t("who_answers_staff");
}

let lostAt = null;

function drawConnection() {
  const lost = state.connection === "lost" || state.struggling || !navigator.onLine;
  if (lost && lostAt === null) {
    lostAt = performance.now();
    setTimeout(drawConnection, PATIENCE + 50);
  } else if (!lost) lostAt = null;
  const show = lostAt !== null && performance.now() - lostAt >= PATIENCE;
  byId("connection").hidden = !show;
  if (show) say(byId("connection-text"), navigator.onLine ? t("connecting") : t("offline"));
}

function drawBlocked() {
  const place = byId("blocked");
  place.hidden = !state.blocked;
  if (!state.blocked) return;
  const text = waiting().map((one) => one.text).filter(Boolean).join("\n");
  const address = `/?lang=${language}#nhap=${encodeURIComponent(text)}`;
  fill(place, h("h2", {}, t("blocked_title")), h("p", {}, t(embedded ? "blocked_embed" : "blocked_page", { company: config.company })),
    h("p", { class: "blocked-actions" },
      embedded ? h("a", { class: "button primary", href: address, target: "_blank", rel: "noopener" }, t("blocked_open")) : null,
      h("button", { type: "button", on: { click: retry } }, t("retry"))));
}

function menu() {
  const button = byId("menu-button");
  const panel = byId("menu");
  const show = (shown) => {
    panel.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
  };
  button.addEventListener("click", () => show(panel.hidden));
  document.addEventListener("click", (event) => panel.hidden || panel.contains(event.target) || button.contains(event.target) || show(false));
  panel.addEventListener("focusout", (event) => event.relatedTarget && !panel.contains(event.relatedTarget) && event.relatedTarget !== button && show(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (panel.hidden) return document.querySelector("dialog[open]") ? undefined : hide();
    show(false);
    button.focus();
  });
  options();
}

function options() {
  const sound = byId("sound");
  const notify = byId("notify");
  sound.checked = soundOn();
  sound.addEventListener("change", () => setSound(sound.checked));
  notify.checked = notifyOn();
  notify.addEventListener("change", async () => {
    const obstacle = await setNotify(notify.checked);
    notify.checked = notifyOn();
    if (obstacle) toast(obstacle, { bad: true });
  });
  byId("language").addEventListener("click", changeLanguage);
}

/** The cookie remembers the choice; inside a frame, where it may not be kept, the address and the browser's store do. */
function changeLanguage() {
  const other = language === "en" ? "vi" : "en";
  kept.set("language", other);
  if (!embedded && !new URLSearchParams(location.search).has("lang")) switchLanguage();
  else loadIn(other);
}

function loadIn(wanted) {
  const address = new URL(location.href);
  address.searchParams.set("lang", wanted);
  location.replace(address);
}

/** Show a framed page in the language that was chosen there before. Returns whether the page is loaded anew. */
export function recallLanguage() {
  const chosen = embedded ? kept.get("language") : null;
  if ((chosen !== "vi" && chosen !== "en") || chosen === language) return false;
  loadIn(chosen);
  return true;
}
