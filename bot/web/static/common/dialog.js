/** Dialogs, forms and short notices. The browser's own <dialog> keeps and returns the focus. */

import { Refusal } from "./http.js";
import { h, icon, put } from "./dom.js";
import { t } from "./i18n.js";

const STAYS = 6000;

/** Show a refusal inside a form, at the field it speaks of where there is one. */
export function tell(form, problem) {
  const place = form.querySelector(".problem");
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  place.hidden = !problem;
  place.textContent = problem?.message ?? "";
  for (const name of Object.keys(problem?.fields ?? {}))
    form.elements.namedItem(name)?.setAttribute?.("aria-invalid", "true");
}

/** Refuse an empty required field in words, and put the cursor there. */
export function complete(form) {
  for (const field of form.elements) {
    if (!field.willValidate || field.validity.valid) continue;
    if (field.validity.customError) {
      tell(form, { message: field.validationMessage, fields: { [field.name]: "" } });
      field.focus();
      return false;
    }
    const key = field.validity.valueMissing ? "fill_in" : field.validity.tooShort ? "too_short" : "not_valid";
    const label = field.closest(".field")?.querySelector("span, label, legend")?.textContent ?? "";
    tell(form, {
      message: t(key, { field: nameIn(label), count: field.minLength }),
      fields: { [field.name]: "" },
    });
    field.focus();
    return false;
  }
  return true;
}

/** What a label calls its field: the rest of it explains ("Vì sao không duyệt? Đồng nghiệp phải giải thích…"). */
const nameIn = (label) => label.trim().split(/[?.…:(]/)[0].trim();

/** Run `work` for a submitted form: once at a time, its refusal shown in the form. Returns whether it went through. */
export async function submitting(form, work) {
  if (form.getAttribute("aria-busy") === "true") return false;
  tell(form, null);
  form.setAttribute("aria-busy", "true");
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  for (const button of buttons) button.disabled = true;
  try {
    await work();
    return true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    tell(form, failure.problem);
    return false;
  } finally {
    form.removeAttribute("aria-busy");
    for (const button of buttons) button.disabled = false;
  }
}

/** Open a dialog; `onSubmit(form)` may raise a `Refusal`, which keeps it open. Returns true when it went through. */
export function open(dialog, { onSubmit } = {}) {
  const form = dialog.querySelector("form");
  tell0(form);
  let through = false;
  return new Promise((resolve) => {
    const submit = async (event) => {
      event.preventDefault();
      if (!onSubmit || !complete(form)) return;
      through = await submitting(form, () => onSubmit(form));
      if (through) dialog.close();
    };
    const click = (event) => {
      if (event.target === dialog || event.target.closest("[data-cancel]")) dialog.close();
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener("click", click);
    dialog.addEventListener(
      "close",
      () => {
        form.removeEventListener("submit", submit);
        dialog.removeEventListener("click", click);
        resolve(through);
      },
      { once: true },
    );
    dialog.showModal();
  });
}

function tell0(form) {
  if (form.querySelector(".problem")) tell(form, null);
}

/** Tell something that needs no answer, and return the notice. `bad` stays until it is closed. Children may be nodes. */
export function toast(content, { bad = false } = {}) {
  const made = h("div", { class: bad ? "toast bad" : "toast" });
  put(
    put(made, h("span", {}, content)),
    h("button", { type: "button", "aria-label": t("close"), on: { click: () => made.remove() } }, icon("close")),
  );
  const shelf = document.getElementById("toasts");
  while (shelf.children.length > 2) shelf.firstElementChild.remove();
  shelf.append(made);
  if (!bad) setTimeout(() => made.remove(), STAYS);
  return made;
}

/** Say something to those who listen instead of look. */
export function announce(text) {
  const place = document.getElementById("announcer");
  const line = h("p", {}, text);
  place.append(line);
  setTimeout(() => line.remove(), 4000);
}
