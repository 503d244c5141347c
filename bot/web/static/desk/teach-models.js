/** The tab of trainings and models: train, see what the gate says, promote, and go back. */

import { toast } from "../common/dialog.js";
import { byId, fill, h, keyed, mark, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { maybe, t } from "../common/i18n.js";
import { moment, span } from "../common/time.js";
import { once } from "./once.js";
import { showProblem } from "./problem.js";
import { go } from "./router.js";
import { state } from "./state.js";
import { allNeeds, count, inWords, loadNeeds, needLabel, trying } from "./teach-data.js";
import { confirmed } from "./teach-confirm.js";
import * as gate from "./teach-gate.js";
import { accuracyPicture } from "./teach-history.js";
import * as progress from "./teach-progress.js";
import * as promote from "./teach-promote.js";
import * as shadow from "./teach-shadow.js";

const AGAIN = 2000;
/** Between its start and its first live sign, and where a sign is missed, a training is looked at this often. */
let known = null;
let turn = 0;
let timer = null;

/** Wire the tab. */
export function start() {
  byId("training-start").addEventListener("click", (event) => once(event.currentTarget, train));
  byId("training-cancel").addEventListener("click", (event) => once(event.currentTarget, cancel));
  byId("model-back").addEventListener("click", rollBack);
  shadow.start({ again: load });
  promote.start({ again: load });
}

const here = () => state.route.pane === "teach" && state.route.tab === "models";

/** Show the tab; the address may name a training. */
export function enter() {
  if (known) draw();
  load();
  if (!allNeeds().length) trying(loadNeeds, () => {}).then(() => known && here() && draw());
}

/** A step of a training, another model, a decision. */
export const heard = () => load();

async function load() {
  clearTimeout(timer);
  turn += 1;
  const mine = turn;
  byId("models-loading").hidden = Boolean(known);
  try {
    const [trainings, models, history, running] = await Promise.all([
      call("GET", "/api/teach/trainings"),
      call("GET", "/api/teach/models"),
      trying(
        () => call("GET", "/api/teach/history"),
        () => {},
      ),
      trying(
        () => call("GET", "/api/teach/shadow"),
        () => {},
      ),
    ]);
    if (mine !== turn) return;
    known = { ...trainings, ...models, history, shadow: running };
    byId("models-problem").hidden = true;
    draw();
    if (here() && (known.running || known.serving !== known.promoted)) timer = setTimeout(load, AGAIN);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine === turn) showProblem(byId("models-problem"), failure, load);
  } finally {
    byId("models-loading").hidden = true;
  }
}

// --- training ---------------------------------------------------------------------------------------------------------

async function train() {
  const made = await trying(() => call("POST", "/api/teach/trainings"), bad);
  if (made && state.route.item) go("/desk/teach/models");
  await load();
}

async function cancel() {
  await trying(() => call("DELETE", `/api/teach/trainings/${known.running.id}`), bad);
  await load();
}

const bad = (failure) => toast(failure.message, { bad: true });

async function rollBack() {
  const done = await confirmed({
    title: t("teach_back_title"),
    text: t("teach_back_text"),
    submit: t("teach_back"),
    work: () => call("POST", "/api/teach/rollback"),
  });
  if (done) toast(t("teach_back_done"));
  await load();
}

// --- drawing ----------------------------------------------------------------------------------------------------------

/** The training whose verdict is shown: the one in the address, else the newest that was compared. */
const chosen = () =>
  known.trainings.find((one) => String(one.id) === state.route.item) ??
  known.trainings.find((one) => one.gate && one.state === "done");

function draw() {
  if (!here()) return;
  drawTraining();
  drawServing();
  keyed(byId("model-list"), known.models, (one) => one.id, drawModel);
  byId("models-none").hidden = known.models.length > 0;
  const training = chosen();
  byId("gate").hidden = !training?.gate;
  byId("gate-none").hidden = Boolean(training?.gate);
  if (training?.gate)
    gate.draw(
      training,
      known.models.find((one) => one.id === training.model_id),
    );
  shadow.draw(known.shadow, known.models);
  drawHistory();
}

function drawTraining() {
  const { running } = known;
  byId("training-start").hidden = Boolean(running);
  byId("training-running").hidden = !running;
  progress.follow(running, known.trainings);
  if (running) {
    say(
      byId("training-step"),
      maybe(`teach_step_${running.progress.toLowerCase().replace(/\W+/g, "_")}`, t("teach_step_learning")),
    );
    say(
      byId("training-by"),
      t("teach_training_by", {
        name: running.started_by || t("teach_shell"),
        at: moment(running.started_at),
        count: running.examples,
      }),
    );
  }
  const last = known.trainings.find((one) => one.state !== "running");
  drawLast(running ? null : last);
  drawUnlearned((running ?? last)?.unlearned ?? []);
  keyed(byId("training-list"), known.trainings.slice(0, 12), (one) => one.id, drawTrained);
  byId("training-list-part").hidden = !known.trainings.length;
}

