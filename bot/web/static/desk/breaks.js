/** Breaks: going on one, the time that is left of it, and coming back. */

import { byId, fill, h, mark, say } from "../common/dom.js";
import { announce, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { clock, now, span } from "../common/time.js";
import { loadDuty, resting } from "./account-duty.js";
import { drawUncovered, onSubmit, show, wire } from "./roster-sheet.js";
import { refreshPeople } from "./data.js";
import { changed, config, on, state } from "./state.js";

const CHOICES = [10, 15, 30, 45, 60, 90, 120];
const SECOND = 1000;
let ticker = null;
let wanted = 0;

/** Wire the button, the sheet and the bar. */
export function start() {
  const dialog = byId("break-dialog");
  wire(dialog);
  byId("break-button").addEventListener("click", open);
  byId("break-back").addEventListener("click", comeBack);
  onSubmit(byId("break-form"), send, (problem) => {
    drawUncovered(uncovered(), problem);
    byId("break-again").hidden = !problem.covers?.length;
    say(byId("break-again"), t("break_with_cover", { count: wanted }));
  });
  on("duty", draw);
  on("me", draw);
}

const uncovered = () => byId("break-form").querySelector("[data-uncovered]");

function open() {
  const longest = config.break_longest;
  const minutes = [...new Set([...CHOICES.filter((one) => one < longest), longest])];
  fill(byId("break-minutes"), minutes.map(choice));
  uncovered().hidden = true;
  fill(uncovered());
  byId("break-again").hidden = true;
  byId("break-form").elements.note.value = "";
  show(byId("break-dialog"));
  byId("break-minutes").firstElementChild.focus();
}

function choice(count) {
  const press = () => {
    wanted = count;
    for (const one of byId("break-minutes").children) mark(one, "aria-pressed", String(one === button));
    byId("break-form").requestSubmit();
  };
  const button = h(
    "button",
    { type: "button", data: { minutes: count }, on: { click: press } },
    t("minutes", { count }),
  );
  return button;
}

async function send(form) {
  const cover = form.querySelector("[name=cover_id]:checked");
  await call("POST", "/api/break", {
    body: { minutes: wanted, cover_id: cover ? Number(cover.value) : null, note: form.elements.note.value.trim() },
  });
  byId("break-dialog").close();
  announce(t("break_begun", { count: wanted }));
  await after();
}

async function after() {
  await loadDuty();
  refreshPeople();
  changed("roster");
}

async function comeBack() {
  const button = byId("break-back");
  button.disabled = true;
  try {
    await call("DELETE", "/api/break");
    toast(t("break_over"));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    // The break may have ended by itself a moment ago: what counts is how things stand now.
    if (failure.status !== 404) toast(failure.message, { bad: true });
  } finally {
    button.disabled = false;
  }
  await after();
}

function draw() {
  const rest = state.me && resting();
  byId("break-bar").hidden = !rest;
  byId("break-button").hidden = !state.duty || state.duty.presence === "off" || Boolean(rest);
  clearInterval(ticker);
  if (!rest) return;
  ticker = setInterval(tick, SECOND);
  tick();
}

function tick() {
  const rest = resting();
  if (!rest) return;
  const left = Date.parse(rest.end_at) - now();
  const shown = `${Math.floor(Math.max(0, left) / 60_000)}:${String(Math.floor(Math.max(0, left) / SECOND) % 60).padStart(2, "0")}`;
  say(byId("break-left"), left > 0 ? shown : t("break_late", { span: span(-left) }));
  say(
    byId("break-said"),
    t(rest.cover_name ? "break_on_covered" : "break_on", { at: clock(rest.end_at), name: rest.cover_name ?? "" }),
  );
  if (left <= 0 && left > -2 * SECOND) loadDuty();
}
