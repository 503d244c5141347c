/** One message, several needs: it is taken apart, and each piece gets its own. */

import { byId, h, icon, fill, mark } from "../common/dom.js";
import { open as openDialog } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { picker } from "./teach-pick.js";

const MOST = 4;
/** Where a sentence is likely to turn to something else. */
const SEAMS =
  /(?<=[.!?;\n])\s+|,\s+(?=\S+\s+\S)|\s+(?=(?:với lại|ngoài ra|tiện thể|à mà|luôn tiện|đồng thời|and also)\s)/iu;
let parts = [];

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
  parts = pieces(entry.text).map(makePart);
  draw();
  const done = await openDialog(byId("split-dialog"), {
    onSubmit: async () => {
      const body = { parts: parts.map((one) => ({ text: one.field.value.trim(), label: needed(one) })) };
      await call("POST", `/api/teach/${entry.message_id}/split`, { body });
    },
  });
  return done ? parts.map((one) => one.need.value()) : null;
}

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
    .filter(Boolean);
  if (found.length > 1) return [...found.slice(0, MOST - 1), found.slice(MOST - 1).join(" ")].filter(Boolean);
  return [text, ""];
}

function makePart(text, place = 1) {
  const field = h(
    "textarea",
    {
      rows: "2",
      maxlength: "1000",
      dir: "auto",
      required: true,
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
        parts.length > 2
          ? h(
              "button",
              {
                type: "button",
                class: "icon-button",
                "aria-label": t("teach_split_less"),
                on: { click: () => remove(one) },
              },
              icon("close"),
            )
          : null,
      ),
    ),
  );
  mark(byId("split-more"), "hidden", parts.length >= MOST ? "" : null);
}

function remove(part) {
  parts = parts.filter((one) => one !== part);
  draw();
}
