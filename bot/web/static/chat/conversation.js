/** The conversation as the server has it: the newest page first, then what happens, and after a gap what was missed. */

import { toast } from "../common/dialog.js";
import { gathered } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { language, t } from "../common/i18n.js";
import { follow } from "../common/sse.js";
import { atHand } from "./blobs.js";
import { whileWanted } from "./listen.js";
import { settled } from "./outbox.js";
import { PREFIX, changed, embedded, kept, ordered, state } from "./state.js";

const TYPING_SHOWN = 6000;
const ANSWER_SHOWN = 8000;
const ASK_EVERY = 4000;
const BEGUN = "begun";
const PAUSES = [500, 1500, 4000, 10_000];
/** Pages of missed messages beyond which it is better to begin with the newest page again. */
const CATCH_UP = 4;

let stream = null;
let joined = false;
let wanted = () => {};
/** Everything up to this message is here. Moves only while nothing is missing. */
let reached = 0;
let whole = false;
let filling = false;
let once = false;
let loadingOlder = false;
let onNews = () => {};

/** Ask whether this browser has a conversation; if so, load and follow it. `listener` hears of messages as they come in. */
export async function begin(listener) {
  onNews = listener;
  // Another tab has opened the conversation: it is ours, too.
  addEventListener("storage", (event) => event.key === PREFIX + BEGUN && !state.session && join());
  await persist(async () => {
    if (await newest()) join();
  });
}

/** Follow the conversation that has just been opened, or go on. */
export async function join() {
  state.session = true;
  kept.set(BEGUN, Date.now());
  // A hidden tab that has sent another one's words goes on resting.
  if (joined) return wanted();
  joined = true;
  speakOur();
  // A stream that never ends must not be part of what the browser waits for to call the page loaded.
  if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  wanted = whileWanted(listen, rest);
}

function listen() {
  if (stream || !state.session) return;
  stream = follow("/chat/api/events", {
    onEvent: (kind, data) => HANDLERS[kind]?.(data),
    onState(now) {
      if (now === "ended") lost();
      else state.connection = now;
      // Some networks let no stream through: then answers come by asking, each time the stream is tried again.
      if (now === "lost") ask();
      changed("connection");
    },
  });
}

function rest() {
  stream?.stop();
  stream = null;
  whole = false;
}

/** The cookie is gone (another tab cleared it): the next message opens a new conversation. */
export function lost() {
  rest();
  // The words that met the closed door are kept, and open the new conversation themselves.
  if (state.session && !state.blocked) toast(t("session_renewed"));
  state.session = false;
  state.connection = "open";
  state.struggling = false;
  changed("session", "connection");
}

/** Answers come in the language that the conversation began in; tell when the page is in another one now. */
async function speakOur() {
  if (kept.get("spoken") === language) return;
  try {
    await call("POST", "/chat/api/sessions", { body: { language, embedded } });
    kept.set("spoken", language);
  } catch (failure) {
    // Not worth a word to the visitor: the next visit tells it again.
    if (!(failure instanceof Refusal)) throw failure;
  }
}

const HANDLERS = {
  ready: () => fillGap(),
  reset: () => fillGap(),
  message(message) {
    const fresh = !state.messages.has(message.id);
    put(message);
    if (whole) reached = Math.max(reached, message.id);
    if (message.author !== "customer") silence();
    if (fresh) onNews(message);
  },
  delivery(message) {
    if (state.messages.has(message.id)) put(message);
  },
  typing: () => typing("staff", TYPING_SHOWN),
  case: hearing,
};

/** Our message was accepted: show it as such before it comes back through the feed. */
export function accepted(entry, id) {
  if (!state.messages.has(id)) state.messages.set(id, standIn(entry, id));
  const last = ordered().findLast((one) => one.author !== "customer");
  if (last?.author !== "staff") typing("assistant", ANSWER_SHOWN);
  changed("messages");
}

