/**
 * Messages on their way out. Each lies in the browser under its own id until the server has it on disk; the id makes
 * sending it again harmless. One tab sends at a time, in the order in which things were written.
 */

import { Refusal, call } from "../common/http.js";
import { language, t } from "../common/i18n.js";
import { now } from "../common/time.js";
import { fetchKept, forget, keep, sweep } from "./blobs.js";
import { PREFIX, changed, embedded, kept, state } from "./state.js";
import { shownKinds, upload } from "./upload.js";

const KEY = "out:";
const NUDGE = "nudge";
const PAUSES = [800, 2000, 4000, 8000, 15_000, 30_000];
/** Tries after which a message is shown as not sent, or milliseconds after which one is enough; it is still tried again. */
const MANY = 3;
const LONG = 8000;

const entries = new Map();
const progress = new Map();
let latest = 0;
let pumping = false;
let wake = () => {};
let onSession = () => {};
let onLost = () => {};
let onAccepted = () => {};

/** Waiting messages, oldest first: `{client_id, at, text, file, tries, until, problem}`. */
export const waiting = () => [...entries.values()].sort((one, other) => one.at - other.at);

/** Whether a message should be shown as not sent. */
export const stuck = (entry) => entry.tries >= MANY || (entry.tries > 0 && now() - entry.at > LONG);

/** How much of a file is through, from 0 to 1. */
export const progressOf = (id) => progress.get(id) ?? 0;

/** Read what an earlier visit left, and go on with it. The listeners hear of sessions that are there or gone, and of every accepted message. */
export function start(listeners) {
  ({ onSession, onLost, onAccepted } = listeners);
  for (const name of kept.names(KEY)) take(kept.get(name));
  sweep([...entries.keys()]);
  addEventListener("storage", (event) => {
    if (event.key?.startsWith(PREFIX + KEY)) fromOtherTab(event);
    else if (event.key === PREFIX + NUDGE) wake();
  });
  addEventListener("online", retry);
  addEventListener("offline", () => changed("messages"));
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  changed("messages");
  pump();
}

function take(entry) {
  if (typeof entry?.client_id !== "string" || typeof entry.at !== "number") return;
  entries.set(entry.client_id, entry);
  latest = Math.max(latest, entry.at);
}

function fromOtherTab(event) {
  const id = event.key.slice((PREFIX + KEY).length);
  if (event.newValue === null) entries.delete(id);
  else take(JSON.parse(event.newValue));
  changed("messages");
  pump();
}

/** Send a text, or a file with an optional text. */
export async function write(text, file = null) {
  const entry = {
    client_id: freshId(), at: (latest = Math.max(latest + 1, now())), text: wellFormed(text),
    file: file && { name: file.name, type: file.type, size: file.size }, tries: 0, until: 0, problem: null,
  };
  entries.set(entry.client_id, entry);
  state.divider = 0;
  changed("messages", "unread");
  // The file first: another tab may take the entry as soon as it is kept.
  if (file) await keep(entry.client_id, file);
  save(entry);
  pump();
}

/** Try again now whatever is waiting. */
export function retry() {
  state.blocked = false;
  // What failed before says nothing about the tries to come.
  for (const entry of waiting()) if (entry.tries && !entry.problem) save({ ...entry, tries: 0 });
  changed("blocked", "messages");
  kept.set(NUDGE, Date.now());
  wake();
  pump();
}

/** Give a message up, or take it back for changing: returns its text. */
export function drop(id) {
  const text = entries.get(id)?.text ?? "";
  remove(id);
  changed("messages");
  return text;
}

/** The server is known to have this message: it stands in the history. */
export function settled(id) {
  if (entries.has(id)) remove(id);
}

function save(entry) {
  entries.set(entry.client_id, entry);
  kept.set(KEY + entry.client_id, entry);
}

function remove(id) {
  entries.delete(id);
  progress.delete(id);
  kept.set(KEY + id, null);
  forget(id);
}

async function pump() {
  if (pumping || !next() || state.blocked) return;
  pumping = true;
  try {
    await alone(sendAll);
  } finally {
    pumping = false;
  }
  // Something may have been written between the last look and now.
  pump();
}

/** Run `work` while no other tab runs it, where the browser can tell; otherwise the ids alone keep us from harm. */
async function alone(work) {
  let began = false;
  const run = () => {
    began = true;
    return work();
  };
  try {
    return await (navigator.locks ? navigator.locks.request(`${PREFIX}send`, run) : run());
  } catch (failure) {
    if (began || !(failure instanceof DOMException)) throw failure;
    return work();
  }
}

const next = () => waiting().find((entry) => !entry.problem);

async function sendAll() {
  for (let entry = next(); entry && !state.blocked; entry = next()) {
    const left = entry.until - now();
    if (left > 0) await pause(left, entry);
    // Meanwhile another tab may have got it through, or the visitor has dropped it.
    const still = entries.get(entry.client_id);
    if (still) await attempt(still);
  }
}

function pause(milliseconds, entry) {
  return new Promise((resolve) => {
    // A wait that the server asked for is counted down on the screen, and cannot be shortened.
    const ticking = entry.paced ? setInterval(() => changed("messages"), 1000) : null;
    const timer = setTimeout(over, milliseconds);
    wake = () => entry.paced || over();
    function over() {
      clearTimeout(timer);
      clearInterval(ticking);
      wake = () => {};
      resolve();
    }
  });
}

async function attempt(entry) {
  const opened = !state.session;
  try {
    if (opened) await openSession();
    const accepted = await handOver(entry);
    onAccepted(entry, accepted.message_id);
    settled(entry.client_id);
    onSession();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    judge(entry, failure, opened);
  }
  changed("messages", "session");
}

async function openSession() {
  await call("POST", "/chat/api/sessions", { body: { language, embedded } });
  kept.set("spoken", language);
  state.session = true;
}

async function handOver(entry) {
  if (!entry.file) return call("POST", "/chat/api/messages", { body: { client_id: entry.client_id, text: entry.text } });
  const blob = await fetchKept(entry.client_id);
  if (!blob) throw new Refusal(410, { error: "file_gone", message: t("file_gone") });
  return upload(entry, blob, (part) => {
    progress.set(entry.client_id, part);
    changed("messages");
  });
}

function judge(entry, failure, opened) {
  progress.delete(entry.client_id);
  const before = entry.tries;
  if (failure.status === 401) {
    // A session that was opened a moment ago and is unknown now: the browser did not keep the cookie.
    if (opened) state.blocked = true;
    onLost();
    changed("blocked");
    return;
  }
  const change = failure.status === 429 ? { until: now() + failure.problem.retry_after * 1000, paced: true }
    : failure.status >= 400 && failure.status < 500 && failure.status !== 408 ? { problem: failure.code === "file_refused" ? t("not_taken", { kinds: shownKinds() }) : failure.message }
    : { tries: before + 1, until: now() + PAUSES[Math.min(before, PAUSES.length - 1)] * (0.8 + Math.random() * 0.4), paced: false };
  if (entries.has(entry.client_id)) save({ ...entry, ...change });
}

/** A lone half of a character pair cannot travel as UTF-8. */
const wellFormed = (text) => text.toWellFormed?.() ?? text;

function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without TLS, in a company's own network for one, browsers hide randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte, place) => ([4, 6, 8, 10].includes(place) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
