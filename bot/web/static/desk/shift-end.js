/** The end of a shift: every case that one still holds goes to somebody, or gets a date, before one is off duty. */

import { byId, gathered, h, icon, keyed, mark, say, theirs } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal, call, refused } from "../common/http.js";
import { language, t } from "../common/i18n.js";
import { clock, fromWall, moment, toWall } from "../common/time.js";
import { loadDuty, took } from "./account-duty.js";
import { priority } from "./badges.js";
import { anyway, confirmable, meant } from "./closed_hours.js";
import { showProblem } from "./problem.js";
import { onSubmit, show, wire } from "./roster-sheet.js";
import { changed, labelOf, on, state } from "./state.js";

const AGAIN = 800;
const SIGNS = { asked: "clock", put_back: "check", kept: "mine", refused: "alert" };
let held = [];
let results = new Map();
let working = false;
let leaving = false;
let warning = null;

/** Wire the button and the sheet. */
export function start() {
  wire(byId("end-dialog"));
  byId("end-button").addEventListener("click", open);
  onSubmit(byId("end-form"), apply);
  on("list", () => byId("end-dialog").open && !working && soon());
  on("duty", follow);
}

const soon = gathered(() => byId("end-dialog").open && !working && load(), AGAIN, 2);

/** Go off duty: at once where nothing is held, by way of the sheet otherwise. */
export async function open() {
  results = new Map();
  leaving = false;
  await load();
  if (!held.length && (await off())) return;
  draw();
  show(byId("end-dialog"));
  await load();
}

/** Turn one's own switch off; cases that came in the meantime open the sheet instead. */
async function off() {
  try {
    took(await call("POST", "/api/duty", { body: { on_duty: false } }));
    toast(t("end_off"));
    return true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (failure.code !== "holds_open_cases") {
      toast(failure.message, { bad: true });
      return true;
    }
    return false;
  }
}

/** Somebody's shift ends soon: say so to them. */
export function warned({ staff_ids, ends_at, codes }) {
  if (!staff_ids?.includes(state.me?.id)) return;
  loadDuty();
  const said = t(codes.length ? "end_warned_held" : "end_warned", { at: clock(ends_at), count: codes.length });
  const button = h("button", { type: "button", class: "link", on: { click: open } }, t("end_hand_over"));
  warning?.remove();
  warning = toast([said, " ", codes.length ? button : ""], { bad: codes.length > 0 });
}

async function load() {
  const problem = byId("end-problem");
  try {
    const given = await call("GET", "/api/shift-end");
    held = given.holds;
    problem.hidden = true;
    say(byId("end-when"), given.shift_ends_at ? t("end_when", { at: clock(given.shift_ends_at) }) : "");
    draw();
    // The last colleague has accepted: no need to wait until the house looks again.
    if (leaving && !held.length) finish(await call("POST", "/api/shift-end", { body: { plan: [] } }));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    showProblem(problem, failure, load);
  }
}

/** Once the house has let one go, the sheet has done its work. */
function follow() {
  if (state.duty && !state.duty.on_duty) warning?.remove();
  if (byId("end-dialog").open && !working && state.duty && !state.duty.on_duty) {
    byId("end-dialog").close();
    toast(t("end_off"));
  }
}

function draw() {
  const list = byId("end-list");
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  keyed(list, held, (one) => one.code, drawCase);
  // A line that is drawn anew takes its fields along, and the cursor would stay behind.
  if (focused?.isConnected) focused.focus();
  const waiting = held.filter((one) => one.asked);
  const open = held.length - waiting.length;
  say(
    byId("end-said"),
    !held.length
      ? t("end_nothing")
      : open
        ? t("end_lead", { count: held.length })
        : t("end_waiting", { count: waiting.length }),
  );
  mark(byId("end-said"), "class", open || !held.length ? "" : "notice");
  say(byId("end-submit"), held.length ? t("end_apply") : t("end_go"));
  drawSubmit();
}

function drawSubmit() {
  byId("end-submit").hidden = held.length > 0 && held.every((one) => one.asked) && !choices().length;
}

function drawCase(one, before) {
  const result = results.get(one.code);
  const chosen = before?.querySelector("select");
  const form =
    before && before.dataset.asked === String(one.asked)
      ? before.querySelector(".end-choice")
      : drawChoice(one, chosen?.dataset.touched ? chosen.value : null);
  const made = h(
    "li",
    { class: "end-case", data: { asked: String(one.asked) } },
    h(
      "div",
      { class: "end-head" },
      h(
        "a",
        {
          class: "code",
          href: `/desk/cases/${one.code}`,
          "data-nav": true,
          on: { click: () => byId("end-dialog").close() },
        },
        one.code,
      ),
      h("strong", {}, theirs(one.customer_name ?? t("who_customer"))),
      priority(one.priority),
      h("span", { class: "muted" }, one.department_label && labelOf(one.department)),
      one.due_at ? h("span", { class: "muted" }, t("end_due", { at: moment(one.due_at) })) : null,
    ),
    one.summary ? h("p", { class: "end-summary", dir: "auto" }, one.summary) : null,
    one.asked
      ? h(
          "p",
          { class: "end-asked" },
          h("span", { class: "badge state-waiting" }, icon("clock"), t("end_asked", { name: one.asked })),
        )
      : null,
    form,
    result && !(one.asked && result.outcome === "asked")
      ? h(
          "p",
          { class: `end-result is-${result.outcome}`, role: "status" },
          icon(SIGNS[result.outcome]),
          h("span", {}, told(result)),
        )
      : null,
  );
  return made;
}

