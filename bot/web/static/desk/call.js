/** A call that was promised to a customer: the number, the hour, and how it went. */

import { h, icon } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { t } from "../common/i18n.js";
import { fromWall, moment } from "../common/time.js";
import { calling, due } from "./badges.js";
import { anyway, confirmable, meant } from "./closed_hours.js";
import { move } from "./moves.js";
import { once } from "./once.js";
import { owns } from "./state.js";

/** What is being written about a call, by case: the card is drawn anew when something else on the page changes. */
const drafts = new Map();

/** The card of a case with a call, or null. Only whoever has the case says how it went. */
export function callCard({ case: kase, calling_at: since }) {
  if (!kase.call_at || kase.state === "resolved") return null;
  return h(
    "section",
    { class: "call-card", "aria-label": t("call_title") },
    h("h3", {}, icon("phone"), t("call_title"), " ", since ? calling(t("call_since", { at: moment(since) })) : due(kase.call_at, "call_in")),
    number(kase.collected.phone),
    kase.state === "assigned" && owns(kase) ? outcome(kase, since) : h("p", { class: "muted" }, t("call_of_owner")),
  );
}

/** The number, to dial or to copy; some customers gave none. */
function number(phone) {
  if (!/\d/.test(phone ?? "")) return h("p", { class: "muted" }, t("call_no_number"));
  return h(
    "p",
    { class: "call-number" },
    h("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}`, class: "link" }, phone),
    h("button", { type: "button", class: "quiet", on: { click: () => copy(phone) } }, t("call_copy")),
  );
}

async function copy(phone) {
  await navigator.clipboard.writeText(phone);
  toast(t("call_copied", { phone }));
}

function outcome(kase, since) {
  const draft = drafts.get(kase.code) ?? { note: "", again: "", sure: anyway() };
  drafts.set(kase.code, draft);
  const typed = (name) => (event) => (draft[name] = event.currentTarget.value);
  const note = h("input", {
    type: "text",
    name: "call-note",
    maxlength: "1000",
    value: draft.note,
    "aria-label": t("call_note"),
    placeholder: t("call_note"),
    on: { input: typed("note") },
  });
  const again = h("input", {
    type: "datetime-local",
    name: "call-again",
    step: "60",
    value: draft.again,
    on: { input: (event) => (typed("again")(event), confirmable(draft.sure, false)) },
  });
  return h(
    "div",
    { class: "stack" },
    note,
    h(
      "p",
      { class: "row-of-buttons" },
      since ? null : h("button", { type: "button", data: { call: "begun" }, on: { click: begun(kase) } }, t("call_begun")),
      h("button", { type: "button", class: "primary", data: { call: "reached" }, on: { click: went(kase, true) } }, t("call_reached")),
      h("button", { type: "button", data: { call: "missed" }, on: { click: went(kase, false) } }, t("call_missed")),
    ),
    h("label", { class: "call-again", title: t("call_again_hint") }, h("span", {}, t("call_again")), again),
    draft.sure,
  );
}

/** Say that one is on the telephone with the customer: until it is written down how the call went, the case stays. */
const begun = (kase) => (event) =>
  once(event.currentTarget, async () => {
    if (await move(kase, "calling", { call_at: kase.call_at })) toast(t("call_begun_done"));
  });

/** Write down how the call went; for a customer who was not reached, with the time of the next one where one is chosen. */
const went = (kase, reached) => (event) =>
  once(event.currentTarget, async () => {
    const { note, again, sure } = drafts.get(kase.code);
    const next = reached ? null : fromWall(again);
    const body = { call_at: kase.call_at, reached, note, ...(next && { again_at: next.toISOString(), confirmed: meant(sure) }) };
    const refused = ({ code }) => code === "closed_then" && confirmable(sure, true);
    if (!(await move(kase, "called", body, refused))) return;
    drafts.delete(kase.code);
    toast(t(reached ? "call_reached_done" : "call_missed_done"));
  });
