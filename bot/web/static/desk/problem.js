/** What could not be loaded, in the place where it would be. */

import { fill, h } from "../common/dom.js";
import { t } from "../common/i18n.js";

/** Show why, and a way to try it again. */
export function showProblem(place, failure, again) {
  place.hidden = false;
  fill(place, failure.message, " ", h("button", { type: "button", class: "link", on: { click: again } }, t("retry")));
}
