/** Changing an account: who the person is and what they may do, their password, and whether they may come in at all. */

import { byId, fill, h, icon, say, theirs } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { loadNames } from "./data.js";
import { onSubmit, show, wire } from "./roster-sheet.js";
import { putAway, showPassword } from "./staff-password.js";
import { changed, state } from "./state.js";

const MANY = ["departments", "skills", "languages"];
let person = null;

/** Wire the sheet. */
export function start() {
  const dialog = byId("person-dialog");
  wire(dialog);
  dialog.addEventListener("close", () => putAway(byId("person-made")));
  onSubmit(byId("person-form"), save);
  byId("person-password").addEventListener("click", resetPassword);
  byId("person-factor").addEventListener("click", removeFactor);
  byId("person-active").addEventListener("click", turn);
}

/** Open the sheet of a person. */
export function open(one) {
  person = one;
  const form = byId("person-form");
  form.elements.name.value = one.name;
  form.elements.role.value = one.role;
  form.elements.senior.checked = one.senior;
  form.elements.title.value = one.title;
  for (const name of MANY)
    for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = one[name].includes(box.value);
  draw();
  show(byId("person-dialog"));
}

function draw() {
  fill(byId("person-title"), theirs(person.name));
  say(byId("person-said"), person.email);
  byId("person-factor").hidden = !person.second_factor;
  const button = byId("person-active");
  fill(button, icon(person.active ? "lock" : "check"), t(person.active ? "person_lock" : "person_unlock"));
  button.className = person.active ? "risky" : "";
  button.hidden = person.id === state.me.id;
}

/** What a form says of a person's place in the house. Raises `Refusal` where an agent would see nothing. */
export function toldBy(form) {
  const ticked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((one) => one.value);
  const { role, senior, title } = form.elements;
  const told = { role: role.value, senior: senior.checked, title: title.value };
  for (const name of MANY) told[name] = ticked(name);
  if (told.role === "agent" && !told.departments.length)
    throw new Refusal(422, { error: "invalid", message: t("departments_needed") });
  if (!told.languages.length) throw new Refusal(422, { error: "invalid", message: t("languages_needed") });
  return told;
}

async function save(form) {
  await call("PATCH", `/api/staff/${person.id}`, { body: { name: form.elements.name.value, ...toldBy(form) } });
  byId("person-dialog").close();
  toast(t("person_saved", { name: form.elements.name.value }));
  await again();
}

async function again() {
  await loadNames();
  person = state.people.find((one) => one.id === person.id) ?? person;
  if (person.id === state.me.id) state.me = { ...state.me, ...person };
  changed("people", "me", "roster");
  if (byId("person-dialog").open) draw();
}

/** Ask before something that hurts; `work` is done when the answer is yes, and its refusal stays in the question. */
function ask(title, text, button, work) {
  const dialog = byId("confirm-dialog");
  say(byId("confirm-title"), title);
  say(dialog.querySelector("[data-text]"), text);
  say(dialog.querySelector("[data-submit]"), button);
  return openDialog(dialog, { onSubmit: work });
}

async function resetPassword() {
  const { name } = person;
  let made = null;
  const done = await ask(t("password_reset"), t("password_reset_text", { name }), t("password_reset"), async () => {
    made = await call("POST", `/api/staff/${person.id}/password`);
  });
  if (done) showPassword(byId("person-made"), made);
}

async function removeFactor() {
  const { name } = person;
  const done = await ask(t("factor_remove"), t("factor_remove_text", { name }), t("factor_remove"), () =>
    call("DELETE", `/api/staff/${person.id}/second-factor`),
  );
  if (done) await again();
}

async function turn() {
  const { name, active } = person;
  const word = active ? "person_lock" : "person_unlock";
  const done = await ask(t(word), t(`${word}_text`, { name }), t(word), () =>
    call("PATCH", `/api/staff/${person.id}`, { body: { active: !active } }),
  );
  if (!done) return;
  toast(h("span", {}, t(active ? "person_locked" : "person_unlocked", { name })));
  await again();
}
