/** The tab on which messages are looked at one by one: what the bot made of each, and what it should have made of it. */

import { announce, toast } from "../common/dialog.js";
import { byId, fill, h, icon, keyed, mark, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { showProblem } from "./problem.js";
import { go } from "./router.js";
import { kept, on, state } from "./state.js";
import * as card from "./teach-card.js";
import { confirmed } from "./teach-confirm.js";
import { NOT_A_NEED, inWords, needLabel } from "./teach-data.js";
import * as marks from "./teach-marks.js";
import * as need from "./teach-need.js";
import { picker } from "./teach-pick.js";
import { current, decide, decided, idsOf, left, load, look, sitting, step, total, undo } from "./teach-sitting.js";
import * as split from "./teach-split.js";

/** Whoever has read what this page is for is not told again. */
const HINTED = "teach-hinted";
let search = null;

const KEYS = {
  1: () => guess(0),
  2: () => guess(1),
  3: () => guess(2),
  0: () => label(NOT_A_NEED),
  s: skip,
  n: () => makeNeed(),
  t: takeApart,
  z: takeBack,
  e: () => (byId("teach-near").open = !byId("teach-near").open),
  "/": () => search.focus(),
  "?": () => byId("teach-help").click(),
  ArrowDown: () => moved(1),
  ArrowRight: () => moved(1),
  j: () => moved(1),
  ArrowUp: () => moved(-1),
  ArrowLeft: () => moved(-1),
  k: () => moved(-1),
};

/** Wire the tab. */
export function start() {
  search = picker({
    label: t("teach_search_need"),
    onPick: label,
    onNew: makeNeed,
    key: h("kbd", { "aria-hidden": "true" }, "/"),
  });
  byId("teach-search").append(search.element);
  marks.start(draw);
  card.start({ onGuess: guess, onChange: draw, onWithdraw: withdraw });
  const does = {
    none: () => label(NOT_A_NEED),
    skip,
    split: takeApart,
    need: () => makeNeed(),
    undo: takeBack,
    previous: () => moved(-1),
    next: () => moved(1),
  };
  for (const button of document.querySelectorAll("[data-tab-of=review] [data-do]"))
    button.addEventListener("click", () => does[button.dataset.do]());
  byId("teach-more").addEventListener("click", () => refresh({ more: true }));
  byId("review-hint-done").addEventListener("click", () => {
    kept.set(HINTED, true);
    byId("review-hint").hidden = true;
  });
  document.addEventListener("keydown", pressed);
  on("needs", () => sitting.entries && here() && draw());
}

const here = () => state.route.pane === "teach" && state.route.tab === "review";

/** Show the tab; what is on it already stays while it is loaded anew. */
export function enter() {
  byId("review-hint").hidden = kept.get(HINTED, false);
  if (sitting.entries) draw();
  refresh();
}

/** Somebody else decided something. One's own decisions are on the screen already. */
export function heard(data) {
  if (data.by !== undefined && data.by !== state.me.id && !sitting.pending) refresh();
}

async function refresh(how) {
  byId("review-loading").hidden = Boolean(sitting.entries);
  try {
    await load(how);
    byId("review-problem").hidden = true;
    draw();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    showProblem(byId("review-problem"), failure, () => refresh(how));
  } finally {
    byId("review-loading").hidden = true;
  }
}

function pressed(event) {
  if (!here() || document.querySelector("dialog[open]") || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const work = KEYS[event.key];
  if (!work || !kept.get("keys", true) || !sitting.entries) return;
  event.preventDefault();
  work();
}

/** Look at the message before or after; behind the last one of the sitting more are fetched, where more wait. */
async function moved(by) {
  if (by > 0 && sitting.at === sitting.entries.length - 1 && moreWait()) await refresh({ more: true });
  step(by);
  draw();
}

const moreWait = () => left() > sitting.entries.length;

// --- deciding ---------------------------------------------------------------------------------------------------------

function guess(place) {
  const entry = current();
  const name = entry && card.guessesOf(entry)[place]?.name;
  if (name) label(name);
}

function label(name) {
  const entry = current();
  if (!entry) return;
  const entities = marks.entitiesOf(entry);
  const [id, ...also] = idsOf(entry);
  // Between two people an admin has the last word, also where they are one of the two.
  const settle = card.disputed(entry) && state.me.role === "admin";
  const body = { label: name, also, ...(entities.length ? { entities } : {}), ...(settle ? { settle } : {}) };
  run({ what: t("teach_did_label", { need: needLabel(name) }), takeBack: unlabel }, async () => {
    const { decisions } = await call("POST", `/api/teach/${id}/label`, { body });
    if (decisions.some((one) => one.disputed)) toast(t("teach_objected"));
  });
}

function skip() {
  const entry = current();
  if (!entry) return;
  const [id, ...also] = idsOf(entry);
  run({ what: t("teach_did_skip"), takeBack: unlabel }, () =>
    call("POST", `/api/teach/${id}/skip`, { body: { also } }),
  );
}

function unlabel(entry) {
  const [id, ...also] = idsOf(entry);
  return call("POST", `/api/teach/${id}/undo`, { body: { also } });
}

async function run(way, send) {
  const deciding = decide(way, send, refused);
  announce(way.what);
  draw();
  await deciding;
  draw();
}

function refused(failure, entry) {
  draw();
  toast(t("teach_came_back", { text: entry.text.slice(0, 60), why: inWords(failure.message) }), { bad: true });
}

async function takeBack() {
  if (!sitting.done.length) return;
  announce(t("undone", { what: sitting.done.at(-1).what }));
  const undoing = undo(refused);
  draw();
  await undoing;
  draw();
}

/** Take back what was said elsewhere of the same words, so that this one can be said. */
async function withdraw(said) {
  const entry = current();
  const done = await confirmed({
    title: t("teach_withdraw_title"),
    text: t("teach_withdraw_said", { name: said.by || t("teach_said_files"), need: needLabel(said.label) }),
    submit: t("teach_withdraw"),
    work: () =>
      said.example_id === null
        ? call("POST", `/api/teach/${said.message_id}/undo`, { body: {} })
        : call("DELETE", `/api/teach/examples/${said.example_id}`),
  });
  if (!done) return;
  entry.problem = null;
  refresh();
}

async function takeApart() {
  const entry = current();
  if (!entry) return;
  const labels = await split.open(entry);
  if (!labels) return;
  decided(entry, { what: t("teach_did_split", { needs: labels.map(needLabel).join(", ") }), takeBack: unlabel });
  draw();
}

async function makeNeed(words = "") {
  const entry = current();
  if (!entry) return;
  const samples = [entry, ...entry.members.map((id, place) => ({ message_id: id, text: entry.others[place] ?? null }))];
  const made = await need.open({
    name: words,
    samples: samples.filter((one) => one.text !== null),
    rest: samples.filter((one) => one.text === null).map((one) => one.message_id),
  });
  if (!made) return;
  decided(entry, { what: t("teach_did_need", { need: made.label }), takeBack: () => need.retire(made) });
  draw();
}

// --- drawing ----------------------------------------------------------------------------------------------------------

function draw() {
  if (!here() || !sitting.entries) return;
  const entry = current();
  byId("review-empty").hidden = Boolean(entry);
  byId("review-work").hidden = !entry;
  drawProgress();
  keyed(byId("review-list"), sitting.entries, (one) => one.message_id, drawRow);
  if (entry) card.draw(entry);
  else drawEmpty();
}

function drawProgress() {
  const all = total();
  byId("review-bar").hidden = !all;
  say(byId("review-said"), t("teach_seen", { done: sitting.count, count: all }));
  const bar = byId("review-progress");
  mark(bar, "max", Math.max(1, all));
  bar.value = sitting.count;
  const undoable = sitting.done.at(-1);
  for (const button of document.querySelectorAll("[data-tab-of=review] [data-do=undo]")) button.disabled = !undoable;
  const bars = byId("review-undo");
  bars.hidden = !undoable;
  if (undoable) say(byId("review-undo-said"), undoable.what);
  byId("review-two").hidden = !sitting.twoReviewers;
}

function drawEmpty() {
  const some = sitting.count > 0;
  say(byId("review-empty-title"), t(some ? "teach_sitting_done" : "teach_nothing_title"));
  const done = sitting.twoReviewers ? "teach_sitting_two" : "teach_sitting_text";
  say(byId("review-empty-text"), some ? t(done, { count: sitting.count }) : t("teach_nothing_text"));
  byId("teach-more").hidden = !moreWait();
  byId("teach-to-training").hidden = !some;
}

function drawRow(entry, before) {
  const row = before ?? h("li", {}, h("button", { type: "button", class: "row review-row" }));
  const button = row.firstElementChild;
  button.onclick = () => {
    look(sitting.entries.indexOf(entry));
    draw();
    if (matchMedia("(max-width: 899px)").matches) go("/desk/teach");
  };
  const chosen = entry === current();
  mark(button, "aria-current", chosen ? "true" : null);
  const said = `${entry.text}|${entry.size}|${entry.reasons[0]}|${entry.problem?.message}`;
  if (row.dataset.said !== said) {
    row.dataset.said = said;
    fill(
      button,
      h("span", { class: "row-text" }, h("bdi", { dir: "auto" }, entry.text)),
      h(
        "span",
        { class: "row-foot" },
        h("span", {}, card.reasonWord(entry.reasons[0])),
        entry.size > 1 ? h("span", {}, t("teach_size", { count: entry.size })) : null,
        entry.problem
          ? h("span", { class: "badge due", data: { late: "late" } }, icon("alert"), t("teach_came_back_short"))
          : null,
      ),
    );
  }
  if (chosen && !before?.dataset.chosen) button.scrollIntoView?.({ block: "nearest" });
  row.dataset.chosen = chosen ? "yes" : "";
  return row;
}
