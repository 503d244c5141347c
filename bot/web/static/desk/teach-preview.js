/** A small chat in which an answer is tried before it is stored: through the real assistant, which stores nothing. */

import { byId, h } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { language, t } from "../common/i18n.js";
import { share } from "./teach-data.js";
import { bubbles } from "./teach-words.js";

let draftOf = () => null;

/** Wire the chat. `draft()` gives the texts that are not stored yet. */
export function start(draft) {
  draftOf = draft;
  byId("preview-form").addEventListener("submit", ask);
}

/** Begin anew. */
export function clear() {
  byId("preview-chat").replaceChildren();
  byId("preview-form").reset();
}

async function ask(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const field = form.elements.text;
  const text = field.value.trim();
  if (!text || form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const chat = byId("preview-chat");
  chat.append(...bubbles([{ who: "customer", text }]));
  const waiting = h("li", { class: "bubble from-bot" }, h("span", { class: "spinner" }));
  chat.append(waiting);
  field.value = "";
  const speaks = form.elements.language.value || language;
  try {
    const body = { text, language: speaks, answer: draftOf() };
    waiting.replaceWith(...drawn(await call("POST", "/api/teach/preview", { body })));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    waiting.replaceWith(h("li", { class: "problem", role: "alert" }, failure.message));
    field.value ||= text;
  } finally {
    form.removeAttribute("aria-busy");
    chat.scrollTop = chat.scrollHeight;
  }
}

function drawn(given) {
  const lines = given.replies.map((text) => ({ who: "bot", text }));
  const way = given.handed_to
    ? t("teach_preview_handed", { department: given.department_label ?? given.handed_to })
    : "";
  const read = t("teach_read", { need: given.need_label, share: share(given.confidence) });
  return [
    ...bubbles(lines),
    given.buttons.length
      ? h(
          "li",
          { class: "bubble-buttons" },
          given.buttons.map((one) => h("span", { class: "chip" }, one)),
        )
      : "",
    h("li", { class: "hint bubble-said" }, [read, way].filter(Boolean).join(" ")),
  ].filter(Boolean);
}
