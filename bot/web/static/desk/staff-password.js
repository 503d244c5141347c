/** A one-time password on the screen: here once and nowhere else, and gone when somebody puts it away. */

import { fill, h, icon, theirs } from "../common/dom.js";
import { t } from "../common/i18n.js";

/** Show in `place` the password that an account was just given. */
export function showPassword(place, { staff, password }) {
  const copy = h("button", { type: "button", on: { click: () => copied(copy, password) } }, t("copy"));
  place.hidden = false;
  fill(
    place,
    h("p", {}, icon("key"), " ", t("made_for"), " ", theirs(staff.name), " (", theirs(staff.email), ")"),
    h("p", { class: "secret" }, h("code", {}, password), navigator.clipboard ? copy : null),
    h("p", { class: "hint" }, t("made_once")),
    h("button", { type: "button", class: "primary", on: { click: () => putAway(place) } }, t("made_done")),
  );
  place.focus();
}

/** Have nothing of it left on the page. */
export function putAway(place) {
  fill(place);
  place.hidden = true;
}

async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t("copied");
  } catch (failure) {
    if (!(failure instanceof DOMException)) throw failure;
    button.textContent = t("copy_failed");
  }
}
