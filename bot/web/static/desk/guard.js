/** The guard's panel: a sentence that sends the customer away is held here, and its writer is shown three ways out. */

import { byId, fill, h, icon } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { promise } from "./promise.js";
import { state } from "./state.js";
import { transfer } from "./transfer.js";

/** Show why a sentence is held, which words did it, and the three ways to mend it. */
export function guard(held) {
  const place = byId("guard");
  place.hidden = !held;
  if (!held) return;
  const matched = held.fields?.text ?? "";
  fill(
    place,
    h("p", { class: "guard-title" }, icon("shield"), h("strong", {}, t("guard_title"))),
    h("p", {}, held.message),
    matched ? h("p", {}, t("guard_words"), " ", h("mark", { dir: "auto" }, matched)) : null,
    h(
      "div",
      { class: "row-of-buttons" },
      h(
        "button",
        { type: "button", on: { click: () => transfer(state.open.page.case, byId("text").value.trim()) } },
        icon("transfer"),
        t("guard_transfer"),
      ),
      h(
        "button",
        { type: "button", on: { click: () => promise(state.open.page.case) } },
        icon("calendar"),
        t("guard_promise"),
      ),
      h("button", { type: "button", on: { click: () => select(matched) } }, icon("note"), t("guard_rewrite")),
    ),
  );
}

function select(matched) {
  const at = matched ? byId("text").value.toLowerCase().indexOf(matched.toLowerCase()) : -1;
  byId("text").focus();
  if (at >= 0) byId("text").setSelectionRange(at, at + matched.length);
}