/** What became of a case. The server says it in Vietnamese; in English it is said here. */
function told({ code, outcome, message, error }) {
  if (outcome === "refused") return refused(409, { error, message }).message;
  return language === "vi" ? message : t(`end_told_${outcome}`, { code });
}

function drawChoice(one, touched) {
  const value = touched ?? (one.asked ? "" : valueOf(one.suggested));
  const sure = anyway("end-anyway");
  const due = h("input", {
    type: "datetime-local",
    step: "60",
    value: toWall(new Date(one.promise_at)),
    "aria-label": t("promise_when"),
    class: "end-due",
    on: { input: () => confirmable(sure, false) },
  });
  const select = h(
    "select",
    { "aria-label": t("end_what", { code: one.code }), on: { change: () => chosen(select) } },
    optionsOf(one).map(([key, said]) => h("option", { value: key, selected: key === value }, said)),
  );
  const note = h("input", {
    class: "end-note",
    maxlength: 300,
    dir: "auto",
    placeholder: t("end_note"),
    "aria-label": t("end_note"),
  });
  const row = h("div", { class: "end-choice", data: { code: one.code } }, select, due, sure, note);
  suit(row);
  return row;
}

/** A date is for promises, a word for whoever takes the case. */
function suit(row) {
  const { value } = row.querySelector("select");
  row.querySelector(".end-due").hidden = value !== "promise";
  if (value !== "promise") confirmable(row.querySelector(".end-anyway"), false);
  row.querySelector(".end-note").hidden = value !== "department" && !value.startsWith("staff:");
}

function chosen(select) {
  select.dataset.touched = "yes";
  suit(select.parentElement);
  drawSubmit();
}

const valueOf = (line) => (line.to === "staff" ? `staff:${line.staff_id}` : line.to);

function optionsOf(one) {
  const people = one.colleagues.map((mate) => [
    `staff:${mate.id}`,
    t("end_to_staff", {
      // The desk of the case itself goes without saying: the line must not be longer than its field.
      name: mate.department === one.department ? mate.name : `${mate.name} (${labelOf(mate.department)})`,
      presence: t(`presence_${mate.presence}`).toLowerCase(),
      count: mate.free,
    }),
  ]);
  return [
    ...(one.asked ? [["", t("end_keep_asking", { name: one.asked })]] : []),
    ...people,
    ["department", t(one.department_staffed ? "end_to_department" : "end_to_empty", { name: labelOf(one.department) })],
    ["promise", t("end_to_promise", { at: moment(one.promise_at) })],
    ["keep", t("end_keep")],
  ];
}

const anywayOf = (code) =>
  [...byId("end-list").querySelectorAll(".end-choice")].find((row) => row.dataset.code === code).querySelector(".end-anyway");

/** The rows that shall be moved now. */
const choices = () =>
  [...byId("end-list").querySelectorAll(".end-choice")].filter((row) => row.querySelector("select").value);

function lineOf(row) {
  const value = row.querySelector("select").value;
  const line = { code: row.dataset.code, to: value, note: row.querySelector(".end-note").value.trim() };
  if (value.startsWith("staff:")) return { ...line, to: "staff", staff_id: Number(value.slice(6)) };
  if (value !== "promise") return line;
  const due = fromWall(row.querySelector(".end-due").value);
  const confirmed = meant(row.querySelector(".end-anyway"));
  return due ? { ...line, due_at: due.toISOString(), confirmed } : line;
}

/**
 * Case by case, so that one sees each of them go; the last answer says whether one is off. Colleagues are asked first:
 * from then on the house holds nothing new out to whoever leaves.
 */
async function apply() {
  const lines = choices()
    .map(lineOf)
    .sort((one, other) => (one.to === "promise") - (other.to === "promise"));
  const progress = byId("end-progress");
  working = true;
  progress.hidden = !lines.length;
  progress.max = Math.max(1, lines.length);
  let done = null;
  try {
    for (const [place, line] of lines.entries()) {
      progress.value = place;
      done = await call("POST", "/api/shift-end", { body: { plan: [line] } });
      for (const one of done.results) results.set(one.code, one);
      draw();
      for (const one of done.results) if (one.error === "closed_then") confirmable(anywayOf(one.code), true);
    }
    done ??= await call("POST", "/api/shift-end", { body: { plan: [] } });
  } finally {
    working = false;
    progress.hidden = true;
  }
  finish(done);
}

function finish(done) {
  leaving = done.waiting;
  changed("list");
  if (done.off) {
    byId("end-dialog").close();
    toast(t("end_off"));
  }
  loadDuty();
  if (!done.off) load();
}
