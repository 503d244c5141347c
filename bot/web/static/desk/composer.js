/** Where one writes: to the customer, or for colleagues only, and never by mistake the one for the other. */

import { byId, fill, h, icon, mark, say, theirs } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { closed, spoken } from "./composer_closed.js";
import { clearMarks, drawMarks, marks } from "./composer_marks.js";
import { put, refresh, refreshOpen } from "./data.js";
import { caseDoor } from "./doors.js";
import { attach, draftOf, fileOf, keepDraft, ready } from "./drafts.js";
import { guard } from "./guard.js";
import { size } from "./message.js";
import { config, kept, on, owns, state } from "./state.js";
import { toBottom } from "./transcript.js";

const TYPING_GAP = 4000;
const MAX = 5000;
let mode = "reply";
let shownCode = null;
const sending = new Set();
const again = new Set();
let toldTyping = -Infinity;

const field = () => byId("text");
const kase = () => state.open?.page?.case ?? null;
const sendsOnEnter = () => kept.get("enter", matchMedia("(pointer: fine)").matches);

/** Wire the composer. */
export function start() {
  on("open", draw);
  byId("composer").addEventListener("submit", submit);
  for (const tab of document.querySelectorAll("#composer [role=tab]"))
    tab.addEventListener("click", () => choose(tab.dataset.mode, { focus: true }));
  byId("composer").querySelector("[role=tablist]").addEventListener("keydown", arrows);
  field().addEventListener("input", typed);
  field().addEventListener("keydown", enter);
  byId("enter-hint").addEventListener("click", () => {
    kept.set("enter", !sendsOnEnter());
    drawHint();
  });
  byId("attach").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", (event) => {
    take(event.target.files[0]);
    event.target.value = "";
  });
  field().addEventListener(
    "paste",
    (event) =>
      event.clipboardData.files.length &&
      mode === "reply" &&
      (event.preventDefault(), take(event.clipboardData.files[0])),
  );
  // Notices lie above the place where one writes, never over it.
  new ResizeObserver(() => {
    const { height } = byId("composer").getBoundingClientRect();
    document.documentElement.style.setProperty("--composer", `${Math.round(height)}px`);
  }).observe(byId("composer"));
  const pane = byId("case-pane");
  pane.addEventListener("dragover", (event) => event.preventDefault());
  pane.addEventListener("drop", (event) => {
    event.preventDefault();
    if (mode === "reply" && canReply()) take(event.dataTransfer.files[0]);
  });
}

function arrows(event) {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  choose(mode === "reply" ? "note" : "reply");
  byId(`tab-${mode}`).focus();
}

/** Choose what to write; with `focus` the cursor goes there. */
export function choose(wanted, { focus = false } = {}) {
  mode = wanted;
  restore();
  draw();
  if (focus && !byId("composer-open").hidden) field().focus();
}

const canReply = () => kase()?.state === "assigned" && owns(kase());

function draw() {
  const open = state.open;
  byId("composer").hidden = !open?.page;
  if (!open?.page) return;
  if (shownCode !== open.code) {
    shownCode = open.code;
    guard(null);
    problem("");
    restore();
  }
  byId("composer").dataset.mode = mode;
  for (const name of ["reply", "note"]) {
    const tab = byId(`tab-${name}`);
    mark(tab, "aria-selected", String(name === mode));
    mark(tab, "tabindex", name === mode ? "0" : "-1");
  }
  mark(byId("composer-body"), "aria-labelledby", `tab-${mode}`);
  const may = mode === "note" ? open.page.takes_part : canReply();
  byId("composer-open").hidden = !may;
  byId("composer-closed").hidden = may && !elsewhere();
  if (!may || elsewhere()) fill(byId("composer-closed"), elsewhere() ? spoken(open.page) : closed(open.page));
  mark(field(), "placeholder", t(mode === "note" ? "note_placeholder" : "reply_placeholder"));
  mark(field(), "aria-label", t(mode === "note" ? "note_placeholder" : "tab_reply"));
  byId("attach").hidden = mode === "note";
  drawMarks(open.page, mode === "reply" && may);
  drawBusy();
  drawFile();
  drawHint();
}

/** A colleague who speaks with the same customer about another case; two must not talk at once. */
function elsewhere() {
  const page = state.open.page;
  return mode === "reply" && canReply() && page.speaker === "staff" && page.speaker_id !== state.me.id;
}

function drawHint() {
  say(byId("enter-hint"), t(sendsOnEnter() ? "hint_enter" : "hint_ctrl_enter"));
  mark(byId("enter-hint"), "title", t("hint_change"));
}

function restore() {
  if (!shownCode) return;
  const text = draftOf(shownCode, mode).text;
  // Writing the same value again would move the cursor.
  if (field().value !== text) field().value = text;
  say(byId("draft-state"), field().value ? t("draft_kept") : "");
  fit();
}

/** Put words into the reply, below what is there; the returned function takes them out again. */
export function suggest(text) {
  const [code, before] = [shownCode, draftOf(shownCode, "reply").text];
  const write = (words) => {
    keepDraft(code, "reply", { ...draftOf(code, "reply"), text: words });
    if (code === shownCode) choose("reply", { focus: true });
  };
  write(before.trim() ? `${before.trimEnd()}\n${text}` : text);
  return () => write(before);
}

