/** The form in which a need is made: its name, who owns it, what the bot answers, and which sentences teach it. */

import { byId, fill, h, mark, say } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { inWords, loadNeeds, trying } from "./teach-data.js";
import { holders } from "./teach-words.js";

const COMMON = ["you", "me", "You", "Me", "company", "hotline", "email", "fanpage", "address"];
/** Sentences of which one is told why they were left out. */
const MOST_TOLD = 3;
let samples = [];
let doubtful = [];
let rest = [];

/** Wire the form. */
export function start() {
  const form = byId("need-dialog").querySelector("form");
  holders(byId("need-holders"), COMMON, () => [form.elements.answer_vi, form.elements.answer_en]);
  byId("need-samples").addEventListener("change", drawCount);
  byId("need-all").addEventListener("click", () => tick(!allTicked()));
  form.elements.answer_vi.addEventListener("input", () => drawWay(form));
  form.elements.department.addEventListener("change", () => drawWay(form));
}

/**
 * Open the form. `samples` are messages to choose from, `doubtful` others that somebody has to look at first, `rest` ids
 * of further ones that say nearly the same as the samples and are learned from with them. Returns `{id, label, intent}` of the need that was made, `null` where it was left.
 */
export async function open({ name = "", department = "", samples: given = [], doubtful: unsure = [], rest: further = [] }) {
  const dialog = byId("need-dialog");
  const form = dialog.querySelector("form");
  form.reset();
  samples = given;
  doubtful = unsure;
  rest = further;
  drawPurpose(form, { title: t("teach_new_need"), submit: t("teach_need_make"), answers: true });
  form.elements.name_vi.value = name;
  form.elements.department.value = department;
  drawSamples();
  drawWay(form);
  let made = null;
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      made = await call("POST", "/api/teach/needs", { body: bodyOf(form) });
    },
  });
  if (!done) return null;
  told(made);
  await trying(loadNeeds, () => {});
  return { id: made.id, label: made.name_vi, intent: made.intent };
}

/** Open the form for a need that there is: what it is called, who owns it, and more examples. True once it is stored. */
export async function change(one) {
  const dialog = byId("need-dialog");
  const form = dialog.querySelector("form");
  form.reset();
  samples = [];
  doubtful = [];
  rest = [];
  drawPurpose(form, { title: t("teach_need_change_title", { need: one.name_vi }), submit: t("teach_need_store"), answers: false });
  for (const name of ["name_vi", "name_en", "department", "priority"]) form.elements[name].value = one[name];
  drawSamples();
  byId("need-way").hidden = true;
  let changed = null;
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      // What is answered has versions, and is edited on its own tab.
      const { answer_vi, answer_en, message_ids, ...body } = bodyOf(form);
      changed = await call("PATCH", `/api/teach/needs/${one.id}`, { body });
    },
  });
  if (!done) return false;
  toast(t("teach_need_changed", { need: changed.name_vi, count: changed.examples + changed.proposed }));
  toldLeft(changed);
  await trying(loadNeeds, () => {});
  return true;
}

function drawPurpose(form, { title, submit, answers }) {
  say(byId("need-title"), title);
  say(form.querySelector("[type=submit]"), submit);
  byId("need-answer-part").hidden = !answers;
}

/** Take a need back that was just made: its examples teach nothing any more, its messages wait again. */
export const retire = (made) => call("DELETE", `/api/teach/needs/${made.id}`).then(() => trying(loadNeeds, () => {}));

function bodyOf(form) {
  const { name_vi, name_en, department, priority, answer_vi, answer_en, examples } = form.elements;
  return {
    name_vi: name_vi.value.trim(),
    name_en: name_en.value.trim(),
    department: department.value,
    priority: priority.value,
    answer_vi: answer_vi.value.trim(),
    answer_en: answer_en.value.trim(),
    message_ids: [...ticked(), ...(allTicked() ? rest : [])],
    examples: examples.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  };
}

function told(made) {
  toast(t("teach_need_made", { need: made.name_vi, count: made.examples + made.proposed }));
  toldLeft(made);
}

function toldLeft(made) {
  const [first] = made.replaced;
  if (first) toast(t("teach_need_replaced", { count: made.replaced.length, text: first.text, learned: first.learned }), { bad: true });
  const texts = new Map([...samples, ...doubtful].map((sample) => [sample.message_id, sample.text]));
  const told = made.left_out.slice(0, MOST_TOLD).map((one) => {
    const text = (one.text || texts.get(one.message_id) || "").slice(0, 60);
    return text ? t("teach_need_left_one", { text, why: inWords(one.reason) }) : inWords(one.reason);
  });
  if (told.length) toast(t("teach_need_left", { count: made.left_out.length, why: told.join(" ") }), { bad: true });
}

// --- the sentences ----------------------------------------------------------------------------------------------------

const boxes = () => [...byId("need-samples").querySelectorAll("input")];
/** Whether each of the samples is ticked; the doubtful ones stand below them. */
const allTicked = () =>
  boxes()
    .slice(0, samples.length)
    .every((one) => one.checked);
const ticked = () =>
  boxes()
    .filter((one) => one.checked)
    .map((one) => Number(one.value));

function tick(on) {
  for (const box of boxes().slice(0, samples.length)) box.checked = on;
  drawCount();
}

function drawSamples() {
  fill(
    byId("need-samples"),
    samples.map((one) => drawSample(one, true)),
    doubtful.length ? h("li", { class: "doubtful-head muted" }, t("teach_doubtful")) : null,
    doubtful.map((one) => drawSample(one, false)),
  );
  byId("need-samples-part").hidden = !samples.length;
  drawCount();
}

function drawSample(one, checked) {
  return h(
    "li",
    {},
    h(
      "label",
      { class: "check" },
      h("input", { type: "checkbox", value: one.message_id, checked }),
      h("bdi", { dir: "auto" }, one.text),
    ),
  );
}

function drawCount() {
  const all = samples.length + doubtful.length + rest.length;
  say(byId("need-count"), t("teach_need_chosen", { count: ticked().length + (allTicked() ? rest.length : 0), all }));
  say(byId("need-all"), t(allTicked() ? "teach_none" : "teach_all"));
}

/** What a customer who asks for it will meet. */
function drawWay(form) {
  const chosen = form.elements.department.selectedOptions[0];
  const place = byId("need-way");
  place.hidden = !form.elements.department.value || byId("need-answer-part").hidden;
  mark(place, "class", "notice");
  const answers = form.elements.answer_vi.value.trim();
  say(place, t(answers ? "teach_need_answers" : "teach_need_hands", { department: chosen?.textContent ?? "" }));
}
