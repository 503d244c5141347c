/** The needs that were made here: what they are, whether they answer customers yet, and the way back. */

import { toast } from "../common/dialog.js";
import { byId, h, icon, keyed, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { confirmed } from "./teach-confirm.js";
import { go } from "./router.js";
import { learnMade, trying } from "./teach-data.js";
import * as need from "./teach-need.js";

/** Load and draw them. */
export async function loadMade() {
  const part = byId("needs-made-part");
  try {
    const given = await call("GET", "/api/teach/needs");
    learnMade(given.needs);
    const active = given.needs.filter((one) => one.state === "active");
    part.hidden = !active.length;
    const waiting = byId("needs-waiting");
    waiting.hidden = !given.waiting;
    say(waiting.firstElementChild, t("teach_needs_waiting", { count: given.waiting }));
    keyed(byId("needs-made"), active, (one) => one.id, drawNeed);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    part.hidden = true;
  }
}

function drawNeed(one) {
  const sentences = t("teach_examples_count", { count: one.examples });
  return h(
    "li",
    { class: "person" },
    h(
      "div",
      { class: "person-name" },
      h("strong", {}, h("bdi", { dir: "auto" }, one.name_vi)),
      h(
        "span",
        { class: one.in_use ? "badge state-resolved" : "badge state-waiting" },
        stands(one),
      ),
    ),
    h("div", { class: "muted" }, [one.department_label, sentences, one.made_by].filter(Boolean).join(" · ")),
    h(
      "div",
      { class: "person-where" },
      one.answer ? h("bdi", { dir: "auto" }, one.answer.vi[0]) : t("teach_need_in_person"),
    ),
    h(
      "div",
      { class: "person-tail" },
      h("button", { type: "button", class: "quiet", on: { click: () => change(one) } }, t("teach_need_change")),
      h(
        "button",
        { type: "button", class: "quiet", on: { click: () => go(`/desk/teach/answers/${one.intent}`) } },
        t("teach_need_say"),
      ),
      h(
        "button",
        { type: "button", class: "quiet", on: { click: () => retire(one) } },
        icon("close"),
        t("teach_need_retire"),
      ),
    ),
  );
}

/** Whether it answers customers yet, and what it takes. */
function stands(one) {
  if (one.in_use) return t("teach_need_in_use");
  return one.missing ? t("teach_need_missing", { count: one.missing }) : t("teach_need_untrained");
}

async function change(one) {
  if (await need.change(one)) loadMade();
}

async function retire(one) {
  const sure = await confirmed({
    title: t("teach_need_retire_title", { need: one.name_vi }),
    text: t("teach_need_retire_text"),
    submit: t("teach_need_retire"),
    work: () => call("DELETE", `/api/teach/needs/${one.id}`),
  });
  if (!sure) return;
  toast(t("teach_need_retired", { need: one.name_vi }));
  trying(loadMade, () => {});
}
