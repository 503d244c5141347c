/** The transcript of the open case: days, messages, older ones on the way up, and a reader who is never thrown about. */

import { byId, fill, h, keyed } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { day, dayKey } from "../common/time.js";
import { loadOlder } from "./data.js";
import { draw as drawMessage, personOf, printOf, sideOf } from "./message.js";
import { on, state } from "./state.js";

const NEAR = 140;
/** Between a notice and the last message. */
const CLEAR = 16;
let shownCode = null;
let stuck = true;
let newest = 0;

/** Draw whenever messages change. */
export function start() {
  const place = byId("transcript");
  on("messages", draw);
  on("typing", drawTyping);
  place.addEventListener(
    "scroll",
    () => {
      stuck = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR;
      if (stuck) byId("to-bottom").hidden = true;
      if (place.scrollTop < NEAR) older();
    },
    { passive: true },
  );
  byId("to-bottom").addEventListener("click", toBottom);
  // A picture that arrives, or a keyboard that opens, must not push the last message out of sight.
  new ResizeObserver(() => stuck && toBottom()).observe(place);
  new ResizeObserver(() => stuck && toBottom()).observe(byId("messages"));
  // Notices lie over the end of the transcript: it ends above them.
  new ResizeObserver(([{ target }]) => {
    place.style.setProperty("--notices", `${target.childElementCount ? target.offsetHeight + CLEAR : 0}px`);
  }).observe(byId("toasts"));
}

/** Show the newest message. */
export function toBottom() {
  const place = byId("transcript");
  place.scrollTop = place.scrollHeight;
  byId("to-bottom").hidden = true;
  stuck = true;
}

async function older() {
  if (!state.open?.more || state.open.older || !state.open.page) return;
  try {
    await loadOlder();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
  }
}

function draw() {
  if (!state.open?.page) return;
  const place = byId("transcript");
  const anew = shownCode !== state.open.code;
  const height = place.scrollHeight;
  const top = place.scrollTop;
  const oldest = byId("messages").querySelector(".message")?.dataset.id;
  keyed(byId("messages"), items(), (item) => item.key, drawItem);
  drawOlder();
  drawTyping();
  settle(place, {
    anew,
    height,
    top,
    grewUp: !anew && oldest !== byId("messages").querySelector(".message")?.dataset.id,
  });
}

/** Keep the reader where they were: at the end, or at the same line when older messages came in above it. */
function settle(place, { anew, height, top, grewUp }) {
  const last = Math.max(0, ...state.open.messages.keys());
  const news = !anew && last > newest && newest > 0;
  newest = last;
  shownCode = state.open.code;
  if (anew || (stuck && !grewUp)) toBottom();
  else if (grewUp) place.scrollTop = top + place.scrollHeight - height;
  else if (news) byId("to-bottom").hidden = false;
  if (anew) place.classList.remove("settled");
}

function items() {
  const list = [];
  let lastDay = "";
  let lastSide = "";
  for (const message of [...state.open.messages.values()].sort((one, other) => one.id - other.id)) {
    const key = dayKey(message.created_at);
    if (key !== lastDay) list.push({ key: `day-${key}`, at: message.created_at });
    const side = `${sideOf(message)}-${message.name ?? ""}`;
    const follows = side === lastSide && key === lastDay;
    // The state of a run of messages stands under its last one, as long as all have come equally far.
    const before = list.at(-1);
    if (follows && before.message.delivery === message.delivery) before.told = true;
    list.push({ key: `m-${message.id}`, message, follows, told: false });
    lastDay = key;
    lastSide = side;
  }
  return list;
}

function drawItem(item, before) {
  if (!item.message) return before ?? h("h3", { class: "day" }, h("span", {}, day(item.at)));
  const person = personOf();
  const print = printOf(item.message, person);
  const made = before && before.dataset.print === print ? before : drawMessage(item.message, person);
  made.dataset.print = print;
  made.classList.toggle("follows", item.follows);
  made.classList.toggle("told", item.told);
  return made;
}

function drawOlder() {
  const place = byId("older");
  place.hidden = !state.open.more;
  if (!state.open.more) return;
  if (state.open.older) fill(place, h("span", { class: "spinner", "aria-hidden": true }), ` ${t("loading")}`);
  else fill(place, h("button", { type: "button", class: "link", on: { click: older } }, t("load_older")));
}

function drawTyping() {
  fill(
    byId("typing"),
    state.open?.typing
      ? [h("span", { class: "typing-dots", "aria-hidden": true }, h("i"), h("i"), h("i")), t("customer_typing")]
      : null,
  );
  if (stuck) toBottom();
}
