/** One day of one person: what applies on it, and, for those who may, changing it. */

import { byId, fill, h, icon, keyed, mark, say, theirs } from "../common/dom.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment, now } from "../common/time.js";
import * as leave from "./roster-leave.js";
import * as moves from "./roster-moves.js";
import { absencesOn, blocksOn, ownDay, shiftsOn } from "./roster-plan.js";
import { onSubmit, show, wire } from "./roster-sheet.js";
import {
  blockOfFields,
  date,
  fieldsOf,
  longDay,
  parseBlock,
  sayBlock,
  sayHours,
  today,
  weekday,
  weekdayName,
  wholeDate,
} from "./roster-time.js";
import { leads, state } from "./state.js";

const FORMS = ["day", "shift", "leave"];
let person = null;
let chosen = "";
let editing = null;

/** Wire the sheet. */
export function start() {
  wire(byId("day-dialog"));
  for (const button of byId("day-forms").children) button.addEventListener("click", () => choose(button.dataset.form));
  byId("day-more").addEventListener("click", () => addBlock("", { focus: true }));
  byId("shift-stop").addEventListener("click", () => editShift(null));
  byId("shift-form").addEventListener("input", sayShift);
  keyed(
    byId("shift-weekday"),
    [0, 1, 2, 3, 4, 5, 6],
    (one) => one,
    (one) => h("option", { value: one }, weekdayName(one)),
  );
  onSubmit(byId("day-form"), saveDay);
  onSubmit(byId("shift-form"), saveShift);
  leave.start(async (wish) => {
    await moves.takeLeave(person, wish);
    byId("day-dialog").close();
  });
}

/** Open the sheet of a person's day, at one of its forms. */
export function open(who, day, form = null) {
  person = who;
  chosen = day;
  editing = null;
  draw();
  fillDay();
  editShift(null);
  leave.fillIn(person, chosen);
  choose(form ?? (allowed().includes("day") ? "day" : null));
  show(byId("day-dialog"));
}

/** After the roster was loaded anew, show the same day of the same person as it is now. */
export function follow({ people }) {
  if (!byId("day-dialog").open || !person) return;
  person = people.find((one) => one.id === person.id) ?? person;
  draw();
}

/** Which forms this person may use on this day. */
function allowed() {
  if (leads()) return chosen >= today() ? FORMS : [];
  return person.id === state.me.id && chosen >= today() ? ["leave"] : [];
}

function draw() {
  fill(byId("day-title"), theirs(person.name), " · ", longDay(chosen));
  const over = chosen < today();
  say(byId("day-said"), t(over ? "day_over" : person.flexible ? "flexible_long" : "day_planned"));
  const entries = [
    ...(ownDay(person, chosen) ? [{ kind: "own", id: "own" }] : []),
    ...shiftsOn(person, chosen).map((one) => ({ kind: "shift", id: `shift-${one.id}`, shift: one })),
    ...absencesOn(person, chosen).map((one) => ({ kind: one.kind, id: `away-${one.id}`, away: one })),
  ];
  byId("day-list").hidden = !entries.length;
  keyed(byId("day-list"), entries, (one) => one.id, drawEntry);
  const forms = allowed();
  byId("day-forms").hidden = forms.length < 2;
  for (const button of byId("day-forms").children) button.hidden = !forms.includes(button.dataset.form);
}

const DRAW = {
  own: () => {
    const own = ownDay(person, chosen);
    const said = own.blocks.length ? own.blocks.map(sayBlock).join(", ") : t("day_off");
    return [
      t("own_day_said", { block: said }),
      own.note,
      button("day_restore", () => moves.clearDay(person, chosen, own)),
    ];
  },
  shift: ({ shift }) => {
    const until = shift.valid_to ? t("shift_until", { day: wholeDate(shift.valid_to) }) : "";
    const said = t("shift_said", { weekday: weekdayName(shift.weekday), block: sayBlock(shift.block) });
    return [
      said,
      `${t("shift_since", { day: wholeDate(shift.valid_from) })} ${until}${ownDay(person, chosen) ? ` · ${t("shift_replaced")}` : ""}`,
      button("shift_edit", () => editShift(shift, { focus: true })),
      button("shift_end", () => moves.endShift(person, shift)),
    ];
  },
  leave: ({ away }) => [
    t("leave_said", { from: moment(away.start_at), to: moment(away.end_at) }),
    [away.cover_name ? t("covered_by", { name: away.cover_name }) : "", away.note].filter(Boolean).join(" · "),
    Date.parse(away.end_at) > now() && (leads() || person.id === state.me.id)
      ? h(
          "button",
          { type: "button", class: "quiet", on: { click: () => attempt(() => moves.endLeave(person, away)) } },
          t("leave_cancel"),
        )
      : null,
  ],
  break: ({ away }) => [
    t("break_said", { from: moment(away.start_at), to: moment(away.end_at) }),
    away.cover_name ? t("covered_by", { name: away.cover_name }) : "",
  ],
};

