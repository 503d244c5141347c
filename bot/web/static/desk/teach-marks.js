/**
 * Marking what a customer named (a phone number, a person) by selecting it. Places are counted in code points of the
 * text that is shown, so that an emoji before them moves nothing.
 */

import { byId, fill, h, icon } from "../common/dom.js";
import { t } from "../common/i18n.js";

/** What the assistant's own files name; used where the server names none. */
const KINDS = [
  "phone",
  "email",
  "case_code",
  "order_code",
  "money",
  "quantity",
  "datetime",
  "person",
  "department",
  "address",
];

let shown = null;
let selected = null;
let redraw = () => {};

/** Follow selections in the text; `changed` is called after a mark came or went. */
export function start(changed) {
  redraw = changed;
  document.addEventListener("selectionchange", follow);
  const bar = byId("teach-mark-bar");
  // A press must not drop the selection before it is a click.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const kind = event.target.closest("[data-kind]")?.dataset.kind;
    if (kind) put(kind);
  });
}

/** Draw the text of an entry with its marks, and the marks once more as a list. */
export function draw(entry, kinds) {
  shown = { entry, kinds: kinds.length ? kinds : KINDS };
  selected = null;
  byId("teach-mark-bar").hidden = true;
  const points = [...entry.text];
  const parts = [];
  let reached = 0;
  for (const one of entry.marks) {
    parts.push(points.slice(reached, one.start).join(""));
    parts.push(h("mark", { class: "teach-mark", data: { said: kindLabel(one.entity) } }, wordsOf(points, one)));
    reached = one.end;
  }
  fill(byId("teach-text"), parts, points.slice(reached).join(""));
  fill(
    byId("teach-marks"),
    entry.marks.map((one) =>
      h(
        "li",
        {},
        h("span", { class: "muted" }, `${kindLabel(one.entity)}:`),
        h("bdi", { dir: "auto" }, wordsOf(points, one)),
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": t("teach_unmark", { words: wordsOf(points, one) }),
            on: { click: () => drop(one) },
          },
          icon("close"),
        ),
      ),
    ),
  );
  byId("teach-marks").hidden = !entry.marks.length;
}

/** The entities of an entry as the label door wants them. */
export const entitiesOf = (entry) => entry.marks.map(({ start, end, entity }) => ({ start, end, entity }));

const wordsOf = (points, { start, end }) => points.slice(start, end).join("");

/** How people call an entity. */
const NAMES = {
  phone: "teach_entity_phone",
  email: "teach_entity_email",
  case_code: "teach_entity_case_code",
  order_code: "teach_entity_order_code",
  money: "teach_entity_money",
  quantity: "teach_entity_quantity",
  datetime: "teach_entity_datetime",
  person: "teach_entity_person",
  customer_name: "teach_entity_customer_name",
  department: "teach_entity_department",
  address: "teach_entity_address",
};
const kindLabel = (kind) => (NAMES[kind] ? t(NAMES[kind]) : kind);

function follow() {
  const place = document.getElementById("teach-text");
  if (!shown || !place?.checkVisibility()) return;
  const found = document.getSelection();
  const inside =
    found.rangeCount && !found.isCollapsed && place.contains(found.anchorNode) && place.contains(found.focusNode);
  selected = inside ? measured(place, found.getRangeAt(0)) : null;
  const bar = byId("teach-mark-bar");
  bar.hidden = !selected;
  if (!selected) return;
  fill(
    bar,
    h("span", {}, t("teach_mark_as", { words: wordsOf([...shown.entry.text], selected) })),
    h(
      "span",
      { class: "chips" },
      shown.kinds.map((kind) => h("button", { type: "button", data: { kind } }, kindLabel(kind))),
    ),
  );
}

/** Where a range stands in the text, in code points and without spaces at its ends; `null` where nothing is left. */
function measured(place, range) {
  const before = document.createRange();
  before.selectNodeContents(place);
  before.setEnd(range.startContainer, range.startOffset);
  const points = [...shown.entry.text];
  let start = [...before.toString()].length;
  let end = start + [...range.toString()].length;
  while (start < end && !points[start].trim()) start += 1;
  while (end > start && !points[end - 1].trim()) end -= 1;
  return end > start ? widened(points, start, end) : null;
}

/** A part of a covered place stands for all of it. */
function widened(points, start, end) {
  let from = start;
  let to = end;
  const opened = points.lastIndexOf("‹", start);
  const closed = points.indexOf("›", opened);
  if (opened >= 0 && closed >= start) from = opened;
  const last = points.lastIndexOf("‹", end - 1);
  const behind = points.indexOf("›", last);
  if (last >= 0 && behind >= end - 1) to = behind + 1;
  return { start: from, end: to };
}

function put(entity) {
  if (!selected) return;
  const { start, end } = selected;
  const apart = shown.entry.marks.filter((one) => one.end <= start || one.start >= end);
  shown.entry.marks = [...apart, { start, end, entity }].sort((one, other) => one.start - other.start);
  document.getSelection().removeAllRanges();
  redraw();
}

function drop(mark) {
  shown.entry.marks = shown.entry.marks.filter((one) => one !== mark);
  redraw();
}
