/** One message, several needs: it is taken apart, and each piece gets its own. */

import { byId, h, fill, mark } from "../common/dom.js";
import { open as openDialog } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { picker } from "./teach-pick.js";

const MOST = 4;
/** Where a sentence is likely to turn to something else. */
const SEAMS =
  /(?<=[.!?;\n])\s+|,\s+(?=\S+\s+\S)|\s+(?=(?:với lại|ngoài ra|tiện thể|à mà|luôn tiện|đồng thời|and also)\s)/iu;
/** "và" joins needs only between two sides that are long enough to be one each: "tủ lạnh và máy giặt" is one. */
const AND = /\s+(?:và|va|and)\s+/iu;
const LONG = 4;
let parts = [];
let whole = "";

/** Wire the dialog. */
export function start() {
  byId("split-more").addEventListener("click", () => {
    parts.push(makePart(""));
    draw();
    parts.at(-1).field.focus();
  });
}

/** Let a person take an entry apart; returns the needs once the server has them, `null` where it was left. */
export async function open(entry) {
  whole = entry.text;
  parts = pieces(whole).map(makePart);
  draw();
  const done = await openDialog(byId("split-dialog"), {
    onSubmit: async () => {
      const body = { parts: filled().map((one) => ({ text: one.field.value.trim(), label: needed(one) })) };
      await call("POST", `/api/teach/${entry.message_id}/split`, { body });
    },
  });
  return done ? filled().map((one) => one.need.value()) : null;
}

/** What was left empty is no piece. */
const filled = () => parts.filter((one) => one.field.value.trim());

function needed(part) {
  const name = part.need.value();
  if (!name) throw new Refusal(422, { error: "invalid", message: t("teach_split_needs") });
  return name;
}

/** Two pieces to begin with, cut where the sentence seems to turn. */
function pieces(text) {
  const found = text
    .split(SEAMS)
    .map((one) => one.trim())
    .filter(Boolean)
    .flatMap(joined);
  if (found.length > 1) return [...found.slice(0, MOST - 1), found.slice(MOST - 1).join(" ")].filter(Boolean);
  return [text, ""];
}

function joined(text) {
  const sides = text.split(AND);
  const long = sides.every((one) => one.trim().split(/\s+/u).length >= LONG);
  return sides.length === 2 && long ? sides : [text];
}

function makePart(text, place = 1) {
  const field = h(
    "textarea",
    {
      rows: "2",
      maxlength: "1000",
      dir: "auto",
      autofocus: place === 0,
      "aria-label": t("teach_split_piece"),
    },
    text,
  );
  return { field, need: picker({ label: t("teach_search_need"), keep: true }) };
}

function draw() {
  fill(
    byId("split-parts"),
    parts.map((one, place) =>
      h(
        "li",
        { class: "split-part" },
        h("div", { class: "field" }, h("span", {}, t("teach_split_number", { number: place + 1 })), one.field),
        one.need.element,
        place > 0
          ? h(
              "button",
              { type: "button", class: "link", on: { click: () => merge(place) } },
              t("teach_split_less"),
            )
          : null,
      ),
    ),
  );
  mark(byId("split-more"), "hidden", parts.length >= MOST ? "" : null);
}

/** Two pieces with what stood between them: a piece has to be found in the message as it was written. */
function between(one, other) {
  const start = whole.indexOf(one);
  const end = whole.indexOf(other, start + one.length);
  return start < 0 || end < 0 ? `${one} ${other}`.trim() : whole.slice(start, end + other.length);
}

/** Put a piece back to the one before it. */
function merge(place) {
  const [before, part] = parts.slice(place - 1, place + 1);
  before.field.value = between(before.field.value.trim(), part.field.value.trim());
  parts.splice(place, 1);
  draw();
  before.field.focus();
}
