/** What the gate found: allowed or why not, what changed where, and what would have changed for last week's customers. */

import { byId, fill, h, icon, mark, say } from "../common/dom.js";
import { maybe, t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { count, needLabel, points, share } from "./teach-data.js";
import { calibrationPicture, confusionPicture, deltaPicture } from "./teach-gate-pictures.js";
import * as promote from "./teach-promote.js";

const MOST = 12;

/** Draw the verdict of a training; `model` is what it made, `undefined` where it is kept no more. */
export function draw(training, model) {
  const { gate } = training;
  drawBanner(training, model);
  fill(byId("gate-figures"), figures(gate));
  fill(
    byId("gate-deltas"),
    part(t("teach_gate_styles"), t("teach_gate_styles_hint"), deltaPicture(gate.styles, styleWord)),
    gate.intents.length
      ? part(t("teach_gate_intents"), t("teach_gate_intents_hint"), deltaPicture(weightiest(gate.intents), needLabel))
      : null,
    gate.confusions.length
      ? part(t("teach_gate_confusions"), t("teach_gate_confusions_hint"), confusionPicture(gate.confusions))
      : null,
    gate.bins_after.length
      ? part(
          t("teach_gate_calibration"),
          t("teach_gate_calibration_hint"),
          calibrationPicture(gate.bins_before, gate.bins_after),
        )
      : null,
  );
  drawCorrections(gate);
  drawReplay(gate);
}

/** A reason with what people call the needs and styles in it, which the gate names by their ids. */
export const worded = (reason) =>
  reason.text.replace(
    /“(\w+)”/g,
    (_, id) => `“${reason.code === "style" ? styleWord(id) : needLabel(id)}”`,
  );

const styleWord = (style) => maybe(`teach_style_${style}`, style || t("teach_style_other"));

/** The needs that changed most, lost ones first. */
const weightiest = (intents) =>
  [...intents]
    .sort((one, other) => one.won - one.lost - (other.won - other.lost))
    .filter((_, place, all) => place < MOST / 2 || place >= all.length - MOST / 2);

function part(title, hint, body) {
  return h("section", { class: "gate-part" }, h("h3", {}, title), h("p", { class: "hint" }, hint), body);
}

function drawBanner(training, model) {
  const { gate } = training;
  const banner = byId("gate-banner");
  mark(banner, "class", gate.allowed ? "gate-banner is-allowed" : "gate-banner is-refused");
  fill(
    banner,
    icon(gate.allowed ? "check" : "alert"),
    h(
      "div",
      {},
      h("h2", {}, t(gate.allowed ? "teach_gate_allowed" : "teach_gate_not_allowed")),
      h("p", {}, summary(gate.overall)),
      gate.reasons.length
        ? h(
            "ul",
            { class: "reasons" },
            gate.reasons.map((one) => h("li", {}, worded(one))),
          )
        : null,
      gate.notices.length
        ? h(
            "details",
            { open: gate.allowed },
            h("summary", {}, t("teach_gate_notices", { count: gate.notices.length })),
            h(
              "ul",
              { class: "reasons" },
              gate.notices.map((one) => h("li", {}, worded(one))),
            ),
          )
        : null,
    ),
  );
  say(byId("gate-title"), t("teach_gate_of", { at: moment(training.started_at) }));
  const tail = byId("gate-do");
  const offered = model && !model.serving;
  tail.hidden = !offered;
  if (!offered) return;
  fill(
    tail,
    h(
      "button",
      {
        type: "button",
        class: gate.allowed ? "primary" : "risky",
        on: { click: () => promote.ask({ ...model, allowed: gate.allowed }, gate.reasons) },
      },
      t(gate.allowed ? "teach_promote" : "teach_override"),
    ),
  );
}

/** "Hiểu đúng 94,1 % → 95,3 %": the one sentence that says what it is about. */
function summary(overall) {
  return t("teach_gate_summary", {
    before: share(overall.before),
    after: share(overall.after),
    count: overall.count,
    change: points(overall.change.estimate),
    low: points(overall.change.low),
    high: points(overall.change.high),
  });
}

function figures(gate) {
  const { overall } = gate;
  const shown = [
    [
      t("teach_figure_right"),
      `${share(overall.before)} → ${share(overall.after)}`,
      t("teach_figure_won", { won: overall.won, lost: overall.lost }),
    ],
    [
      t("teach_figure_corrections"),
      t("teach_figure_undone", { count: gate.undone }),
      t("teach_figure_still", { count: gate.still_wrong }),
    ],
    [
      t("teach_figure_calibration"),
      `${share(gate.calibration_before)} → ${share(gate.calibration_after)}`,
      t("teach_figure_calibration_hint"),
    ],
    gate.p95_after_ms === null
      ? null
      : [
          t("teach_figure_speed"),
          `${count(gate.p95_before_ms)} → ${count(gate.p95_after_ms)} ms`,
          t("teach_figure_speed_hint"),
        ],
    gate.replay_messages
      ? [
          t("teach_figure_replay"),
          share(gate.replay_changed / gate.replay_messages),
          t("teach_figure_replay_hint", { changed: gate.replay_changed, count: gate.replay_messages }),
        ]
      : null,
  ];
  return shown
    .filter(Boolean)
    .map(([title, figure, hint]) =>
      h(
        "div",
        { class: "figure" },
        h("dt", {}, title),
        h("dd", {}, h("strong", {}, figure), h("span", { class: "hint" }, hint)),
      ),
    );
}

function drawCorrections(gate) {
  const shown = [
    ["teach_undone_title", gate.undone_list],
    ["teach_still_title", gate.still_wrong_list],
  ].filter(([, list]) => list.length);
  fill(
    byId("gate-corrections"),
    shown.map(([title, list]) =>
      h(
        "details",
        { class: "gate-part" },
        h("summary", {}, t(title, { count: list.length })),
        h(
          "ul",
          { class: "replay" },
          list.map((one) =>
            move(one.text, [
              [t("teach_truth"), one.truth],
              [t("teach_before"), one.before],
              [t("teach_after"), one.after],
            ]),
          ),
        ),
      ),
    ),
  );
}

function drawReplay(gate) {
  const place = byId("gate-replay");
  place.hidden = !gate.replay.length;
  if (!gate.replay.length) return;
  fill(
    place,
    h("h3", {}, t("teach_replay")),
    h(
      "p",
      { class: "hint" },
      t("teach_replay_hint", { changed: count(gate.replay_changed), count: count(gate.replay_messages) }),
    ),
    h(
      "ul",
      { class: "replay" },
      gate.replay.map((one) =>
        move(
          one.text,
          [
            [t("teach_before"), one.before],
            [t("teach_after"), one.after],
          ],
          one.count > 1 ? t("teach_size", { count: one.count }) : "",
        ),
      ),
    ),
  );
}

/** A message, and from which reading to which it moves. */
export function move(text, readings, tail = "") {
  return h(
    "li",
    {},
    h("bdi", { dir: "auto", class: "replay-text" }, text),
    h(
      "span",
      { class: "replay-move" },
      readings.map(([word, name]) => h("span", {}, h("span", { class: "muted" }, `${word}: `), needLabel(name))),
      tail ? h("span", { class: "badge" }, tail) : null,
    ),
  );
}
