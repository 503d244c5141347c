/** The person who is logged in: duty, sound, password, leaving. */

import { byId, fill, h, icon, mark, say } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { switchLanguage, t } from "../common/i18n.js";
import { showLogin } from "./entry.js";
import * as live from "./live.js";
import { changed, config, on, state } from "./state.js";
import { setSound, soundOn } from "./sound.js";

/** Wire the foot of the left pane. */
export function start() {
  on("me", draw);
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
  mark(byId("duty"), "aria-checked", String(me.on_duty));
  mark(byId("duty"), "aria-label", t("duty_label"));
  say(byId("duty-word"), t(me.on_duty ? "on_duty" : "off_duty"));
  drawSound();
}

function drawSound() {
  const button = byId("sound");
  mark(button, "aria-pressed", String(soundOn()));
  mark(button, "aria-label", t("sound"));
  mark(button, "title", t(soundOn() ? "sound_is_on" : "sound_is_off"));
  button.querySelector("svg").replaceWith(icon(soundOn() ? "sound-on" : "sound-off"));
}

async function turnDuty() {
  const button = byId("duty");
  button.disabled = true;
  try {
    state.me = await call("POST", "/api/duty", { body: { on_duty: !state.me.on_duty } });
    changed("me", "list", "queues");
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (failure.problem.codes) showHeld(failure.problem.codes);
    else toast(failure.message, { bad: true });
  } finally {
    button.disabled = false;
  }
}

/** Nobody goes off duty owning an open case: show which, each one click away. */
function showHeld(codes) {
  const dialog = byId("held-dialog");
  fill(
    dialog.querySelector("[data-held]"),
    codes.map((code) =>
      h(
        "li",
        {},
        h(
          "a",
          { class: "button", href: `/desk/cases/${code}`, "data-nav": true, on: { click: () => dialog.close() } },
          code,
        ),
      ),
    ),
  );
  openDialog(dialog);
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
