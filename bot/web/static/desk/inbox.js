/** What waits for this person: a page of its own, a tray under every list for what runs out soon, and a line on phones. */

import { byId, fill, h, icon, keyed, say } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { left } from "./badges.js";
import { card } from "./inbox_cards.js";
import { codeOf } from "./inbox_do.js";
import { KINDS, itemsOf, loadInbox, waitingForMe } from "./inbox_data.js";
import { on, state } from "./state.js";

/** Draw it whenever it, or the place, changes. */
export function start() {
  for (const topic of ["inbox", "list", "route", "open"]) on(topic, draw);
  on("me", () => state.me && loadInbox());
}

const shown = () => state.list.kind === "inbox";

function draw() {
  if (!state.me) return;
  const page = shown();
  byId("inbox").hidden = !page;
  const groups = page ? KINDS.filter((kind) => itemsOf(kind).length) : [];
  keyed(byId("inbox"), groups, (kind) => kind, drawGroup);
  drawTray(page);
  drawLine();
}

function drawGroup(kind, before) {
  const made =
    before ??
    h("section", {}, h("h2", { class: "queue-side" }), h("ul", { class: "work-list", role: "list" }));
  const [title, list] = made.children;
  say(title, t(`inbox_${kind}`));
  drawCards(list, kind === "decidable" ? "approval" : kind, itemsOf(kind));
  return made;
}

/** Make a list of cards follow items of one kind. */
function drawCards(list, kind, items) {
  keyed(list, items, (item) => item.id, (item, before) => card(kind, item, before));
}

/** What has a short time limit lies under every list: the list gets shorter, so no line of it moves away. */
function drawTray(page) {
  const soon = ["offer", "transfer"].flatMap((kind) => itemsOf(kind).map((item) => ({ kind, item })));
  const tray = byId("tray");
  tray.hidden = page || !waitingForMe();
  if (tray.hidden) {
    byId("tray-list").replaceChildren();
    return;
  }
  keyed(byId("tray-list"), soon, ({ kind, item }) => `${kind}-${item.id}`, ({ kind, item }, before) =>
    card(kind, item, before),
  );
  const more = waitingForMe() - soon.length;
  byId("tray-more").hidden = more <= 0;
  // Only beside something there is something else.
  say(byId("tray-more-text"), more > 0 ? t(soon.length ? "tray_more" : "line_count", { count: more }) : "");
}

/** On a phone a case fills the screen: one line above it says what waits, and covers nothing. */
function drawLine() {
  const line = byId("inbox-line");
  const count = waitingForMe();
  const soon = [...itemsOf("offer"), ...itemsOf("transfer")];
  const first = soon.find((item) => codeOf(item) !== state.open?.code);
  // What is about the case on the screen stands there already.
  line.hidden = state.route?.pane !== "case" || (soon.length ? !first : !count);
  if (line.hidden) return;
  const print = JSON.stringify([count, first?.id]);
  if (line.dataset.print === print) return;
  line.dataset.print = print;
  fill(
    line,
    icon("bell"),
    h("span", {}, first ? t("line_first", { code: codeOf(first) }) : t("line_count", { count })),
    first ? left(first.expires_at) : null,
    h("strong", {}, t("see")),
  );
}
