/** The second factor of one's own account: a code of an application on one's telephone, asked for at every login. */

import { byId, mark, say } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { onSubmit, show, wire } from "./roster-sheet.js";
import { changed, state } from "./state.js";

let made = null;

/** Wire the button and the sheet. */
export function start() {
  const dialog = byId("factor-dialog");
  wire(dialog);
  dialog.addEventListener("close", forget);
  byId("factor-button").addEventListener("click", open);
  onSubmit(byId("factor-form"), send);
}

function open() {
  forget();
  draw();
  show(byId("factor-dialog"));
}

/** The secret is shown once: it leaves the page with the sheet. */
function forget() {
  made = null;
  say(byId("factor-secret"), "");
  byId("factor-link").removeAttribute("href");
  byId("factor-form").elements.code.value = "";
}

function draw() {
  const on = state.me.second_factor;
  say(byId("factor-said"), t(on ? "factor_is_on" : "factor_lead"));
  byId("factor-new").hidden = !made;
  byId("factor-form").elements.code.disabled = !made;
  byId("factor-submit").hidden = on;
  say(byId("factor-submit"), t(made ? "factor_confirm" : "factor_begin"));
}

async function send(form) {
  if (made) {
    await call("POST", "/api/second-factor/confirm", { body: { code: form.elements.code.value.trim() } });
    state.me = { ...state.me, second_factor: true };
    changed("me");
    byId("factor-dialog").close();
    toast(t("factor_done"));
    return;
  }
  made = await call("POST", "/api/second-factor");
  say(byId("factor-secret"), made.secret.match(/.{1,4}/g).join(" "));
  mark(byId("factor-link"), "href", made.uri);
  draw();
  form.elements.code.focus();
}