/** The field grows with what is in it, as far as half of the window. */
function fit() {
  field().rows = Math.min(10, Math.max(2, field().value.split("\n").length + Math.floor(field().value.length / 90)));
  const left = MAX - field().value.length;
  say(byId("left"), left < 300 ? t("characters_left", { count: left }) : "");
}

function typed() {
  const stored = keepDraft(shownCode, mode, { ...draftOf(shownCode, mode), text: field().value });
  say(byId("draft-state"), field().value ? t(stored ? "draft_kept" : "draft_not_kept") : "");
  fit();
  guard(null);
  problem("");
  if (mode === "reply" && field().value && performance.now() - toldTyping > TYPING_GAP) tellTyping();
}

/** A courtesy, not a fact: when it does not get through, nobody misses it. */
function tellTyping() {
  toldTyping = performance.now();
  call("POST", caseDoor(shownCode, "typing")).catch((failure) => {
    if (!(failure instanceof Refusal)) throw failure;
  });
}

function enter(event) {
  // While an input method composes a syllable, Enter belongs to it.
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  const wanted = event.ctrlKey || event.metaKey || (sendsOnEnter() && !event.shiftKey && !event.altKey);
  if (!wanted) return;
  event.preventDefault();
  byId("composer").requestSubmit();
}

function take(file) {
  if (!file) return;
  problem("");
  if (file.size > config.attachment_max)
    problem(t("file_too_large", { name: file.name, limit: size(config.attachment_max) }));
  else if (!allowed(file.type)) problem(t("file_not_allowed", { name: file.name }));
  else attach(shownCode, file);
  drawFile();
}

const allowed = (type) =>
  config.attachment_kinds.some((one) => (one.endsWith("/*") ? type.startsWith(one.slice(0, -1)) : type === one));

function drawFile() {
  const found = mode === "reply" ? fileOf(shownCode) : null;
  byId("attached").hidden = !found;
  if (!found) return;
  fill(
    byId("attached"),
    icon("file"),
    theirs(found.file.name),
    h("em", {}, size(found.file.size)),
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("take_off"),
        on: { click: () => (attach(shownCode, null), drawFile(), field().focus()) },
      },
      icon("close"),
    ),
  );
}

function problem(text) {
  byId("composer-problem").hidden = !text;
  say(byId("composer-problem"), text);
}

async function submit(event) {
  event.preventDefault();
  const text = field().value.trim();
  const file = mode === "reply" ? fileOf(shownCode) : null;
  if (!kase() || (!text && !file) || (mode === "reply" && !canReply())) {
    field().focus();
    return;
  }
  const [code, asked] = [shownCode, mode];
  const key = `${asked}:${code}`;
  if (sending.has(key)) {
    again.add(key);
    return;
  }
  sending.add(key);
  drawBusy();
  try {
    const said = await send(code, asked, text, file);
    sent(code, asked, text, file);
    put(said);
    if (code === shownCode) queueMicrotask(toBottom);
  } catch (failure) {
    again.delete(key);
    if (!(failure instanceof Refusal)) throw failure;
    refused(failure, asked);
  } finally {
    sending.delete(key);
    drawBusy();
    if (again.delete(key) && key === `${mode}:${shownCode}` && field().value.trim()) byId("composer").requestSubmit();
  }
}

/** One may go on writing while something is on its way; what is on its way stays in the field until it has arrived. */
function drawBusy() {
  const now = sending.has(`${mode}:${shownCode}`);
  mark(byId("composer"), "aria-busy", now ? "true" : null);
  say(byId("send-word"), t(now ? "sending" : mode === "note" ? "save_note" : "send"));
}

function send(code, asked, text, file) {
  if (asked === "note") return call("POST", caseDoor(code, "note"), { body: { text } });
  if (!file) return call("POST", caseDoor(code, "reply"), { body: { text, client_id: ready(code, "reply", text).id, ...marks() } });
  const form = new FormData();
  form.append("text", text);
  form.append("client_id", file.id);
  for (const [name, ticked] of Object.entries(marks())) if (ticked) form.append(name, "true");
  form.append("file", file.file, file.file.name);
  return call("POST", caseDoor(code, "attachments"), { form });
}

function sent(code, asked, text, file) {
  const written = draftOf(code, asked).text;
  const more = written.trimStart().startsWith(text) ? written.trimStart().slice(text.length).trimStart() : written;
  keepDraft(code, asked, { text: more });
  if (fileOf(code) === file) attach(code, null);
  if (code !== shownCode) return;
  guard(null);
  problem("");
  drawFile();
  if (asked === "reply") clearMarks();
  if (asked !== mode) return;
  restore();
  backToField();
}

/** Put the cursor where one goes on writing, unless it was put elsewhere since something was sent. */
const backToField = () => document.activeElement?.matches("body, #composer *") && field().focus();

function refused(failure, asked) {
  if (failure.code === "held_by_guard") {
    guard(failure.problem);
    return;
  }
  const unsure = failure.status === 0 || failure.status >= 500;
  const winner = failure.problem.winner;
  if (asked === "reply" && failure.code === "not_permitted") problem(t("claim_first"));
  else if (winner) problem(t("speaker_faster", { winner }));
  else problem(unsure ? `${failure.message} ${t("send_again_safe")}` : failure.message);
  if (failure.status === 403 || failure.status === 404 || failure.status === 409) {
    refresh();
    refreshOpen();
  }
  backToField();
}