function standIn(entry, id) {
  const blob = entry.file && atHand(entry.client_id);
  const kind = entry.file ? "file" : "text";
  const url = blob ? URL.createObjectURL(blob) : null;
  const files = entry.file ? [{ id: 0, kind, name: entry.file.name, mime: entry.file.type, size: entry.file.size, state: "stored", url }] : [];
  return { id, author: "customer", name: null, kind, text: entry.text.trim(), buttons: [], files, client_id: entry.client_id, delivery: null, created_at: new Date(entry.at).toISOString(), standIn: true };
}

function put(message) {
  const before = state.messages.get(message.id);
  if (before?.standIn) for (const file of before.files) if (file.url) setTimeout(() => URL.revokeObjectURL(file.url), 10_000);
  state.messages.set(message.id, message);
  if (message.client_id) settled(message.client_id);
  changed("messages");
}

/** Who speaks with the visitor from now on. */
function hearing(speaker) {
  state.speaker = speaker;
  changed("speaker");
}

function typing(who, span) {
  state.typing = { who, until: performance.now() + span };
  changed("typing");
  setTimeout(() => changed("typing"), span + 50);
}

function silence() {
  state.typing = { ...state.typing, until: 0 };
  changed("typing");
}

/** Load the newest page. Returns `null` where there is no conversation. */
async function newest() {
  let page;
  try {
    page = await call("GET", "/chat/api/messages");
  } catch (failure) {
    if (!(failure instanceof Refusal) || failure.status !== 401) throw failure;
    state.session = false;
    changed("session", "messages");
    return null;
  }
  state.session = true;
  if (!state.messages.size) state.more = page.more;
  hearing(page.speaker);
  absorb(page.messages);
  changed("session", "messages");
  return page;
}

// Whoever rests asks for nothing, also where they were going to.
const ask = gathered(() => state.session && stream && fillGap(), ASK_EVERY);

/** Fetch what was said while nobody listened. Until it is here, `reached` stands still. */
async function fillGap() {
  whole = false;
  once = false;
  if (filling) return;
  filling = true;
  while (!once) {
    once = true;
    await persist(fill);
  }
  filling = false;
}

async function fill() {
  if (!reached) await newest();
  else if (!(await missed())) await anew();
  // Whoever asked meanwhile may know of something newer than what has just been fetched.
  if (!once) return;
  whole = true;
  reached = Math.max(reached, ...[...state.messages.values()].filter((one) => !one.standIn).map((one) => one.id));
}

async function missed() {
  for (let pages = 0; pages < CATCH_UP; pages += 1) {
    const page = await call("GET", `/chat/api/messages?after=${reached}`);
    for (const message of absorb(page.messages)) onNews(message);
    hearing(page.speaker);
    if (!page.more) return true;
  }
  return false;
}

async function anew() {
  const page = await call("GET", "/chat/api/messages");
  for (const id of [...state.messages.keys()]) if (id < (page.messages[0]?.id ?? 0)) state.messages.delete(id);
  state.more = page.more;
  absorb(page.messages);
  hearing(page.speaker);
}

/** Take a page in; returns the messages that were not known. */
function absorb(messages) {
  const fresh = messages.filter((one) => !state.messages.has(one.id));
  for (const message of messages) put(message);
  if (messages.length) reached = Math.max(reached, messages.at(-1).id);
  return fresh;
}

/** Load the page before the oldest message; resolves to whether anything came. */
export async function loadOlder() {
  if (loadingOlder || !state.more) return false;
  loadingOlder = true;
  try {
    const page = await call("GET", `/chat/api/messages?before=${ordered()[0].id}`);
    state.more = page.more;
    for (const message of page.messages) put(message);
    changed("messages");
    return page.messages.length > 0;
  } finally {
    loadingOlder = false;
  }
}

/** Repeat `work` until it goes through; the status line tells of it meanwhile. */
async function persist(work) {
  for (let tries = 0; ; tries += 1) {
    try {
      await work();
      return struggle(false);
    } catch (failure) {
      if (!(failure instanceof Refusal)) throw failure;
      if (failure.status === 401) return lost();
      struggle(true);
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
  }
}

function struggle(now) {
  state.struggling = now;
  changed("connection");
}

/** Wait, but not longer than until the line is back. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(over, milliseconds);
    function over() {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    }
    addEventListener("online", over);
  });
}
