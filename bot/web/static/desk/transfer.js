/** Giving a case away: to a person or a department, by introduction, or back. The giver keeps it until somebody says yes. */

import { byId, fill, h } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { language, t } from "../common/i18n.js";
import { refreshPeople } from "./data.js";
import { refreshInbox } from "./inbox_data.js";
import { receiverOf } from "./inbox_cards.js";
import { dialogOf, moveIn } from "./moves.js";
import { go } from "./router.js";
import { config, labelOf, leads, on, state } from "./state.js";
import { atWork, byPresence, membersOf, presentIn, whoOf } from "./team.js";

/** Wire the dialogs. */
export function start() {
  const form = formOf("transfer-dialog");
  form.elements.department.addEventListener("change", () => drawPeople(form));
  form.elements.staff_id.addEventListener("change", () => drawPlace(form));
  on("people", () => {
    if (byId("transfer-dialog").open) drawPeople(form, form.elements.staff_id.value);
    if (byId("introduce-dialog").open) drawInside(formOf("introduce-dialog"));
  });
}

const formOf = (id) => byId(id).querySelector("form");

function prepared(id, kase) {
  const dialog = dialogOf(id, kase);
  dialog.querySelector("form").reset();
  refreshPeople();
  return dialog;
}

/** Pass the open case on. `note` begins the words for the receiver. */
export async function transfer(kase, note = "") {
  const dialog = prepared("transfer-dialog", kase);
  const form = formOf("transfer-dialog");
  form.dataset.department = kase.department;
  form.dataset.owned = kase.owner_id === null ? "" : "yes";
  form.elements.note.value = note;
  const spent = kase.hops >= config.hop_limit;
  dialog.querySelector("[data-hops]").textContent = spent
    ? t("hops_spent", { count: kase.hops })
    : t("hops", { count: kase.hops, limit: config.hop_limit });
  dialog.querySelector("[data-hops]").classList.toggle("warn-text", spent);
  form.elements.staff_id.closest(".field").hidden = kase.owner_id === null;
  drawPeople(form);
  await give(dialog, kase, "transfer", () => {
    const person = form.elements.staff_id.value;
    return {
      department: form.elements.department.value,
      note: form.elements.note.value,
      ...(person ? { staff_id: Number(person) } : {}),
    };
  });
}

/** Whoever may be asked in the chosen department; those who are not there are shown, and cannot be chosen. */
function drawPeople(form, chosen = "") {
  const department = form.elements.department.value;
  const people = department ? membersOf(department).filter((one) => one.id !== state.me.id) : [];
  const anybody = t("anybody_there", { who: whoOf(people.filter(atWork)) });
  fill(
    form.elements.staff_id,
    h("option", { value: "" }, department ? anybody : t("choose_department_first")),
    people.map((one) =>
      h("option", { value: one.id, disabled: !atWork(one) }, `${one.name} · ${t(`presence_${one.presence}`)}`),
    ),
  );
  form.elements.staff_id.disabled = !department;
  if (chosen && people.some((one) => String(one.id) === chosen && atWork(one))) form.elements.staff_id.value = chosen;
  drawPlace(form);
}

/** What will happen, before it happens: who is asked, who stands in, or that a date is given. */
function drawPlace(form) {
  const place = form.querySelector("[data-place]");
  const department = form.elements.department.value;
  const option = form.elements.department.selectedOptions[0];
  place.hidden = !department;
  if (!department) return;
  place.textContent = foreseen(form, department, option.dataset.covers?.split(" ").filter(Boolean) ?? []);
}

function foreseen(form, department, covers) {
  const person = form.elements.staff_id.selectedOptions[0];
  if (!form.dataset.owned) return t("place_moves", { department: labelOf(department) });
  if (person?.value) return t("place_person", { name: nameOf(person.value) });
  if (presentIn(department).length) return t("place_department", { department: labelOf(department) });
  const cover = covers.find((one) => one !== form.dataset.department && presentIn(one).length);
  if (cover) return t("place_cover", { department: labelOf(department), cover: labelOf(cover) });
  return t("place_nobody", { department: labelOf(department) });
}

const nameOf = (id) => state.people.find((one) => String(one.id) === id)?.name ?? "";

/** Bring a colleague from behind the front office into the conversation, introduced by name. */
export async function introduce(kase) {
  const dialog = prepared("introduce-dialog", kase);
  const form = formOf("introduce-dialog");
  drawInside(form);
  await give(dialog, kase, "introduce", () => ({
    staff_id: Number(form.elements.staff_id.value),
    note: form.elements.note.value,
  }));
}

/** Everybody behind the front office who is there, once each, with the departments that they are of. */
function drawInside(form) {
  const chosen = form.elements.staff_id.value;
  const inside = config.departments.filter((one) => one.side === "back" && one.id !== config.management);
  const people = [...new Set(inside.flatMap((one) => presentIn(one.id)))].sort(byPresence);
  fill(
    form.elements.staff_id,
    h("option", { value: "" }, people.length ? t("choose") : t("introduce_nobody")),
    people.map((one) =>
      h(
        "option",
        { value: one.id },
        `${one.name} · ${t(`presence_${one.presence}`)} · ${desksOf(one, inside).join(", ")}`,
      ),
    ),
  );
  if ([...form.elements.staff_id.options].some((one) => one.value === chosen)) form.elements.staff_id.value = chosen;
}

/** What of `inside` a person is of, as labels; those who are of many are of the whole. */
function desksOf(person, inside) {
  const theirs = inside.filter((one) => person.departments.includes(one.id));
  return theirs.length > 3 ? [t("many_departments", { count: theirs.length })] : theirs.map(({ label }) => label);
}

/** Return a case that somebody who leads stepped into. */
export async function giveBack(kase) {
  const dialog = prepared("give-back-dialog", kase);
  const form = formOf("give-back-dialog");
  const department = kase.department === config.management ? kase.wanted : kase.department;
  const there = presentIn(department);
  fill(
    form.elements.staff_id,
    h("option", { value: "" }, t("give_back_desk", { department: labelOf(department), who: whoOf(there) })),
    there.map((one) => h("option", { value: one.id }, `${one.name} · ${t(`presence_${one.presence}`)}`)),
  );
  await give(dialog, kase, "transfer", () => {
    const person = form.elements.staff_id.value;
    return {
      kind: "given_back",
      department,
      note: form.elements.note.value,
      ...(person ? { staff_id: Number(person) } : {}),
    };
  });
}

/** Ask from a dialog, and say what became of it. */
async function give(dialog, kase, name, body) {
  let made = null;
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      made = await moveIn(kase, name, body());
    },
  });
  refreshInbox();
  if (!done) return;
  toast(told(made));
  const sees = leads() || state.me.departments.includes(made.department) || made.owner_id === state.me.id;
  if (!sees) go(state.list.path, { replace: true });
}

/** The server says it in Vietnamese; in English it is said here. */
function told(made) {
  if (language === "vi") return made.told;
  if (made.outcome === "asked") return t("told_asked", { whom: receiverOf(made.transfer), code: made.code });
  const key = made.outcome === "queued" ? "told_queued" : "told_moved";
  return t(key, { code: made.code, department: made.department_label });
}
