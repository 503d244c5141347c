/** The page on which admins see everybody and make accounts. */

import { byId, h, icon, keyed, theirs } from "../common/dom.js";
import { complete, submitting } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { loadNames } from "./data.js";
import { showProblem } from "./problem.js";
import * as edit from "./staff-edit.js";
import { showPassword } from "./staff-password.js";
import { presence } from "./staff-presence.js";
import { go } from "./router.js";
import { config, labelOf, leads, on, state } from "./state.js";

/** Wire the page. */
export function start() {
  on("route", enter);
  on("people", () => state.route.pane === "staff" && draw());
  byId("staff-form").addEventListener("submit", add);
  byId("staff-search").addEventListener("input", draw);
  edit.start();
}

function enter() {
  if (state.route.pane !== "staff" || !state.me) return;
  if (state.me.role !== "admin") go("/desk", { replace: true });
  else load();
}

async function load() {
  const problem = byId("staff-problem");
  try {
    await loadNames();
    draw();
    problem.hidden = true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    showProblem(problem, failure, load);
  }
}

function draw() {
  byId("staff-count").textContent = String(state.people.length);
  const wanted = fold(byId("staff-search").value.trim());
  const people = state.people.filter((one) =>
    fold(`${one.name} ${one.email} ${one.departments.map(labelOf).join(" ")}`).includes(wanted),
  );
  byId("staff-none").hidden = people.length > 0;
  keyed(byId("staff-list"), people, (one) => one.id, drawPerson);
}

/** For searching: without marks and capitals, so that "lan" finds "Lân". */
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

/** What each card says; one that would say the same stays, so that nothing is replaced under a finger. */
const said = new WeakMap();

function drawPerson(one, before) {
  const all = JSON.stringify(one);
  if (before && said.get(before) === all) return before;
  const card = makeCard(one, before);
  said.set(card, all);
  return card;
}

function makeCard(one, before) {
  const focused = before?.contains(document.activeElement);
  const everywhere = leads(one);
  const where = everywhere ? t("sees_everything") : one.departments.map(labelOf).join(", ") || t("no_department");
  const able = [
    ...one.skills.map((id) => config.skills[id] ?? id),
    ...one.languages.filter((id) => id !== "vi").map((id) => t(`language_${id}`)),
  ];
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet",
      "aria-label": t("person_edit", { name: one.name }),
      on: { click: () => edit.open(one) },
    },
    icon("pencil"),
    t("edit"),
  );
  if (focused) queueMicrotask(() => button.focus());
  return h(
    "li",
    { class: one.active ? "person" : "person inactive" },
    h(
      "div",
      { class: "person-name" },
      h("strong", {}, theirs(one.name)),
      h("span", { class: "badge" }, config.roles[one.role]),
      one.senior ? h("span", { class: "badge senior" }, t("senior")) : null,
    ),
    h("div", { class: "muted" }, theirs(one.email)),
    h("div", { class: "person-where" }, where),
    able.length ? h("div", { class: "person-where muted" }, able.join(", ")) : null,
    h(
      "div",
      { class: "person-tail" },
      one.active ? presence(one.presence) : h("span", { class: "badge duty-inactive" }, icon("lock"), t("inactive")),
      button,
    ),
  );
}

async function add(event) {
  event.preventDefault();
  const form = event.currentTarget;
  if (!complete(form)) return;
  await submitting(form, async () => {
    const { name, email } = form.elements;
    const told = edit.toldBy(form);
    const body = { name: name.value, email: email.value, ...told };
    const made = await call("POST", "/api/staff", { body });
    form.reset();
    showPassword(byId("made"), made);
    load();
  });
}
