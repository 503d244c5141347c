/** The page of the week: who works when. Those who lead plan it; everybody asks for their own leave here. */

import { byId, fill, gathered, h, icon, keyed, mark, say, theirs } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { chosen, drawPicker } from "./departments.js";
import { showProblem } from "./problem.js";
import { presence } from "./staff-presence.js";
import * as day from "./roster-day.js";
import { blocksOn, daySaid, worked } from "./roster-plan.js";
import {
  addDays,
  date,
  daysFrom,
  isDay,
  longDay,
  monday,
  sayHours,
  shortWeekday,
  today,
  wholeDate,
} from "./roster-time.js";
import { go } from "./router.js";
import { labelOf, leads, on, state } from "./state.js";

const AGAIN = 1500;
let shown = null;
let turn = 0;

/** Wire the page. */
export function start() {
  on("route", enter);
  on("roster", () => here() && load());
  on("people", () => here() && soon());
  day.start();
  byId("week-before").addEventListener("click", () => move(-7));
  byId("week-after").addEventListener("click", () => move(7));
  byId("week-now").addEventListener("click", () => visit(chosen(), monday(today())));
  byId("roster-department").addEventListener("change", (event) => visit(event.target.value, week()));
  byId("leave-mine").addEventListener("click", askLeave);
}

const here = () => state.route.pane === "roster" && state.me;
const week = () => (isDay(state.route.week ?? "") ? monday(state.route.week) : monday(today()));

function visit(department, first) {
  const path = `/desk/roster/${department}${first === monday(today()) ? "" : `/${first}`}`;
  if (path !== location.pathname) go(path);
}

const move = (count) => visit(chosen(), addDays(week(), count));

function enter() {
  if (!here()) return;
  drawTools();
  if (shown?.first !== week()) byId("roster-loading").hidden = false;
  if (shown) load();
  else soon();
}

const soon = gathered(() => here() && load(), AGAIN, 2);

function drawTools() {
  drawPicker(byId("roster-department"));
  const first = week();
  say(byId("week-said"), t("week_said", { from: date(first), to: wholeDate(addDays(first, 6)) }));
  byId("week-now").disabled = first === monday(today());
}

async function load() {
  turn += 1;
  const mine = turn;
  const [first, department] = [week(), chosen()];
  const span = `from=${first}&to=${addDays(first, 6)}`;
  const only = department === "all" ? "" : `&department=${encodeURIComponent(department)}`;
  const grid = byId("roster-grid");
  grid.setAttribute("aria-busy", "true");
  try {
    const [roster, calendar] = await Promise.all([
      call("GET", `/api/roster?${span}${only}`),
      call("GET", `/api/calendar?${span}`),
    ]);
    if (mine !== turn) return;
    shown = {
      first,
      people: inOrder(roster.people),
      holidays: new Map(calendar.days.map((one) => [one.day, one.holiday])),
    };
    byId("roster-problem").hidden = true;
    byId("roster-loading").hidden = true;
    draw();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine !== turn) return;
    byId("roster-loading").hidden = true;
    showProblem(byId("roster-problem"), failure, load);
  } finally {
    if (mine === turn) grid.removeAttribute("aria-busy");
  }
}

/** Oneself first, then as the house orders names. */
const inOrder = (people) => [
  ...people.filter((one) => one.id === state.me.id),
  ...people.filter((one) => one.id !== state.me.id),
];

function draw() {
  const grid = byId("roster-grid");
  const days = daysFrom(shown.first, 7);
  byId("roster-empty").hidden = shown.people.length > 0;
  grid.hidden = !shown.people.length;
  const rows = [{ id: "head" }, ...shown.people];
  keyed(
    grid,
    rows,
    (one) => one.id,
    (one, before) => (one.id === "head" ? drawHead(days) : drawPerson(one, days, before)),
  );
  day.follow(shown);
}

function drawHead(days) {
  const head = h("div", { class: "week-row week-head" }, h("div", { class: "week-name" }));
  for (const one of days) {
    const holiday = shown.holidays.get(one);
    head.append(
      h(
        "div",
        { class: "week-day", "aria-current": one === today() ? "date" : null },
        h("strong", {}, shortWeekday(one)),
        h("span", {}, date(one)),
        one === today() ? h("span", { class: "badge today" }, t("today")) : null,
        holiday ? h("span", { class: "holiday", title: holiday }, holiday) : null,
      ),
    );
  }
  return head;
}

/** A person's row; its cells stay the same elements, so that the focus comes back to them from the sheet. */
function drawPerson(person, days, before) {
  const row =
    before ?? h("section", { class: "week-row", "aria-label": person.name }, h("div", { class: "week-name" }));
  fill(row.firstElementChild, drawName(person));
  for (const [place, one] of days.entries()) {
    const cell =
      row.children[place + 1] ??
      row.appendChild(h("button", { type: "button", class: "week-cell", on: { click: pressed } }));
    drawCell(cell, person, one);
  }
  return row;
}

function pressed({ currentTarget }) {
  const person = shown.people.find((one) => String(one.id) === currentTarget.parentElement.dataset.key);
  if (person) day.open(person, currentTarget.dataset.day);
}

function drawName(person) {
  const minutes = worked(person);
  return [
    h("strong", {}, theirs(person.name), person.id === state.me.id ? ` (${t("me")})` : ""),
    h(
      "span",
      { class: "week-where" },
      person.departments.length > 3
        ? t("many_departments", { count: person.departments.length })
        : person.departments.map(labelOf).join(", "),
    ),
    h(
      "span",
      { class: "week-tail" },
      presence(person.presence),
      h("span", { class: "muted" }, person.flexible ? t("flexible") : t("hours_week", { hours: sayHours(minutes) })),
    ),
  ];
}

function drawCell(cell, person, one) {
  const { chips, words } = daySaid(person, one, blocksOn(person, one));
  const holiday = shown.holidays.get(one);
  cell.dataset.day = one;
  mark(cell, "aria-label", `${person.name}, ${longDay(one)}${holiday ? ` (${holiday})` : ""}: ${words}`);
  mark(cell, "aria-current", one === today() ? "date" : null);
  const now = one === today() ? h("span", { class: "badge today" }, t("today")) : null;
  const named = holiday ? h("span", { class: "holiday" }, holiday) : null;
  fill(
    cell,
    h("span", { class: "cell-day", "aria-hidden": "true" }, `${shortWeekday(one)} ${date(one)}`, now, named),
    h("span", { class: "cell-chips", "aria-hidden": "true" }, chips),
    leads() && one >= today() && !chips.length ? icon("plus") : null,
  );
}

function askLeave() {
  const me = shown?.people.find((one) => one.id === state.me.id) ?? {
    ...state.me,
    shifts: [],
    days: [],
    absences: [],
    work: [],
  };
  day.open(me, today(), "leave");
}
