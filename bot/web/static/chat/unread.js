/** What the visitor has not looked at: the divider, the chip, the title and the icon of the tab, the widget's badge. */

import { chime } from "../common/chime.js";
import { byId } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { looked, tellUnread } from "./frame.js";
import { sayAloud, speaker } from "./message.js";
import { changed, config, kept, on, ordered, state } from "./state.js";
import { atEnd, drawChip } from "./transcript.js";

const TITLE = document.title;
const ICON = "/static/chat/icon.svg";
let shown = -1;
let first = true;

const fromUs = (message) => message.author !== "customer";
const unread = () => ordered().filter((one) => fromUs(one) && one.id > state.read);
/** Whether the visitor sees the end of the conversation right now. */
const looking = () => looked() && atEnd();

/** Begin: what came since the last visit stands below the divider. */
export function start() {
  state.read = kept.get("read", 0);
  on("messages unread", update);
  document.addEventListener("visibilitychange", () => changed("unread"));
  addEventListener("focus", () => changed("unread"));
}

/** A message came in while the page was open. */
export function noticed(message) {
  if (!fromUs(message)) return;
  sayAloud(message);
  if (!looking() && !state.divider) state.divider = message.id;
  if (!looked()) {
    if (soundOn()) chime();
    notify(message);
  }
  changed("unread");
}

function update() {
  const missed = unread();
  if (first && state.messages.size) {
    first = false;
    if (state.read > 0 && missed.length) state.divider = missed[0].id;
  }
  if (missed.length && looking()) {
    state.read = missed.at(-1).id;
    kept.set("read", state.read);
  }
  draw(missed.length && looking() ? 0 : missed.length);
}

function draw(count) {
  drawChip(count);
  tellUnread(count);
  const badge = looked() ? 0 : count;
  if (badge === shown) return;
  shown = badge;
  document.title = badge ? `(${badge}) ${TITLE}` : TITLE;
  drawIcon(badge);
}

/** The tab's icon with a number on it. */
function drawIcon(count) {
  const link = document.querySelector("link[rel=icon]");
  if (!count) {
    link.href = ICON;
    return;
  }
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
    const brush = canvas.getContext("2d");
    brush.drawImage(image, 0, 0, 64, 64);
    brush.fillStyle = "#c3271d";
    brush.beginPath();
    brush.arc(44, 44, 20, 0, 2 * Math.PI);
    brush.fill();
    brush.fillStyle = "#fff";
    brush.font = "bold 28px system-ui, sans-serif";
    brush.textAlign = "center";
    brush.textBaseline = "middle";
    brush.fillText(count > 9 ? "9+" : String(count), 44, 46);
    if (shown === count) link.href = canvas.toDataURL("image/png");
  };
  image.src = ICON;
}

/** Whether a sound is wanted: off until somebody turns it on. */
export const soundOn = () => kept.get("sound", false);

/** Turn the sound on or off; turning it on plays it once. */
export function setSound(wanted) {
  kept.set("sound", wanted);
  if (wanted) chime();
}

/** Whether notifications are wanted and allowed. */
export const notifyOn = () => kept.get("notify", false) && globalThis.Notification?.permission === "granted";

/** Turn notifications on (asking the browser) or off. Returns what stands in the way, in words, or `null`. */
export async function setNotify(wanted) {
  kept.set("notify", false);
  if (!wanted) return null;
  if (!("Notification" in globalThis)) return t("notify_unsupported");
  if ((await Notification.requestPermission()) !== "granted") return t("notify_denied");
  kept.set("notify", true);
  return null;
}

function notify(message) {
  if (!notifyOn()) return;
  try {
    const note = new Notification(`${config.company}: ${speaker(message)}`, { body: message.text.slice(0, 200), tag: "letan-chat", icon: ICON });
    note.onclick = () => {
      focus();
      byId("text").focus();
      note.close();
    };
  } catch (failure) {
    // Phones allow notifications only to service workers.
    if (!(failure instanceof TypeError)) throw failure;
    kept.set("notify", false);
  }
}
