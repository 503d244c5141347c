/** The page of coverage: every open hour of every department for two weeks, and where nobody is planned for it. */

import { byId, fill, gathered, h, icon, keyed, mark, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { now } from "../common/time.js";
import * as sheet from "./coverage-day.js";
import { dayOf, hoursOf } from "./coverage-math.js";
import { chosen, departments, drawPicker } from "./departments.js";
import { showProblem } from "./problem.js";
import { addDays, date, daysFrom, longDay, sayHours, shortWeekday, today } from "./roster-time.js";
import { go } from "./router.js";
import { on, state } from "./state.js";

const DAYS = 14;
const AGAIN = 2000;
let shown = null;
let turn = 0;

/** Wire the page. */
export function start() {
  on("route", enter);
  on("roster", () => here() && load());
  on("people", () => here() && soon());
  sheet.start();
  byId("coverage-department").addEventListener("change", ({ target }) =>
    go(target.value === "all" ? "/desk/coverage" : `/desk/coverage/${target.value}`),
  );
  byId("coverage-only").addEventListener("change", () => shown && draw());
}

const here = () => state.route.pane === "coverage" && state.me;
const soon = gathered(() => here() && load(), AGAIN, 2);

function enter() {
  if (!here()) return;
  drawPicker(byId("coverage-department"));
  if (shown) draw();
  byId("coverage-loading").hidden = Boolean(shown);
  soon();
}

async function load() {
  turn += 1;
  const mine = turn;
  const first = today();
  const span = `from=${first}&to=${addDays(first, DAYS - 1)}`;
  byId("coverage-grid").setAttribute("aria-busy", "true");
  try {
    const [coverage, calendar, roster] = await Promise.all([
      call("GET", `/api/coverage?${span}`),
      call("GET", `/api/calendar?${span}`),
      call("GET", `/api/roster?${span}`),
    ]);
    if (mine !== turn) return;
    shown = gathering(coverage, calendar, roster);
    byId("coverage-problem").hidden = true;
    byId("coverage-loading").hidden = true;
    draw();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (mine !== turn) return;
    byId("coverage-loading").hidden = true;
    showProblem(byId("coverage-problem"), failure, load);
  } finally {
    if (mine === turn) byId("coverage-grid").removeAttribute("aria-busy");
  }
}

function gathering(coverage, calendar, { people }) {
  const gaps = new Map(coverage.departments.map((one) => [one.department, one.gaps]));
  const days = daysFrom(calendar.start, DAYS);
  const seen = new Set(departments().map((one) => one.id));
  const desks = calendar.departments
    .filter((one) => seen.has(one.department))
    .map((one) => {
      const desk = { ...one, gaps: gaps.get(one.department) ?? [] };
      const hours = hoursOf(desk, days);
      return { ...desk, hours, days: days.map((day) => dayOf(desk, people, day, hours, now())) };
    });
  return { days, desks, people, holidays: new Map(calendar.days.map((one) => [one.day, one.holiday])) };
}

/** The hours of today that are over are nobody's to fill any more. */
const emptyOf = (desk) => desk.days.reduce((sum, one) => sum + one.ahead, 0);

function draw() {
  const wanted = chosen();
  const only = byId("coverage-only").checked;
  const desks = shown.desks.filter(
    (one) => (wanted === "all" || one.department === wanted) && (!only || emptyOf(one) > 0),
  );
  const empty = shown.desks.filter((one) => emptyOf(one) > 0);
  const minutes = empty.reduce((sum, one) => sum + emptyOf(one), 0);
  const told = byId("coverage-told");
  mark(told, "class", minutes ? "notice warn" : "notice");
  say(told, minutes ? t("coverage_told", { hours: sayHours(minutes), count: empty.length }) : t("coverage_full"));
  byId("coverage-none").hidden = desks.length > 0;
  byId("coverage-grid").hidden = !desks.length;
  const rows = [{ department: "head" }, ...desks];
  keyed(
    byId("coverage-grid"),
    rows,
    (one) => one.department,
    (one, before) => (one.department === "head" ? drawHead() : drawDesk(one, before)),
  );
  sheet.follow(shown);
}

function drawHead() {
  const head = h("div", { class: "cover-row week-head" }, h("div", {}));
  for (const day of shown.days) {
    const holiday = shown.holidays.get(day);
    head.append(
      h(
        "div",
        {
          class: "week-day",
          title: holiday ? `${longDay(day)} · ${holiday}` : longDay(day),
          "aria-current": day === today() ? "date" : null,
        },
        h("strong", {}, shortWeekday(day)),
        h("span", {}, date(day)),
        day === today() ? h("span", { class: "badge today" }, t("today")) : null,
        holiday ? h("span", { class: "holiday" }, holiday) : null,
      ),
    );
  }
  return head;
}

/** A department's row; its cells stay the same elements, so that the focus comes back to them from the sheet. */
function drawDesk(desk, before) {
  const minutes = emptyOf(desk);
  const row =
    before ?? h("section", { class: "cover-row", "aria-label": desk.label }, h("div", { class: "week-name" }));
  if (!before || row.dataset.open !== "yes") row.dataset.open = minutes || shown.desks.length < 3 ? "yes" : "no";
  fill(
    row.firstElementChild,
    h("strong", {}, desk.label),
    minutes
      ? h("span", { class: "badge cover-gap" }, icon("alert"), t("gap_hours", { hours: sayHours(minutes) }))
      : h("span", { class: "badge cover-staffed" }, icon("check"), t("no_gap")),
    h("button", { type: "button", class: "link fold", on: { click: () => unfold(row) } }, t("show_days")),
  );
  const cells = new Map([...row.querySelectorAll(".cover-cell")].map((cell) => [cell.dataset.day, cell]));
  for (const one of desk.days) {
    const cell = drawCell(desk, one, cells.get(one.day));
    // Moving an element takes its focus away; days only ever go at the front and come at the end.
    if (!cells.has(one.day)) row.append(cell);
  }
  for (const [day, cell] of cells) if (!shown.days.includes(day)) cell.remove();
  return row;
}

function unfold(row) {
  row.dataset.open = row.dataset.open === "yes" ? "no" : "yes";
}

/** What a day is in one word; the strip of hours above it says when. */
function wordOf(one) {
  if (one.gap) return { state: "gap", said: t("gap_hours", { hours: sayHours(one.gap) }) };
  if (!one.open) return { state: "closed", said: shown.holidays.get(one.day) ?? t("closed_day") };
  if (one.cover) return { state: "cover", said: t("cover_hours", { hours: sayHours(one.cover) }) };
  return { state: "staffed", said: t("staffed_day") };
}

function drawCell(desk, one, before) {
  const { state: kind, said } = wordOf(one);
  const holiday = shown.holidays.get(one.day);
  const cell =
    before ?? h("button", { type: "button", data: { day: one.day }, on: { click: () => sheet.open(desk, one.day) } });
  mark(cell, "class", `cover-cell is-${kind}`);
  cell.disabled = kind === "closed";
  mark(cell, "aria-label", `${desk.label}, ${longDay(one.day)}${holiday ? ` (${holiday})` : ""}: ${said}`);
  mark(cell, "aria-current", one.day === today() ? "date" : null);
  const hours = one.hours.map((hour) =>
    h("i", { class: `is-${hour.state}`, title: `${hour.hour}:00 · ${t(`cover_${hour.state}`)}` }),
  );
  return fill(
    cell,
    h("span", { class: "cell-day", "aria-hidden": "true" }, `${shortWeekday(one.day)} ${date(one.day)}`),
    h("span", { class: "strip", "aria-hidden": "true" }, hours),
    h("span", { class: "cover-word", "aria-hidden": "true" }, said),
  );
}
