/** The tab of what the bot says: every answer, what the house made of it, and the one that is being edited. */

import { byId, fill, h, keyed, mark, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { showProblem } from "./problem.js";
import { state } from "./state.js";
import * as editor from "./teach-answer.js";
import { fold } from "./teach-data.js";
import { filledIn } from "./teach-words.js";

let answers = null;
let turn = 0;

/** Wire the tab. */
export function start() {
  byId("answer-search").addEventListener("input", drawList);
  byId("answer-edited").addEventListener("change", drawList);
  editor.start({ onSaved: taken });
}

/** Show the tab, and the answer that the address names. */
export function enter() {
  if (answers) draw();
  load();
}

/** Somebody changed an answer or made a need; what one is writing oneself stays. */
export function heard() {
  load();
}

async function load() {
  turn += 1;
  const mine = turn;
  byId("answers-loading").hidden = Boolean(answers);
  try {
    const given = await call("GET", "/api/teach/answers");
    if (mine !== turn) return;
    answers = given.answers;
    byId("answers-problem").hidden = true;
    draw();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine === turn) showProblem(byId("answers-problem"), failure, load);
  } finally {
    byId("answers-loading").hidden = true;
  }
}

function taken(changed) {
  answers = answers.map((one) => (one.key === changed.key ? changed : one));
  draw();
}

const chosen = () => answers.find((one) => one.key === state.route.item) ?? null;

function draw() {
  drawList();
  const one = chosen();
  byId("answers-page").dataset.open = one ? "yes" : "no";
  byId("answer-none").hidden = Boolean(one);
  editor.show(one);
}

/** What the bot says now, in Vietnamese. */
const current = (one) => (one.edited ?? one.base).vi;

function drawList() {
  if (!answers) return;
  const words = fold(byId("answer-search").value).split(/\s+/).filter(Boolean);
  const only = byId("answer-edited").checked;
  const named = (one) => fold(one.need_label);
  const hit = (text) => words.every((word) => text.includes(word));
  const found = answers.filter(
    (one) =>
      hit([named(one), fold([one.key, one.department_label, ...current(one)].join(" "))].join(" ")) &&
      (!only || one.edited || one.taught),
  );
  // Whoever types a name means that answer, before those that only mention it.
  const shown = [...found.filter((one) => hit(named(one))), ...found.filter((one) => !hit(named(one)))];
  byId("answers-none").hidden = shown.length > 0;
  say(byId("answers-count"), t("teach_answers_count", { count: shown.length }));
  keyed(byId("answer-list"), shown, (one) => one.key, drawRow);
}

function drawRow(one, before) {
  const row = before ?? h("li", {}, h("a", { class: "row", href: `/desk/teach/answers/${one.key}`, "data-nav": true }));
  const link = row.firstElementChild;
  mark(link, "aria-current", one.key === state.route.item ? "true" : null);
  const said = `${current(one).join()}|${one.version}|${one.need_label}`;
  if (row.dataset.said === said) return row;
  row.dataset.said = said;
  fill(
    link,
    h(
      "span",
      { class: "row-top" },
      h("strong", { class: "row-name" }, one.need_label),
      one.taught ? h("span", { class: "badge senior" }, t("teach_answer_taught")) : null,
      one.edited && !one.taught ? h("span", { class: "badge state-assigned" }, t("teach_answer_edited")) : null,
    ),
    h("span", { class: "row-text" }, filledIn(current(one)[0] ?? "")),
    h(
      "span",
      { class: "row-foot" },
      h("span", {}, one.department_label),
      one.edited ? h("span", {}, t("teach_answer_by", { name: one.edited_by, at: moment(one.edited_at) })) : null,
    ),
  );
  return row;
}
