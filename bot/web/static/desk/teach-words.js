/** Texts that the bot says: what may stand in braces, and how a customer would read them. */

import { fill, h } from "../common/dom.js";
import { maybe, t } from "../common/i18n.js";
import { config } from "./state.js";

/** What stands in for a placeholder where a text is shown as a customer reads it. */
const ORDER = ["you", "You", "me", "Me"];
const shown = (name) => config.fills[name] ?? maybe(`teach_holder_sample_${name}`, `{${name}}`);

/** A text with its placeholders filled in, as an example. */
export const filledIn = (text) => text.replace(/\{(\w+)\}/g, (_whole, name) => shown(name));

/**
 * Draw a button for each placeholder; pressing it writes it where the cursor is. `fields()` are the fields that it may
 * be meant for: the one that had the focus last, the first otherwise.
 */
export function holders(place, names, fields) {
  let last = null;
  place.closest("form, section, dialog").addEventListener("focusin", ({ target }) => {
    if (fields().includes(target)) last = target;
  });
  const rank = (name) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  fill(
    place,
    [...names]
      .sort((one, other) => rank(one) - rank(other))
      .map((name) =>
        h(
          "button",
          {
            type: "button",
            title: maybe(`teach_holder_${name}`, name),
            on: {
              // The field keeps its cursor.
              pointerdown: (event) => event.preventDefault(),
              click: () => write(fields().includes(last) ? last : fields()[0], `{${name}}`),
            },
          },
          h("code", {}, `{${name}}`),
          h("span", {}, maybe(`teach_holder_${name}`, "")),
        ),
      ),
  );
}

function write(field, text) {
  if (!field) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** A conversation as a customer sees it. `lines` are `{who: "customer" | "bot", text}`. */
export const bubbles = (lines) =>
  lines.map((one) =>
    h(
      "li",
      { class: `bubble from-${one.who}` },
      h("span", { class: "visually-hidden" }, t(`who_${one.who}`)),
      h("bdi", { dir: "auto" }, one.text),
    ),
  );
