/** A date on which nobody is there: whether it is meant all the same, asked where the date is chosen. */

import { h } from "../common/dom.js";
import { t } from "../common/i18n.js";

/** The question, to be ticked; hidden until a refusal asks it. */
export const anyway = (className = "") =>
  h(
    "label",
    { class: `check anyway ${className}`.trim(), hidden: true },
    h("input", { type: "checkbox", name: "anyway" }),
    " ",
    t("promise_anyway"),
  );

/** Ask it, or take it away; another date is another question. */
export function confirmable(label, asked) {
  label.hidden = !asked;
  label.querySelector("input").checked = false;
}

/** Whether it is meant. */
export const meant = (label) => label.querySelector("input").checked;
