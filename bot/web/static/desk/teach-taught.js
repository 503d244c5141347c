/** The tab of what was taught: every sentence with who said so, a way to take it back, and all of it as a file. */

import { toast } from "../common/dialog.js";
import { byId, h, icon, keyed } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { once } from "./once.js";
import { showProblem } from "./problem.js";
import { on, state } from "./state.js";
import { allNeeds, loadNeeds, needLabel, trying } from "./teach-data.js";
import { confirmed } from "./teach-confirm.js";

const PAGE = 50;
let shown = { examples: null, next: null };
let wanted = "";
let turn = 0;

/** Wire the tab. */
export function start() {
  byId("taught-states").addEventListener("click", ({ target }) => {
    const button = target.closest("[data-state]");
    if (!button) return;
    wanted = button.dataset.state;
    for (const one of byId("taught-states").children) one.setAttribute("aria-pressed", String(one === button));
    load();
  });
  byId("taught-more").addEventListener("click", (event) => once(event.currentTarget, more));
  on("needs", () => state.route.pane === "teach" && state.route.tab === "taught" && shown.examples && draw());
}

/** Show the tab. */
export function enter() {
  if (!allNeeds().length) trying(loadNeeds, () => {});
  load();
}

/** Somebody decided something. */
export function heard() {
  // Whoever has paged down keeps their place.
  if ((shown.examples?.length ?? 0) <= PAGE) load();
}

const asked = (before) => {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (wanted) query.set("state", wanted);
  if (before) query.set("before", String(before));
  return call("GET", `/api/teach/examples?${query}`);
};

async function load() {
  turn += 1;
  const mine = turn;
  byId("taught-loading").hidden = Boolean(shown.examples);
  try {
    const given = await asked(null);
    if (mine !== turn) return;
    shown = given;
    byId("taught-problem").hidden = true;
    draw();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine === turn) showProblem(byId("taught-problem"), failure, load);
  } finally {
    byId("taught-loading").hidden = true;
  }
}

async function more() {
  const given = await trying(() => asked(shown.next), bad);
  if (!given) return;
  shown = { examples: [...shown.examples, ...given.examples], next: given.next };
  draw();
}

function draw() {
  keyed(byId("taught-list"), shown.examples, (one) => one.id, drawExample);
  byId("taught-none").hidden = shown.examples.length > 0;
  byId("taught-more").hidden = shown.next === null;
}

const TONES = { approved: "state-resolved", proposed: "state-waiting", withdrawn: "" };

function drawExample(one) {
  const gone = one.state === "withdrawn";
  const who =
    one.reviewed_by && one.reviewed_by !== one.labelled_by
      ? t("teach_taught_two", { name: one.labelled_by, other: one.reviewed_by })
      : one.labelled_by;
  return h(
    "li",
    { class: gone ? "person inactive" : "person" },
    h("div", { class: "taught-text" }, gone ? h("em", { class: "muted" }, t("teach_taught_gone")) : marked(one)),
    h(
      "div",
      { class: "row-foot" },
      h("span", { class: "badge" }, needLabel(one.label)),
      h("span", { class: `badge ${TONES[one.state]}` }, t(`teach_state_${one.state}`)),
      one.refused ? h("span", { class: "badge due" }, t("teach_refused_state")) : null,
      h("span", {}, who),
      h("span", {}, moment(one.made_at)),
    ),
    gone
      ? h("div", { class: "person-tail" }, one.refused ? allowance(one) : null)
      : h("div", { class: "person-tail" }, approval(one), withdrawal(one), refusal(one)),
  );
}

/** Where two people are wanted, whoever did not label it may be the second. */
function approval(one) {
  if (one.state !== "proposed" || one.labelled_by_id === state.me.id) return null;
  const press = (event) => once(event.currentTarget, () => approve(one));
  return h("button", { type: "button", class: "primary", on: { click: press } }, icon("check"), t("teach_agree"));
}

const withdrawal = (one) =>
  h(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-label": t("teach_withdraw_this", { text: one.text.slice(0, 60) }),
      on: { click: () => withdraw(one) },
    },
    icon("close"),
    t("teach_withdraw"),
  );

/** A customer's own word: everything that was learned from them goes. */
const refusal = (one) =>
  one.customer_id === null
    ? null
    : h("button", { type: "button", class: "quiet", on: { click: () => refuse(one) } }, t("teach_refuse"));

const allowance = (one) =>
  h(
    "button",
    { type: "button", class: "quiet", on: { click: (event) => once(event.currentTarget, () => allow(one)) } },
    t("teach_allow"),
  );

const bad = (failure) => toast(failure.message, { bad: true });

async function refuse(one) {
  let told = null;
  const done = await confirmed({
    title: t("teach_refuse_title"),
    text: t("teach_refuse_text"),
    submit: t("teach_refuse_do"),
    work: async () => {
      told = await call("POST", `/api/teach/customers/${one.customer_id}/withdraw`);
    },
  });
  if (!done) return;
  toast(t("teach_refused", { count: told.examples }));
  load();
}

async function allow(one) {
  const done = await trying(() => call("DELETE", `/api/teach/customers/${one.customer_id}/withdraw`), bad);
  if (done) toast(t("teach_allowed"));
  await load();
}

async function approve(one) {
  await trying(() => call("POST", `/api/teach/examples/${one.id}/approve`), bad);
  await load();
}

/** The sentence with what was marked in it. */
function marked(one) {
  const points = [...one.text];
  const place = h("bdi", { dir: "auto" });
  let reached = 0;
  for (const { start, end, entity } of one.entities ?? []) {
    place.append(
      points.slice(reached, start).join(""),
      h("mark", { class: "teach-mark", title: entity }, points.slice(start, end).join("")),
    );
    reached = end;
  }
  place.append(points.slice(reached).join(""));
  return place;
}

async function withdraw(one) {
  const done = await confirmed({
    title: t("teach_withdraw_title"),
    text: t("teach_withdraw_text", { text: one.text.slice(0, 120) }),
    submit: t("teach_withdraw"),
    work: () => call("DELETE", `/api/teach/examples/${one.id}`),
  });
  if (!done) return;
  toast(t("teach_withdrawn"));
  load();
}
