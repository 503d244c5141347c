/** The transcript: days, runs of messages, older ones on the way up, and a reader who is never thrown about. */

import { toast } from "../common/dialog.js";
import { byId, fill, h, keyed, say } from "../common/dom.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { day, dayKey } from "../common/time.js";
import { atHand } from "./blobs.js";
import { loadOlder } from "./conversation.js";
import { draw as drawMessage, printOf } from "./message.js";
import { waiting } from "./outbox.js";
import { changed, on, ordered, state } from "./state.js";

const NEAR = 120;
const APART = 5 * 60_000;
const previews = new Map();
let stuck = true;
let last = { top: 0, height: 0 };
let filling = false;

/** Whether the reader is at the end. */
export const atEnd = () => stuck;

/** Draw whenever messages change. */
export function start() {
  const place = byId("transcript");
  on("messages session unread blocked", draw);
  on("typing", drawTyping);
  place.addEventListener("scroll", () => {
    // Content that changed its size is no reason to let go of the end; only a reader who moves up does that.
    if (place.scrollHeight - place.scrollTop - place.clientHeight < NEAR) stuck = true;
    else if (place.scrollTop < last.top && place.scrollHeight === last.height) stuck = false;
    last = { top: place.scrollTop, height: place.scrollHeight };
    if (place.scrollTop < NEAR) older();
    changed("unread");
  }, { passive: true });
  byId("to-bottom").addEventListener("click", () => {
    toBottom();
    byId("text").focus({ preventScroll: true });
  });
  byId("older").addEventListener("click", older);
  // A picture that arrives, or a keyboard that opens, must not push the last message out of sight.
  const follow = () => stuck && toBottom();
  new ResizeObserver(follow).observe(place);
  new ResizeObserver(follow).observe(byId("messages"));
  draw();
}

/** Show the newest message. */
export function toBottom() {
  const place = byId("transcript");
  place.scrollTop = place.scrollHeight;
  stuck = true;
}

async function older() {
  if (!state.more || filling) return;
  filling = true;
  byId("transcript").setAttribute("aria-busy", "true");
  try {
    await loadOlder();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
  } finally {
    byId("transcript").removeAttribute("aria-busy");
    // One page at a time, also while the reader rests at the very top.
    setTimeout(() => (filling = false), 400);
  }
}

function draw() {
  const place = byId("transcript");
  const { scrollHeight: height, scrollTop: top } = place;
  const list = items();
  const first = byId("messages").querySelector(".message")?.dataset.key;
  const grewUp = first && list.find((item) => item.message)?.key !== first && list.some((item) => item.key === first);
  keyed(byId("messages"), list, (item) => item.key, drawItem);
  drawBeginning(list);
  if (grewUp && !stuck) place.scrollTop = top + place.scrollHeight - height;
  else if (stuck) toBottom();
}

function items() {
  const list = [];
  const messages = [...ordered().map((message) => ({ message })), ...waiting().map((entry) => ({ message: asMessage(entry), waiting: entry }))];
  const offered = lastOffer(messages);
  messages.forEach((item, place) => {
    const { message } = item;
    const before = messages[place - 1]?.message;
    const sameDay = before && dayKey(before.created_at) === dayKey(message.created_at);
    if (!sameDay) list.push({ key: `day-${dayKey(message.created_at)}-${message.id ?? message.client_id}`, at: message.created_at });
    const divided = state.divider && message.id === state.divider;
    if (divided) list.push({ key: "divider", divider: true });
    const follows = sameDay && !divided && before.author === message.author && before.name === message.name && Date.parse(message.created_at) - Date.parse(before.created_at) < APART;
    if (follows && !item.waiting && !before.buttons.length) list.at(-1).told = true;
    list.push({ ...item, key: `m-${message.client_id ?? message.id}`, follows, told: false, choices: choicesOf(messages, place, offered) });
  });
  return list;
}

/** A waiting message in the shape of all the others. */
function asMessage(entry) {
  const files = entry.file ? [{ ...entry.file, id: 0, kind: "file", mime: entry.file.type, url: preview(entry) }] : [];
  return { id: null, author: "customer", name: null, kind: "text", text: entry.text, buttons: [], files, client_id: entry.client_id, created_at: new Date(entry.at).toISOString() };
}

function preview(entry) {
  const blob = atHand(entry.client_id);
  if (!blob) return null;
  if (!previews.has(blob)) previews.set(blob, URL.createObjectURL(blob));
  return previews.get(blob);
}

/** Only the newest offer can be taken: an old button answers a question that nobody asks any more. */
function lastOffer(messages) {
  const place = messages.findLastIndex(({ message }) => message.buttons.length);
  return messages.slice(place + 1).some(({ message }) => message.author === "customer") ? -1 : place;
}

function choicesOf(messages, place, offered) {
  const { message } = messages[place];
  if (!message.buttons.length) return null;
  const answer = messages.slice(place + 1).find((one) => one.message.author === "customer")?.message.text;
  return { open: place === offered, chosen: answer ?? null };
}

function drawItem(item, before) {
  if (item.divider) return before ?? h("p", { class: "divider", role: "separator", "aria-label": t("new_messages") }, h("span", {}, t("new_messages")));
  if (!item.message) return before ?? h("h2", { class: "day" }, h("span", {}, day(item.at)));
  const print = printOf(item);
  const made = before && before.dataset.print === print ? before : drawMessage(item);
  // Whoever stood on a part of it keeps standing there.
  if (before && made !== before && before.contains(document.activeElement)) queueMicrotask(() => made.querySelector("button, a")?.focus({ preventScroll: true }));
  made.dataset.print = print;
  made.classList.toggle("follows", Boolean(item.follows));
  made.classList.toggle("told", item.told);
  return made;
}

function drawBeginning(list) {
  const known = state.session !== null;
  byId("older").hidden = !state.more;
  byId("intro").hidden = !known || state.more;
  byId("boot").hidden = known || list.length > 0;
  byId("starters").hidden = !known || list.length > 0;
}

function drawTyping() {
  const shown = performance.now() < state.typing.until;
  const place = byId("typing");
  if (!shown) fill(place);
  else if (place.dataset.who !== state.typing.who || !place.firstChild) {
    fill(place, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", {}, t(state.typing.who === "staff" ? "staff_typing" : "answering")));
  }
  place.dataset.who = state.typing.who;
  if (stuck) toBottom();
}

/** Show how many new messages lie below. */
export function drawChip(count) {
  const chip = byId("to-bottom");
  chip.hidden = stuck;
  chip.classList.toggle("news", count > 0);
  say(byId("to-bottom-text"), count > 0 ? t("to_new") : t("to_bottom"));
  say(byId("to-bottom-count"), count > 0 ? String(count) : "");
}
