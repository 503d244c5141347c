/** The handoff summary: what a person should know before speaking. All of it is quoted; only the headings are ours. */

import { h, icon, theirs } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { maybe, t } from "../common/i18n.js";
import { day } from "../common/time.js";
import { suggest } from "./composer.js";
import { kept } from "./state.js";
import { wrongNeed } from "./wrong_need.js";

const MOOD_ICON = { angry: "flame", urgent: "clock", thankful: "heart", calm: "mine" };

/** Whether the panel is open is this person's choice, and stays. */
const opens = () => kept.get("summary", matchMedia("(min-height: 820px) and (min-width: 720px)").matches);

/** The panel of a case page, or null where there is nothing to tell. `may` is whether this person may answer. */
export function summary(page, may) {
  const told = page.summary;
  const parts = [
    need(told, page.case),
    mood(told),
    collected(told.collected),
    said(told.said_by_bot),
    suggestion(told.suggestion, may),
    history(told.history),
  ].filter(Boolean);
  if (!parts.length) return null;
  return h(
    "details",
    {
      class: "summary",
      open: opens(),
      on: { toggle: (event) => kept.set("summary", event.currentTarget.open) },
    },
    h("summary", {}, icon("bot"), t("summary"), moodBadge(told.mood)),
    h("div", { class: "summary-parts" }, parts),
  );
}

function part(key, ...inside) {
  return h("section", { class: `told told-${key}` }, h("h3", {}, t(`summary_${key}`)), ...inside);
}

const quoted = (texts) => texts.map((text) => h("blockquote", { dir: "auto" }, text));

function need(told, kase) {
  const texts = told.need.length ? told.need : [kase.summary].filter(Boolean);
  return texts.length ? part("need", quoted(texts), wrongNeed(kase)) : null;
}

function moodBadge(name) {
  if (name === "calm") return null;
  return h("span", { class: `badge mood-${name}` }, icon(MOOD_ICON[name]), t(`mood_${name}`));
}

/** How the customer sounds is in the heading; their words stand here only where the need does not quote them. */
function mood(told) {
  const heard = told.mood === "calm" || told.need.some((text) => text.includes(told.mood_said)) ? "" : told.mood_said;
  return heard ? part("mood", quoted([heard])) : null;
}

function collected(facts) {
  if (!facts.length) return null;
  return part(
    "collected",
    h(
      "dl",
      { class: "collected" },
      facts.map(({ name, value }) =>
        h("div", {}, h("dt", { dir: "auto" }, maybe(`collected_${name}`, name)), h("dd", { dir: "auto" }, value)),
      ),
    ),
  );
}

const said = (texts) => (texts.length ? part("bot", quoted(texts)) : null);

function suggestion(one, may) {
  if (!one) return null;
  return part(
    "suggestion",
    quoted([one.text]),
    h(
      "p",
      { class: "told-foot" },
      h("span", { class: "muted" }, one.code ? t("suggestion_from", { code: one.code }) : t("suggestion_bot")),
      may
        ? h(
            "button",
            { type: "button", data: { does: "use" }, on: { click: () => use(one.text) } },
            icon("note"),
            t("suggestion_use"),
          )
        : null,
    ),
  );
}

/** Put the words where one writes, beside what is there already; one click takes them out again. */
function use(text) {
  const undo = suggest(text);
  const notice = toast([
    t("suggestion_used"),
    " ",
    h("button", { type: "button", class: "toast-undo", on: { click: () => (undo(), notice.remove()) } }, t("undo")),
  ]);
}

function history(cases) {
  if (!cases.length) return null;
  return part(
    "history",
    h(
      "ul",
      { class: "past", role: "list" },
      cases.map((one) =>
        h(
          "li",
          {},
          h("a", { href: `/desk/cases/${one.code}`, "data-nav": true, class: "code link" }, one.code),
          ` ${one.department_label} · ${t(`state_${one.state}`)} · ${day(one.opened_at)}`,
          one.owner_name ? [" · ", theirs(one.owner_name)] : null,
          one.summary ? h("span", { class: "past-text", dir: "auto" }, one.summary) : null,
        ),
      ),
    ),
  );
}
