/** The tab of needs that have no name yet: messages that nobody understood, in groups that seem to be about one thing. */

import { toast } from "../common/dialog.js";
import { byId, h, icon, keyed, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { once } from "./once.js";
import { showProblem } from "./problem.js";
import { on, state } from "./state.js";
import { allNeeds, count, inWords, loadNeeds, needLabel, trying } from "./teach-data.js";
import * as need from "./teach-need.js";
import { loadMade } from "./teach-needs-made.js";
import { picker } from "./teach-pick.js";

const AGAIN = 1500;
/** Members that a decision may be meant for at once. */
const AT_ONCE = 99;
let found = null;
let turn = 0;
let timer = null;

/** Wire the tab. */
export function start() {
  byId("cluster-start").addEventListener("click", (event) => once(event.currentTarget, begin));
  byId("need-new").addEventListener("click", async () => {
    if (await need.open({})) loadMade();
  });
  on("needs", () => here() && found && draw());
}

const here = () => state.route.pane === "teach" && state.route.tab === "needs";

/** Show the tab. */
export function enter() {
  if (found) draw();
  load();
  loadMade();
  if (!allNeeds().length) trying(loadNeeds, () => {});
}

/** Something happened in teaching. */
export function heard() {
  load();
  loadMade();
}

async function load() {
  clearTimeout(timer);
  turn += 1;
  const mine = turn;
  const problem = byId("clusters-problem");
  try {
    const given = await call("GET", "/api/teach/clusters");
    if (mine !== turn) return;
    found = given;
    problem.hidden = true;
    draw();
    // Live events tell of the end; where one is missed, the page finds out by itself.
    if (found.state === "running" && here()) timer = setTimeout(load, AGAIN);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine === turn) showProblem(problem, failure, load);
  }
}

async function begin() {
  await trying(
    () => call("POST", "/api/teach/clusters"),
    (failure) => toast(failure.message, { bad: true }),
  );
  await load();
}

function draw() {
  const running = found.state === "running";
  byId("cluster-start").hidden = running;
  byId("clusters-running").hidden = !running;
  say(byId("cluster-start-word"), t(found.state === "none" ? "teach_clusters_start" : "teach_clusters_again"));
  const failed = byId("clusters-failed");
  failed.hidden = found.state !== "failed";
  say(failed, t("teach_clusters_failed", { why: found.fault ?? "" }));
  const said = byId("clusters-said");
  say(
    said,
    found.state === "done" ? t("teach_clusters_said", { count: count(found.messages), at: moment(found.made_at) }) : "",
  );
  const empty = byId("clusters-empty");
  empty.hidden = running || found.state === "failed" || found.clusters.length > 0;
  say(
    byId("clusters-empty-title"),
    t(found.state === "none" ? "teach_clusters_none_title" : "teach_clusters_clear_title"),
  );
  say(byId("clusters-empty-text"), t(found.state === "none" ? "teach_clusters_none" : "teach_clusters_clear"));
  keyed(
    byId("clusters"),
    running ? [] : found.clusters,
    (one) => `${found.made_at}-${one.id}-${one.members.join()}`,
    drawCluster,
  );
}

function drawCluster(one, before) {
  if (before) return before;
  const into = picker({ label: t("teach_cluster_into"), onPick: (name) => join(one, name) });
  return h(
    "li",
    { class: "card cluster" },
    h(
      "div",
      { class: "cluster-words" },
      one.words.map((word) => h("span", { class: "chip" }, word)),
    ),
    h(
      "p",
      { class: "muted" },
      [
        t("teach_size", { count: one.size }),
        t("teach_customers", { count: one.customers }),
        one.members.length > one.near ? t("teach_cluster_more", { count: one.members.length - one.near }) : "",
      ]
        .filter(Boolean)
        .join(" · "),
    ),
    quotes(one.samples),
    one.doubtful.length ? h("p", { class: "doubtful-head muted" }, t("teach_doubtful")) : null,
    one.doubtful.length ? quotes(one.doubtful) : null,
    h(
      "div",
      { class: "cluster-tail" },
      h(
        "button",
        { type: "button", class: "primary", on: { click: () => makeNeed(one) } },
        icon("plus"),
        t("teach_cluster_need"),
      ),
      into.element,
    ),
  );
}

const quotes = (samples) =>
  h(
    "ul",
    { class: "quotes" },
    samples.map((sample) => h("li", {}, h("bdi", { dir: "auto" }, sample.text))),
  );

async function makeNeed(one) {
  const shown = new Set(one.samples.map((sample) => sample.message_id));
  const rest = one.members.slice(0, one.near).filter((id) => !shown.has(id));
  const made = await need.open({ samples: one.samples, doubtful: one.doubtful, rest });
  if (!made) return;
  gone(one);
  loadMade();
}

/** What is near the middle of the group is about a need that has a name already. */
async function join(one, name) {
  const [first, ...others] = one.members.slice(0, one.near);
  const body = { label: name, also: others.slice(0, AT_ONCE) };
  const done = await trying(
    () => call("POST", `/api/teach/${first}/label`, { body }),
    (failure) => toast(inWords(failure.message), { bad: true }),
  );
  if (!done) return;
  toast(t("teach_cluster_joined", { count: done.decisions.length, need: needLabel(name) }));
  gone(one);
}

function gone(one) {
  found = { ...found, clusters: found.clusters.filter((other) => other !== one) };
  draw();
}