function drawEntry(entry) {
  const [said, more, ...buttons] = DRAW[entry.kind](entry);
  return h(
    "li",
    { class: `day-entry ${entry.kind}` },
    h("div", {}, h("strong", {}, said), more ? h("span", { class: "muted" }, theirs(more)) : null),
    h("div", { class: "day-entry-buttons" }, buttons),
  );
}

/** A button for those who plan, on a day that is not over. */
function button(word, work) {
  if (!leads() || chosen < today()) return null;
  return h("button", { type: "button", class: "quiet", on: { click: () => attempt(work) } }, t(word));
}

async function attempt(work) {
  const problem = byId("day-problem");
  problem.hidden = true;
  try {
    await work();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    problem.hidden = false;
    problem.textContent = failure.message;
  }
}

function choose(form) {
  byId("day-problem").hidden = true;
  for (const name of FORMS) byId(`${name}-form`).hidden = name !== form;
  for (const one of byId("day-forms").children) mark(one, "aria-pressed", String(one.dataset.form === form));
}

// --- this day alone ---

function fillDay() {
  byId("day-blocks").replaceChildren();
  for (const block of blocksOn(person, chosen)) addBlock(block);
  byId("day-form").elements.note.value = ownDay(person, chosen)?.note ?? "";
  sayNone();
}

function addBlock(block, { focus = false } = {}) {
  const { from, to } = block ? fieldsOf(block) : { from: "", to: "" };
  const row = h(
    "div",
    { class: "block-row" },
    h(
      "label",
      { class: "field" },
      h("span", {}, t("time_from")),
      h("input", { type: "time", name: "from", value: from, required: true }),
    ),
    h(
      "label",
      { class: "field" },
      h("span", {}, t("time_to")),
      h("input", { type: "time", name: "to", value: to, required: true }),
    ),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("block_less"),
        title: t("block_less"),
        on: { click: () => drop(row) },
      },
      icon("close"),
    ),
  );
  byId("day-blocks").append(row);
  sayNone();
  if (focus) row.querySelector("input").focus();
}

function drop(row) {
  row.remove();
  sayNone();
  byId("day-more").focus();
}

const sayNone = () => (byId("day-none").hidden = byId("day-blocks").children.length > 0);

async function saveDay(form) {
  const rows = [...byId("day-blocks").children].map((row) =>
    [...row.querySelectorAll("input")].map((one) => one.value),
  );
  const blocks = rows.map(([from, to]) => blockOfFields(from, to));
  await moves.setDay(person, chosen, blocks, form.elements.note.value.trim(), ownDay(person, chosen));
  byId("day-dialog").close();
}

// --- every week ---

function editShift(shift, { focus = false } = {}) {
  editing = shift;
  const { elements } = byId("shift-form");
  const { from, to } = shift ? fieldsOf(shift.block) : { from: "", to: "" };
  elements.weekday.value = String(shift ? shift.weekday : weekday(chosen));
  elements.from.value = from;
  elements.to.value = to;
  elements.valid_from.value = chosen >= today() ? chosen : today();
  elements.valid_from.min = today();
  elements.valid_to.value = shift?.valid_to ?? "";
  byId("shift-editing").hidden = !shift;
  byId("shift-stop").hidden = !shift;
  if (shift)
    say(byId("shift-editing"), t("shift_editing", { block: sayBlock(shift.block), day: date(shift.valid_from) }));
  say(byId("shift-submit"), t(shift ? "shift_save" : "shift_add"));
  sayShift();
  if (!focus) return;
  choose("shift");
  elements.from.focus();
}

function sayShift() {
  const { from, to } = byId("shift-form").elements;
  const place = byId("shift-said");
  place.hidden = !from.value || !to.value;
  if (place.hidden) return;
  const { start, end } = parseBlock(blockOfFields(from.value, to.value));
  say(place, t(end > 1440 ? "block_said_over" : "block_said", { hours: sayHours(end - start) }));
}

async function saveShift({ elements }) {
  const wanted = {
    weekday: Number(elements.weekday.value),
    block: blockOfFields(elements.from.value, elements.to.value),
    valid_to: elements.valid_to.value || null,
  };
  if (editing) await moves.changeShift(person, editing, { ...wanted, from_day: elements.valid_from.value });
  else await moves.addShift(person, { ...wanted, valid_from: elements.valid_from.value });
  byId("day-dialog").close();
}
