/** The person who is logged in: duty, sound, password, leaving. */

import { byId, icon, mark, say } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { switchLanguage, t } from "../common/i18n.js";
import { clock, moment } from "../common/time.js";
import * as duty from "./account-duty.js";
import { resting, took } from "./account-duty.js";
import * as factor from "./account-factor.js";
import * as breaks from "./breaks.js";
import { showLogin } from "./entry.js";
import * as live from "./live.js";
import * as shiftEnd from "./shift-end.js";
import { open as endShift } from "./shift-end.js";
import { config, on, state } from "./state.js";
import { setSound, soundOn } from "./sound.js";

/** Wire the foot of the left pane. */
export function start() {
  for (const part of [duty, breaks, factor, shiftEnd]) part.start();
  on("me", draw);
  on("duty", drawDuty);
  byId("duty").addEventListener("click", turnDuty);
  byId("sound").addEventListener("click", () => {
    setSound(!soundOn());
    drawSound();
  });
  byId("logout").addEventListener("click", leave);
  byId("password-button").addEventListener("click", changePassword);
  for (const button of document.querySelectorAll("[data-switch-language]"))
    button.addEventListener("click", switchLanguage);
}

function draw() {
  const { me } = state;
  if (!me) return;
  say(byId("me-name"), me.name);
  say(byId("me-role"), config.roles[me.role]);
  byId("staff-link").hidden = me.role !== "admin";
  // The switch may still be on after a shift that is over: then one is off all the same.
  const there = me.on_duty && me.presence !== "off";
  mark(byId("duty"), "aria-checked", String(there));
  mark(byId("duty"), "aria-label", t("duty_label"));
  say(byId("duty-word"), t(!there ? "off_duty" : me.presence === "on_break" ? "presence_on_break" : "on_duty"));
  drawSound();
}

function drawSound() {
  const button = byId("sound");
  mark(button, "aria-pressed", String(soundOn()));
  mark(button, "aria-label", t("sound"));
  mark(button, "title", t(soundOn() ? "sound_is_on" : "sound_is_off"));
  button.querySelector("svg").replaceWith(icon(soundOn() ? "sound-on" : "sound-off"));
}

/** Off duty goes by way of the end of the shift: nobody leaves while a customer counts on them. */
async function turnDuty() {
  const button = byId("duty");
  button.disabled = true;
  try {
    if (state.me.on_duty && state.me.presence !== "off") await endShift();
    else took(await call("POST", "/api/duty", { body: { on_duty: true } }));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
  } finally {
    button.disabled = false;
  }
}

/** What one's working day looks like now: until when the shift goes, when the next one begins, a break, extra hours. */
function drawDuty() {
  const { duty } = state;
  if (!state.me || duty?.id !== state.me.id) return;
  const rest = resting();
  const said = rest
    ? t("break_until", { at: clock(rest.end_at) })
    : duty.leaving
      ? t("duty_leaving")
      : duty.overtime
        ? t("duty_overtime")
        : duty.presence !== "off" && duty.shift_ends_at
          ? t("duty_until", { at: moment(duty.shift_ends_at) })
          : duty.next_shift_at
            ? t("duty_next", { at: moment(duty.next_shift_at) })
            : t(duty.flexible ? "duty_flexible" : "duty_none");
  say(byId("duty-said"), said);
  byId("end-button").hidden = duty.presence === "off" || !duty.on_duty;
}

async function leave() {
  live.stop();
  try {
    await call("DELETE", "/api/session");
  } catch (failure) {
    if (!(failure instanceof Refusal) || failure.status !== 401) {
      toast(failure.message, { bad: true });
      return;
    }
  }
  // A new page, so that nothing of the old one stays in memory for the next person at this desk.
  location.assign("/desk");
}

async function changePassword() {
  const dialog = byId("password-dialog");
  const form = dialog.querySelector("form");
  form.reset();
  form.elements.email.value = state.me.email;
  const done = await openDialog(dialog, { onSubmit: sendPassword });
  if (!done) return;
  live.stop();
  showLogin(t("password_changed"));
}

async function sendPassword(form) {
  const { current, again } = form.elements;
  const wanted = form.elements.namedItem("new");
  if (wanted.value !== again.value) {
    throw new Refusal(422, { error: "invalid", message: t("passwords_differ"), fields: { again: "" } });
  }
  try {
    await call("POST", "/api/password", { body: { current: current.value, new: wanted.value } });
  } catch (failure) {
    if (failure instanceof Refusal && failure.code === "wrong_login") {
      throw new Refusal(401, { error: "wrong_login", message: t("password_current_wrong"), fields: { current: "" } });
    }
    throw failure;
  }
}
