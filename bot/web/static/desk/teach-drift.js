/** The tab that tells whether customers have begun to write differently: this week against the month before. */

import { byId, fill, h, icon, keyed, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { day } from "../common/time.js";
import { showProblem } from "./problem.js";
import { allNeeds, count, loadNeeds, needLabel, points, share, trying } from "./teach-data.js";
import { picture, s, scale } from "./teach-svg.js";

const MOST = 6;
/** Needs or words that an alert names. */
const NAMED = 4;
let shown = null;
let turn = 0;

/** Wire the tab: there is nothing to press. */
export function start() {}

/** Show the tab. */
export function enter() {
  load();
}

/** Somebody taught something: the traffic is still the same. */
export function heard() {}

async function load() {
  turn += 1;
  const mine = turn;
  byId("drift-loading").hidden = Boolean(shown);
  try {
    if (!allNeeds().length) await trying(loadNeeds, () => {});
    const given = await call("GET", "/api/teach/drift");
    if (mine !== turn) return;
    shown = given;
    byId("drift-problem").hidden = true;
    draw();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine === turn) showProblem(byId("drift-problem"), failure, load);
  } finally {
    byId("drift-loading").hidden = true;
  }
}

function draw() {
  say(byId("drift-said"), t("teach_drift_said", { since: day(shown.since), before: day(shown.before_since) }));
  const alerts = shown.channels.flatMap((one) => one.alerts.map(({ kind }) => `${channelWord(one.channel)}: ${alertWord(one, kind)}`));
  const place = byId("drift-alerts");
  place.hidden = !alerts.length;
  fill(
    place,
    icon("alert"),
    h(
      "ul",
      {},
      alerts.map((one) => h("li", {}, one)),
    ),
  );
  byId("drift-calm").hidden = alerts.length > 0 || !shown.channels.some((one) => one.enough);
  byId("drift-empty").hidden = shown.channels.length > 0;
  keyed(byId("drift-channels"), shown.channels, (one) => one.channel, drawChannel);
}

/** What moved, in the language of the page and with the names that people give to needs. */
const alertWord = (one, kind) =>
  t(`teach_drift_alert_${kind}`, {
    before: share(one.fallbacks_before.estimate),
    now: share(one.fallbacks.estimate),
    names: (kind === "words"
      ? one.new_words.slice(0, NAMED).map(({ word }) => `“${word}”`)
      : one.shifts.slice(0, NAMED).map(({ need }) => needLabel(need))
    ).join(", "),
  });

const channelWord = (channel) => t(`channel_${channel.replace("-", "_")}`);

function drawChannel(one) {
  const head = h(
    "header",
    { class: "drift-head" },
    h("h2", {}, icon(one.channel), channelWord(one.channel)),
    h(
      "span",
      { class: "muted" },
      t("teach_drift_messages", { now: count(one.messages), before: count(one.messages_before) }),
    ),
  );
  if (!one.enough) return h("li", { class: "card" }, head, h("p", { class: "muted" }, t("teach_drift_few")));
  return h(
    "li",
    { class: "card" },
    head,
    h(
      "div",
      { class: "drift-parts" },
      block(
        "teach_drift_fallbacks",
        fallbackPicture(one),
        h(
          "p",
          { class: "hint" },
          t("teach_drift_growth", {
            change: points(one.growth.estimate),
            low: points(one.growth.low),
            high: points(one.growth.high),
          }),
        ),
      ),
      block(
        "teach_drift_needs",
        one.shifts.length ? shiftPicture(one.shifts.slice(0, MOST)) : h("p", { class: "muted" }, t("teach_drift_same")),
      ),
      block(
        "teach_drift_words",
        one.new_words.length
          ? h(
              "div",
              { class: "cluster-words" },
              one.new_words.map((word) =>
                h(
                  "span",
                  { class: "chip", title: t("teach_customers", { count: word.customers }) },
                  word.word,
                  h("small", {}, ` ${word.messages}`),
                ),
              ),
            )
          : h("p", { class: "muted" }, t("teach_drift_no_words")),
      ),
    ),
  );
}

const block = (title, ...body) => h("section", {}, h("h3", {}, t(title)), body);

const WIDTH = 360;

/** Two bars with their intervals: the month before, and this week. */
function fallbackPicture(one) {
  const most = Math.max(0.1, one.fallbacks.high, one.fallbacks_before.high);
  const x = scale(0, most, 96, WIDTH - 60);
  const bar = (kind, interval, y) => [
    s("text", { class: "name", x: 88, y: y + 15, "text-anchor": "end" }, t(`teach_drift_${kind}`)),
    s("rect", {
      class: `bar is-${kind}`,
      x: x(0),
      y,
      width: Math.max(1, x(interval.estimate) - x(0)),
      height: 20,
      rx: 4,
    }),
    s("line", { class: "whisker", x1: x(interval.low), x2: x(interval.high), y1: y + 10, y2: y + 10 }),
    s("text", { class: "value", x: WIDTH, y: y + 15, "text-anchor": "end" }, share(interval.estimate)),
  ];
  const said = `${t("teach_drift_before")}: ${share(one.fallbacks_before.estimate)}; ${t("teach_drift_now")}: ${share(one.fallbacks.estimate)}`;
  return picture(WIDTH, 62, said, bar("before", one.fallbacks_before, 4), bar("now", one.fallbacks, 34));
}

/** A line for each need whose share moved: from where to where. */
function shiftPicture(shifts) {
  const most = Math.max(0.05, ...shifts.flatMap((one) => [one.before, one.now]));
  const x = scale(0, most, 170, WIDTH - 84);
  const said = shifts.map((one) => `${needLabel(one.need)}: ${share(one.before)} → ${share(one.now)}`).join("; ");
  return picture(
    WIDTH,
    shifts.length * 24 + 4,
    said,
    shifts.map((one, place) => {
      const y = place * 24 + 14;
      const name = needLabel(one.need);
      return s(
        "g",
        { class: one.now > one.before ? "shift is-more" : "shift is-less" },
        s("title", {}, `${name}: ${share(one.before)} → ${share(one.now)}`),
        s(
          "text",
          { class: "name", x: 162, y: y + 4, "text-anchor": "end" },
          name.length > 22 ? `${name.slice(0, 21)}…` : name,
        ),
        s("line", { class: "whisker", x1: x(one.before), x2: x(one.now), y1: y, y2: y }),
        s("circle", { class: "was", cx: x(one.before), cy: y, r: 3.5 }),
        s("circle", { class: "dot", cx: x(one.now), cy: y, r: 5 }),
        s("text", { class: "value", x: WIDTH, y: y + 4, "text-anchor": "end" }, points(one.now - one.before)),
      );
    }),
  );
}
