/** The right pane: whose case this is, how it stands, what the assistant gathered, and what can be done. */

import { byId, fill, h, icon, keyed, theirs } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { act, lookOf, movesFor } from "./actions.js";
import { callCard } from "./call.js";
import { channel, nameOf, priority, since, stateBadge } from "./badges.js";
import { drawWork } from "./case_work.js";
import { loadCase } from "./data.js";
import { once } from "./once.js";
import { dateOf } from "./promise.js";
import { back } from "./router.js";
import { labelOf, on, owns, state } from "./state.js";
import { summary } from "./summary.js";
import { seen } from "./unread.js";
import { timeLines } from "./wait.js";

/** The place of the menu among the buttons. */
const MORE = "more";
let printed = "";
let printedHead = "";

/** Draw the case whenever it changes; open the one that the address names. */
export function start() {
  on("open", draw);
  on("messages", look);
  on("route", follow);
  on("people", redraw);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("click", (event) => {
    const menu = document.querySelector("#case-head .menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}

/** Names came, or somebody's rights changed. */
function redraw() {
  printed = "";
  draw();
}

function follow() {
  if (state.route.pane !== "case" || !state.me) return;
  if (state.open?.code !== state.route.code) loadCase(state.route.code);
  else look();
}

/** Note that the person sees the case now. */
function look() {
  if (!document.hidden && state.open?.page) seen(state.open.code);
}

function draw() {
  const { open } = state;
  byId("case-none").hidden = Boolean(open);
  byId("case").hidden = !open || Boolean(open.problem);
  byId("case-problem").hidden = !open?.problem;
  byId("case").toggleAttribute("aria-busy", Boolean(open && !open.page));
  if (open?.problem) drawProblem(open);
  if (!open || open.problem) return;
  const print = JSON.stringify([open.code, open.page && { ...open.page, messages: 0 }]);
  if (print === printed) return;
  printed = print;
  drawFacts(open);
  const head = JSON.stringify([open.code, open.page && [open.page.case, open.page.customer_name, movesFor(open.page)]]);
  if (head === printedHead) return;
  printedHead = head;
  drawHead(open);
}

function drawProblem(open) {
  const gone = open.problem.error === "unknown";
  printed = "";
  printedHead = "";
  fill(
    byId("case-problem"),
    h("h2", {}, gone ? t("case_gone_title", { code: open.code }) : t("case_failed_title")),
    h("p", {}, gone ? t("case_gone") : open.problem.message),
    h(
      "p",
      { class: "row-of-buttons" },
      gone
        ? null
        : h("button", { type: "button", class: "primary", on: { click: () => loadCase(open.code) } }, t("retry")),
      h("a", { class: "button", href: state.list.path, "data-nav": true }, t("to_list")),
    ),
  );
}

/** Draw the head; a button that stays stays the same one, so that nobody's click falls between two drawings. */
function drawHead({ code, page }) {
  const head = byId("case-head");
  if (head.dataset.code !== code) fill(head);
  head.dataset.code = code;
  const parts = [
    { key: "back", draw: (before) => before ?? backButton() },
    { key: "title", draw: () => (page ? titleOf(page) : h("h2", { id: "case-code", class: "code" }, code)) },
    page ? { key: "actions", draw: (before) => actionsOf(page, before) } : { key: "loading", draw: loadingSign },
  ];
  keyed(head, parts, ({ key }) => key, ({ draw: made }, before) => made(before));
}

const backButton = () =>
  h(
    "button",
    { type: "button", class: "icon-button only-phone", "aria-label": t("back"), on: { click: back } },
    icon("back"),
  );

const loadingSign = () =>
  h("span", { class: "muted" }, h("span", { class: "spinner", "aria-hidden": true }), ` ${t("loading")}`);

function titleOf(page) {
  const kase = page.case;
  const name = h(
    "span",
    { class: "case-name" },
    theirs(nameOf(page.customer_name, kase.opened_at)),
    // Beside a name that the customer chose stands what they are; without one the words say it already.
    page.customer_name ? h("span", { class: "who who-customer" }, t("who_customer")) : null,
    channel(page.channel, { worded: true }),
  );
  return h(
    "div",
    { class: "case-title" },
    h(
      "h2",
      { id: "case-code" },
      h("span", { class: "code" }, kase.code),
      " ",
      stateBadge(kase.state),
      " ",
      priority(kase.priority),
    ),
    name,
  );
}

/** The moves as buttons; those that are made now and then wait behind one that says "more". */
function actionsOf(page, before) {
  const moves = movesFor(page);
  const near = moves.filter((name) => !lookOf(name).more);
  const far = moves.filter((name) => lookOf(name).more);
  const made = before ?? h("div", { class: "case-actions", role: "group", "aria-label": t("moves") });
  keyed(made, far.length ? [...near, MORE] : near, String, (name, known) =>
    name === MORE ? menuOf(far, known) : moveButton(name, known, { first: name === near[0] }),
  );
  return made;
}

function menuOf(names, before) {
  const menu = before ?? newMenu();
  keyed(menu.lastElementChild, names, String, moveButton);
  return menu;
}

function newMenu() {
  const menu = h(
    "details",
    { class: "menu" },
    h("summary", { class: "button" }, icon("more"), t("more_moves")),
    h("div", { class: "menu-list" }),
  );
  menu.addEventListener("click", (event) => event.target.closest("button") && menu.removeAttribute("open"));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.firstElementChild.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  return menu;
}

function moveButton(name, before, { first = false } = {}) {
  const button = before ?? newButton(name);
  button.classList.toggle("primary", first);
  return button;
}

function newButton(name) {
  const look = lookOf(name);
  const key = look.key ? ` (${look.key})` : "";
  return h(
    "button",
    {
      type: "button",
      title: t(look.word) + key,
      data: { move: name },
      on: { click: (event) => once(event.currentTarget, () => act(name)) },
    },
    icon(look.icon),
    h("span", {}, t(look.word)),
  );
}

function drawFacts({ page }) {
  drawWork(page);
  if (!page) {
    fill(byId("case-lines"));
    fill(byId("case-more"));
    return;
  }
  const kase = page.case;
  fill(
    byId("case-lines"),
    h(
      "ul",
      { class: "facts", role: "list" },
      [...facts(page, kase), ...timeLines(page)].map((one) => h("li", {}, one)),
    ),
  );
  fill(byId("case-more"), callCard(page), summary(page, kase.state === "assigned" && owns(kase)), others(page.others), warnings(page));
}

function facts(page, kase) {
  const owner = kase.owner_id === null ? t("nobody_yet") : owns(kase) ? t("you") : theirs(kase.owner_name ?? "—");
  const list = [
    [h("span", { class: "fact" }, t("department")), h("strong", {}, kase.department_label)],
    [h("span", { class: "fact" }, t("owner")), h("strong", {}, owner)],
  ];
  if (kase.wanted !== kase.department)
    list.push([h("span", { class: "fact" }, t("covers_for")), h("strong", {}, labelOf(kase.wanted))]);
  if (kase.state === "waiting" && kase.queue_number)
    list.push([h("strong", {}, t("queue_number", { number: kase.queue_number }))]);
  if (kase.state === "waiting") list.push([since(page.wait?.since ?? kase.opened_at, "waits")]);
  if (page.due_at && kase.state !== "resolved" && !kase.call_at) list.push(dateOf(page));
  if (kase.hops) list.push([h("span", { class: "fact" }, t("hops_done", { count: kase.hops }))]);
  if (kase.resolved_at) list.push([h("span", { class: "fact" }, t("resolved_at", { at: moment(kase.resolved_at) }))]);
  return list;
}

function others(cases) {
  if (!cases.length) return null;
  return h(
    "p",
    { class: "others" },
    t("others"),
    " ",
    cases.map((one) =>
      h(
        "a",
        { href: `/desk/cases/${one.code}`, "data-nav": true, class: "other" },
        h("strong", { class: "code" }, one.code),
        ` ${one.department_label} · ${t(`state_${one.state}`)}`,
        one.owner_name ? [" · ", theirs(one.owner_name)] : null,
      ),
    ),
  );
}

function warnings(page) {
  return page.reachable ? null : h("p", { class: "notice warn" }, icon("alert"), " ", t("unreachable"));
}