function drawLast(last) {
  const place = byId("training-last");
  const ended = last && ["failed", "interrupted", "cancelled"].includes(last.state);
  place.hidden = !ended;
  if (!ended) return;
  mark(place, "class", last.state === "failed" ? "inline-problem flat" : "notice warn");
  fill(
    place,
    h("strong", {}, t(`teach_training_${last.state}_long`)),
    last.faults.length
      ? h(
          "ul",
          { class: "faults" },
          last.faults.map((one) => h("li", {}, inWords(one))),
        )
      : null,
  );
}

function unlearnedWord(one) {
  if (one.text) return "teach_unlearned_text";
  return one.missing ? "teach_unlearned_few" : "teach_unlearned_gone";
}

/** What the newest training went without, and what it takes. */
function drawUnlearned(needs) {
  const place = byId("training-unlearned");
  place.hidden = !needs.length;
  fill(
    place,
    needs.map((one) =>
      h(
        "li",
        {},
        t(unlearnedWord(one), {
          text: one.text,
          need: needLabel(one.intent) === one.intent ? one.name : needLabel(one.intent),
          count: one.missing,
        }),
      ),
    ),
  );
}

function drawTrained(one) {
  const took = one.ended_at ? span(Date.parse(one.ended_at) - Date.parse(one.started_at)) : "";
  const said = [
    moment(one.started_at),
    one.started_by || t("teach_shell"),
    t("teach_examples_count", { count: one.examples }),
    took,
  ];
  const tone = { done: "resolved", running: "assigned" }[one.state] ?? "waiting";
  return h(
    "li",
    { class: "trained" },
    h("span", { class: `badge state-${tone}` }, t(`teach_training_${one.state}`)),
    h("span", { class: "muted" }, said.filter(Boolean).join(" · ")),
    one.gate
      ? h(
          "a",
          { href: `/desk/teach/models/${one.id}`, "data-nav": true },
          t(one.gate.allowed ? "teach_gate_passed" : "teach_gate_refused"),
        )
      : null,
  );
}

function drawServing() {
  const name = known.serving;
  const model = known.models.find((one) => one.id === name);
  const waits = known.promoted && known.promoted !== known.serving;
  fill(
    byId("serving"),
    model ? modelName(model) : null,
    model ? " " : null,
    name ? h("code", { class: "muted" }, name) : h("span", {}, t("teach_serving_unknown")),
    waits ? h("span", { class: "badge state-waiting" }, t("teach_serving_soon")) : null,
  );
  byId("model-back").hidden = !known.can_roll_back;
}

/** People know a model by when it was made; its id is for the log and the shell. */
const modelName = (one) => h("strong", { class: "row-name" }, moment(one.made_at));

function drawModel(one) {
  const [tone, word] =
    one.allowed === null
      ? ["", "teach_model_unjudged"]
      : one.allowed
        ? ["state-resolved", "teach_gate_passed"]
        : ["priority-high", "teach_gate_refused"];
  const shown = one.training_id !== null && chosen()?.id === one.training_id;
  return h(
    "li",
    { class: "model", "aria-current": shown ? "true" : null, data: { model: one.id } },
    h(
      "div",
      { class: "row-top" },
      modelName(one),
      one.serving ? h("span", { class: "badge state-assigned" }, t("teach_model_serving")) : null,
    ),
    h(
      "div",
      { class: "row-foot" },
      h("span", { class: `badge ${tone}` }, t(word)),
      h("code", {}, one.id),
      h("span", {}, t("teach_model_size", { size: count(one.bytes / 1_000_000) })),
    ),
    h(
      "div",
      { class: "model-tail" },
      one.training_id !== null && !shown
        ? h(
            "a",
            { class: "button", href: `/desk/teach/models/${one.training_id}`, "data-nav": true },
            t("teach_model_verdict"),
          )
        : null,
      one.serving
        ? null
        : h(
            "button",
            { type: "button", class: one.allowed && !one.served ? "primary" : "", on: { click: () => promote.ask(one) } },
            t("teach_promote"),
          ),
      one.serving ? null : shadow.button(one, known.shadow),
    ),
  );
}

function drawHistory() {
  const points = known.history?.points ?? [];
  byId("history-part").hidden = points.length < 1;
  if (points.length) fill(byId("history-picture"), accuracyPicture(points));
}
