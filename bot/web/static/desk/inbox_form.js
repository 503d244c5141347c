/** A small form inside a card: reasons to pick with one click, or a few words. What is typed survives every update. */

import { h } from "../common/dom.js";
import { complete, submitting } from "../common/dialog.js";
import { t } from "../common/i18n.js";

let number = 0;

/**
 * Open a form in `slot`, in place of one that is open there. `quick` are whole answers, sent with one click.
 * `send(text)` may raise a `Refusal`, which is shown in the form. `back` gets the focus when the form goes.
 */
export function openForm(slot, { label, word, quick = [], required = true, danger = false, send, back }) {
  const close = () => {
    slot.replaceChildren();
    back?.focus();
  };
  number += 1;
  const id = `inline-${number}`;
  const field = h("textarea", { name: "text", id, rows: 2, dir: "auto", maxlength: 1000, required });
  const form = h(
    "form",
    { class: "inline-form", novalidate: true },
    h("div", { class: "field" }, h("label", { for: id }, label), quickAnswers(quick, (text) => run(text)), field),
    h("p", { class: "problem", role: "alert", hidden: true }),
    h(
      "div",
      { class: "work-buttons" },
      h("button", { type: "submit", class: danger ? "danger" : "primary" }, word),
      h("button", { type: "button", class: "quiet", on: { click: close } }, t("cancel")),
    ),
  );
  const run = async (text) => {
    if (await submitting(form, () => send(text))) slot.replaceChildren();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (complete(form)) run(field.value.trim());
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  slot.replaceChildren(form);
  (quick.length ? form.querySelector(".chips button") : field).focus();
}

function quickAnswers(quick, choose) {
  if (!quick.length) return null;
  return h(
    "div",
    { class: "chips", role: "group", "aria-label": t("quick") },
    quick.map((text) => h("button", { type: "button", on: { click: () => choose(text) } }, text)),
  );
}
