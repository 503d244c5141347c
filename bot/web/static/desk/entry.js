/** Coming in: the login, and the page of the one-time link that makes the first admin. */

import { byId } from "../common/dom.js";
import { complete, submitting, tell } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";

const CODES = ["second_factor_needed", "wrong_code"];
let enter = async () => {};
let countdown = null;

/** Wire the forms; `whenIn(session)` is called after a login. */
export function start(whenIn) {
  enter = whenIn;
  byId("login-form").addEventListener("submit", login);
  byId("first-form").addEventListener("submit", firstAdmin);
  for (const button of document.querySelectorAll("[data-reveal]")) button.addEventListener("click", reveal);
}

function reveal(event) {
  const button = event.currentTarget;
  const field = byId(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.textContent = t(shown ? "hide" : "show");
  button.setAttribute("aria-pressed", String(shown));
}

/** Show the login; `notice` says why. */
export function showLogin(notice = "") {
  document.body.dataset.view = "login";
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  byId("login-notice").hidden = !notice;
  byId("login-notice").textContent = notice;
  const form = byId("login-form");
  form.elements.password.value = "";
  askCode(form, false);
  form.elements[form.elements.email.value ? "password" : "email"].focus();
}

/** Show the page of the first-admin link. The token comes in the fragment, which no server and no log ever sees. */
export function showFirstAdmin() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
  history.replaceState(history.state, "", location.pathname);
  document.body.dataset.view = "first-admin";
  byId("first-form").hidden = !token;
  byId("first-no-token").hidden = Boolean(token);
  byId("first-form").dataset.token = token;
  if (token) byId("first-form").elements.name.focus();
}

async function login(event) {
  event.preventDefault();
  const form = event.currentTarget;
  if (!complete(form)) return;
  await submitting(form, async () => {
    try {
      await enter(
        await call("POST", "/api/session", {
          body: {
            email: form.elements.email.value,
            password: form.elements.password.value,
            totp: form.elements.totp.value.trim() || null,
          },
        }),
      );
      askCode(form, false);
      form.reset();
    } catch (failure) {
      if (failure instanceof Refusal && CODES.includes(failure.code)) askCode(form, true);
      if (failure instanceof Refusal && failure.problem.retry_after) wait(form, failure.problem.retry_after);
      throw failure;
    }
  });
  if (form.dataset.wait) form.querySelector("[type=submit]").disabled = true;
}

/** Show the field of the second factor to those whose account asks for it, and to nobody else. */
function askCode(form, wanted) {
  const { totp } = form.elements;
  byId("login-code").hidden = !wanted;
  totp.disabled = !wanted;
  totp.value = "";
  if (wanted) totp.focus();
}

/** After too many tries: count down in the button, and open it again when the time is over. */
function wait(form, seconds) {
  clearInterval(countdown);
  const button = form.querySelector("[type=submit]");
  const until = performance.now() + seconds * 1000;
  form.dataset.wait = "yes";
  const step = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    button.textContent = left > 0 ? t("login_wait", { count: left }) : t("login_submit");
    button.disabled = left > 0;
    if (left > 0) return;
    clearInterval(countdown);
    delete form.dataset.wait;
    tell(form, null);
  };
  countdown = setInterval(step, 500);
  step();
}

async function firstAdmin(event) {
  event.preventDefault();
  const form = event.currentTarget;
  if (!complete(form)) return;
  await submitting(form, async () => {
    const { name, email, password } = form.elements;
    try {
      const session = await call("POST", "/api/first-admin", {
        body: { token: form.dataset.token, name: name.value, email: email.value, password: password.value },
      });
      form.dataset.token = "";
      history.replaceState({ inside: 0 }, "", "/desk");
      await enter(session);
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 403)
        throw new Refusal(403, { error: "not_permitted", message: t("first_used") });
      throw failure;
    }
  });
}
