/** What hangs on the open case: an offer, a transfer that waits, requests and approvals, the customer's rating. */

import { byId, h, icon, keyed, theirs } from "../common/dom.js";
import { nodes, t } from "../common/i18n.js";
import { clock, moment } from "../common/time.js";
import { heldOut } from "./actions.js";
import { money } from "./approval.js";
import { left } from "./badges.js";
import { card } from "./inbox_cards.js";
import { labelOf, leads, state } from "./state.js";

const SETTLED = { answered: "check", declined: "alert", cancelled: "close", approved: "check", refused: "alert" };

/** Draw it; a card keeps what somebody types in it. */
export function drawWork(page) {
  keyed(byId("case-work"), page ? items(page) : [], (one) => one.key, (one, before) => one.draw(before));
}

function items(page) {
  const code = page.case.code;
  const cardOf = (kind, item) => ({
    key: `${kind}-${item.id}`,
    draw: (before) => card(kind, { ...item, code }, before, { bare: true }),
  });
  const line = (key, draw) => ({ key, draw: () => draw() });
  const held = heldOut(page);
  const list = [];
  if (held) list.push(cardOf(...held));
  else if (page.offer) list.push(line("offer", () => offered(page.offer)));
  if (page.transfer && !held)
    list.push(mayCancel(page) ? cardOf("outgoing", page.transfer) : line("transfer", () => asked(page.transfer)));
  for (const one of page.requests)
    list.push(isOpen(one) ? cardOf("request", one) : line(`request-${one.id}`, () => settledRequest(one)));
  for (const one of page.approvals)
    list.push(
      one.state === "pending" ? cardOf("approval", one) : line(`approval-${one.id}`, () => settledApproval(one)),
    );
  if (page.rating) list.push(line("rating", () => rated(page.rating)));
  return list;
}

const isOpen = (request) => request.state === "open" || request.state === "taken";

/** The giver takes a transfer back, or somebody who leads. */
const mayCancel = ({ transfer }) => transfer.from_staff_id === state.me.id || leads();

function quiet(mark, className, ...inside) {
  return h("li", { class: `work-line ${className}` }, icon(mark), h("div", {}, ...inside));
}

const offered = (offer) =>
  quiet("bell", "", nodes("offered_to", { name: theirs(offer.staff_name ?? "—") }), " ", left(offer.expires_at));

const asked = (transfer) =>
  quiet(
    "transfer",
    "",
    nodes("asked_of", {
      giver: theirs(transfer.from_staff_name ?? "—"),
      name: theirs(transfer.to_staff_name ?? labelOf(transfer.to_department)),
    }),
    " ",
    left(transfer.expires_at),
  );

function settledRequest(one) {
  const who = one.taken_by_name ? [" · ", theirs(one.taken_by_name)] : null;
  return quiet(
    SETTLED[one.state],
    `settled-${one.state}`,
    h("strong", {}, t(`request_${one.state}`, { department: one.department_label })),
    who,
    ` · ${clock(one.settled_at)}`,
    h("p", { class: "work-quote", dir: "auto" }, one.text),
    one.answer ? h("p", { class: "work-answer", dir: "auto" }, one.answer) : null,
  );
}

function settledApproval(one) {
  const sum = one.amount === null ? "" : ` ${money(one.amount)}`;
  return quiet(
    SETTLED[one.state],
    `settled-${one.state}`,
    h("strong", {}, t(`approval_${one.state}`, { what: `${one.kind_label}${sum}` })),
    one.decided_by_name ? [" · ", theirs(one.decided_by_name)] : null,
    one.decided_at ? ` · ${clock(one.decided_at)}` : null,
    h("p", { class: "work-quote", dir: "auto" }, one.reason),
    one.note ? h("p", { class: "work-answer", dir: "auto" }, one.note) : null,
  );
}

/** Stars, said in words for those who do not see them. */
function rated(rating) {
  if (rating.score === null) return quiet("star", "", t("rating_asked", { at: moment(rating.asked_at) }));
  return quiet(
    "star",
    rating.follow_up_code ? "settled-refused" : "settled-approved",
    h("span", { class: "stars", "aria-hidden": true }, "★".repeat(rating.score) + "☆".repeat(5 - rating.score)),
    " ",
    h("strong", {}, t("rating_given", { score: rating.score })),
    rating.words ? h("p", { class: "work-answer", dir: "auto" }, rating.words) : null,
    rating.follow_up_code
      ? h(
          "p",
          {},
          t("rating_follow_up"),
          " ",
          h("a", { href: `/desk/cases/${rating.follow_up_code}`, "data-nav": true, class: "code link" }, rating.follow_up_code),
        )
      : null,
  );
}
