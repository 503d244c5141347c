/** One card for each thing that waits: what it is about, how long there is, and the answers one may give. */

import { fill, h, icon, theirs } from "../common/dom.js";
import { nodes, t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { money } from "./approval.js";
import { due, left, nameOf, priority, since } from "./badges.js";
import { answerAtOnce, answerInWords, codeOf, take } from "./inbox_do.js";
import { openForm } from "./inbox_form.js";
import { once } from "./once.js";
import { leads, owns, state } from "./state.js";

const LOOKS = {
  offer: { icon: "bell", title: () => t("work_offer") },
  transfer: {
    icon: "transfer",
    title: (item) =>
      nodes(item.kind === "introduced" ? "work_introduced" : "work_transfer", { name: theirs(item.from_staff_name ?? "—") }),
  },
  request: {
    icon: "ask",
    title: (item) => nodes("work_request", { name: asker(item), department: item.department_label }),
  },
  approval: { icon: "stamp", title: (item) => nodes("work_approval", { name: asker(item) }) },
  outgoing: { icon: "clock", title: (item) => nodes("work_outgoing", { name: theirs(receiverOf(item)) }) },
};

function asker(item) {
  return item.asked_by === state.me.id ? t("you") : theirs(item.asked_by_name ?? "—");
}

/** What each card shows: one that would show the same is left alone. */
const prints = new WeakMap();

/** Who was asked to take a case: a person, or everybody of a department. */
export const receiverOf = (transfer) =>
  transfer.to_staff_name ?? t("whole_department", { department: transfer.to_department_label });

/**
 * Return the card of an item, the given element wherever there is one: an open form in it stays as it is.
 * `bare` leaves out what the page of the case says anyway.
 */
export function card(kind, item, before, { bare = false } = {}) {
  const made = before ?? h("li", { class: `work work-${kind}` }, h("div"), h("div", { class: "work-form" }));
  const print = JSON.stringify([item, bare]);
  if (prints.get(made) === print) return made;
  prints.set(made, print);
  const [body, slot] = made.children;
  const buttons = buttonsFor(kind, item, slot, made);
  // A form that no longer fits what happened meanwhile would only lead to a refusal.
  if (!buttons) slot.replaceChildren();
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.does : null;
  fill(body, head(kind, item, bare), bare ? null : about(item), words(kind, item), buttons);
  if (focused) body.querySelector(`[data-does="${focused}"]`)?.focus();
  return made;
}

function head(kind, item, bare) {
  const look = LOOKS[kind];
  return h(
    "div",
    { class: "work-head" },
    icon(look.icon),
    h("strong", { class: "work-title" }, look.title(item)),
    bare
      ? null
      : h("a", { href: `/desk/cases/${codeOf(item)}`, "data-nav": true, class: "code work-code" }, codeOf(item)),
    item.case && !bare ? priority(item.case.priority) : null,
    limit(kind, item),
  );
}

function limit(kind, item) {
  if (kind === "request") return due(item.due_at, "answer_by");
  if (kind === "approval") return due(item.due_at, "decide_by");
  return left(item.expires_at, item.made_at ?? item.asked_at);
}

function about(item) {
  const kase = item.case;
  return h(
    "p",
    { class: "work-about" },
    theirs(nameOf(kase.customer_name, kase.opened_at)),
    h("span", {}, kase.department_label),
    since(kase.opened_at, "opened_ago"),
  );
}

const WORDS = {
  offer: (item) => [item.case?.summary],
  transfer: (item) => [item.note, item.case?.summary],
  request: (item) => [item.text],
  approval: (item) => [item.reason],
  outgoing: (item) => [item.note],
};

function words(kind, item) {
  return [
    ...(kind === "approval" ? [sum(item), ...earlier(item)] : []),
    ...WORDS[kind](item)
      .filter(Boolean)
      .map((text, place) => h("p", { class: place ? "work-text work-more" : "work-text", dir: "auto" }, text)),
    kind === "approval" && askedOfAnother(item)
      ? h("p", { class: "work-text work-more" }, nodes("approval_asked_of", { name: theirs(item.asked_of_name) }))
      : null,
    item.slipped ? h("p", { class: "work-note warn" }, icon("alert"), " ", t("request_slipped")) : null,
    item.escalated_at ? h("p", { class: "work-note warn" }, icon("alert"), " ", t("approval_escalated")) : null,
  ];
}

const askedOfAnother = (item) =>
  item.state === "pending" && Boolean(item.asked_of_name) && item.asked_of !== state.me.id && !item.escalated_at;

const sum = (item) =>
  h(
    "p",
    { class: "work-sum" },
    h("span", {}, item.kind_label),
    item.amount === null ? null : h("strong", {}, money(item.amount)),
  );

/** What was granted of the same kind in the same case: limits hold for all of it. */
const earlier = (item) =>
  item.earlier.length
    ? [
        ...item.earlier.map((one) => {
          const values = { sum: money(one.amount), name: theirs(one.by_name ?? "—"), at: moment(one.at) };
          return h("p", { class: "work-text work-more" }, nodes("approval_earlier", values));
        }),
        h("p", { class: "work-text" }, h("strong", {}, t("approval_total", { sum: money(item.total) }))),
      ]
    : [];

function buttonsFor(kind, item, slot, made) {
  const list = MOVES[kind](item, slot, made).filter(Boolean);
  return list.length ? h("div", { class: "work-buttons" }, list) : null;
}

const MOVES = {
  offer: (item, slot, made) => [
    button("accept", t("take"), "claim", () => take("offer", item), "primary"),
    asks("decline", t("leave_to_others"), slot, made, () => ({
      label: t("why_not"),
      word: t("leave_to_others"),
      required: false,
      quick: [t("why_busy"), t("why_skill"), t("why_leaving")],
      send: (text) => answerInWords("offer", item, "decline", { reason: text }, "did_leave_offer"),
    })),
  ],
  transfer: (item, slot, made) => [
    button("accept", t("take"), "claim", () => take("transfer", item), "primary"),
    asks("decline", t("decline"), slot, made, () => ({
      label: t("why_not_giver"),
      word: t("decline"),
      quick: [t("why_busy"), t("why_not_ours"), t("why_skill")],
      send: (text) => answerInWords("transfer", item, "decline", { reason: text }, "did_decline_transfer"),
    })),
  ],
  request: requestMoves,
  approval: approvalMoves,
  outgoing: (item) => [
    button("cancel", t("take_back"), "undo", () =>
      answerAtOnce("outgoing", item, "cancel-transfer", { done: "did_take_back" }),
    ),
  ],
};

function requestMoves(item, slot, made) {
  if (!worksOn(item)) return [withdraws(item)];
  const theirWork = item.state === "taken" && item.taken_by !== state.me.id;
  if (theirWork) {
    return [
      h("span", { class: "work-note" }, nodes("request_taken_by", { name: theirs(item.taken_by_name ?? "—") })),
      leads() ? button("put-back", t("request_put_back"), "undo", () => answerAtOnce("request", item, "put-back")) : null,
      withdraws(item),
    ];
  }
  const own = item.state === "taken";
  return [
    own ? null : button("take", t("request_take"), "claim", () => answerAtOnce("request", item, "take"), "primary"),
    asks("answer", t("request_answer"), slot, made, () => ({
      label: t("request_answer_label"),
      word: t("request_answer_send"),
      send: (text) => answerInWords("request", item, "answer", { text }, "did_answer"),
    }), own ? "primary" : ""),
    asks("decline", t("request_decline"), slot, made, () => ({
      label: t("request_decline_label"),
      word: t("request_decline"),
      quick: [t("why_not_ours"), t("why_lacking")],
      send: (text) => answerInWords("request", item, "decline", { reason: text }, "did_decline_request"),
    })),
    own ? button("put-back", t("request_put_back"), "undo", () => answerAtOnce("request", item, "put-back")) : null,
    withdraws(item),
  ];
}

const worksOn = (item) => leads() || state.me.departments.includes(item.department);

/** Whoever asked, or has the case, may take the question back. */
function withdraws(item) {
  const mine = item.asked_by === state.me.id || (state.open?.code === codeOf(item) && owns(state.open.page?.case));
  return mine ? button("cancel", t("take_back"), "undo", () => answerAtOnce("request", item, "cancel")) : null;
}

function approvalMoves(item, slot, made) {
  // Where somebody is asked by name, the card says so already.
  if (!item.may_decide) return [askedOfAnother(item) ? null : h("span", { class: "work-note" }, t("approval_waits"))];
  const word = item.amount === null ? t("grant") : t("grant_sum", { sum: money(item.amount) });
  return [
    asks("grant", t("grant"), slot, made, () => ({
      label: t("grant_note"),
      word,
      required: false,
      send: (text) => answerInWords("approval", item, "grant", { note: text }, "did_grant"),
    }), "primary"),
    asks("refuse", t("refuse"), slot, made, () => ({
      label: t("refuse_note"),
      word: t("refuse"),
      danger: true,
      send: (text) => answerInWords("approval", item, "refuse", { note: text }, "did_refuse"),
    })),
  ];
}

function button(does, text, mark, work, className = "") {
  return h(
    "button",
    { type: "button", class: className, data: { does }, on: { click: (event) => once(event.currentTarget, work) } },
    icon(mark),
    text,
  );
}

/** A button that opens a form below the card; the cursor comes back to it when the form is given up. */
function asks(does, text, slot, made, form, className = "") {
  return h(
    "button",
    {
      type: "button",
      class: className,
      data: { does },
      on: {
        click: () =>
          openForm(slot, { ...form(), back: { focus: () => made.querySelector(`[data-does="${does}"]`)?.focus() } }),
      },
    },
    text,
  );
}
