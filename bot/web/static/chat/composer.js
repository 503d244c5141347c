/** Writing: text, files by picker, paste or drop, and the few rules of the keyboard. */

import { byId, fill, h, icon, say, theirs } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { write } from "./outbox.js";
import { config, kept, state } from "./state.js";
import { toBottom } from "./transcript.js";
import { objection, shownSize } from "./upload.js";

const FILES_MOST = 10;
const NEAR_LIMIT = 1000;
const TYPING_EVERY = 3000;
const DRAFT_EVERY = 400;
const coarse = matchMedia("(pointer: coarse)");
let tray = [];
let typingTold = -TYPING_EVERY;
let draftTimer = null;

const field = () => byId("text");
const length = () => Array.from(field().value).length;

/** Make the composer work. */
export function start() {
  field().value = brought() ?? kept.get("draft", "");
  field().addEventListener("input", typed);
  field().addEventListener("keydown", pressed);
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  const hint = () => field().setAttribute("enterkeyhint", coarse.matches ? "enter" : "send");
  coarse.addEventListener("change", hint);
  hint();
  document.addEventListener("letan:edit", (event) => putBack(event.detail));
  files();
  draw();
  if (!coarse.matches && document.documentElement.dataset.embed !== "true") field().focus();
}

/** A text that another page of ours sent along, when it could not send it itself. */
function brought() {
  const text = new URLSearchParams(location.hash.slice(1)).get("nhap");
  if (text === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return text.slice(0, config.text_max) || null;
}

function putBack(text) {
  field().value = [text, field().value].filter(Boolean).join("\n");
  typed();
  field().focus();
}

function typed() {
  clearTimeout(draftTimer);
  draftTimer = setTimeout(keepDraft, DRAFT_EVERY);
  problem(null);
  draw();
  if (field().value.trim()) tellTyping();
}

const keepDraft = () => kept.set("draft", field().value || null);

/** Tell the staff, if there is anybody to tell it to. */
async function tellTyping() {
  if (!state.session || performance.now() - typingTold < TYPING_EVERY) return;
  typingTold = performance.now();
  try {
    await call("POST", "/chat/api/typing");
  } catch (failure) {
    // A courtesy that does not get through is no loss.
    if (!(failure instanceof Refusal)) throw failure;
  }
}

/** Enter sends, Shift+Enter breaks the line; on a touch keyboard Enter breaks the line and the button sends. */
function pressed(event) {
  // While an input method composes a word (Telex, VNI) Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (coarse.matches && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  send();
}

function send() {
  const text = field().value.trim();
  if ((!text && !tray.length) || length() > config.text_max) return;
  const chosen = tray;
  tray = [];
  field().value = "";
  clearTimeout(draftTimer);
  keepDraft();
  // The words go with the last file: then the assistant has seen everything when it reads them.
  for (const { file, address } of chosen) {
    if (address) URL.revokeObjectURL(address);
    write(file === chosen.at(-1).file ? text : "", file);
  }
  if (!chosen.length) write(text);
  draw();
  toBottom();
  queueMicrotask(toBottom);
  field().focus({ preventScroll: true });
}

function draw() {
  const count = length();
  const left = config.text_max - count;
  const over = left < 0;
  byId("left").hidden = left >= NEAR_LIMIT;
  byId("left").classList.toggle("over", over);
  say(byId("left"), left >= NEAR_LIMIT ? "" : over ? t("over", { count: -left }) : t("left", { count: left }));
  field().setAttribute("aria-invalid", String(over));
  byId("send").disabled = over || (!field().value.trim() && !tray.length);
  grow();
  drawTray();
}

/** Browsers without `field-sizing` are told the height. */
function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  field().style.height = "auto";
  field().style.height = `${field().scrollHeight + 2}px`;
}

// --- files ---

function files() {
  const picker = byId("file");
  byId("attach").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    add([...picker.files]);
    picker.value = "";
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    add([...event.clipboardData.files]);
  });
  dropping();
}

function dropping() {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const show = () => (byId("drop").hidden = depth <= 0);
  addEventListener("dragenter", (event) => carries(event) && ((depth += 1), show()));
  addEventListener("dragleave", (event) => carries(event) && ((depth -= 1), show()));
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    show();
    add([...event.dataTransfer.files]);
  });
}

function add(found) {
  const problems = [];
  for (const file of found) {
    const no = tray.length >= FILES_MOST ? t("file_many", { count: FILES_MOST }) : objection(file);
    if (no) problems.push(no);
    else tray.push({ file, address: /^image\/(jpeg|png|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : null });
  }
  problem([...new Set(problems)].join(" "));
  draw();
  field().focus({ preventScroll: true });
}

function problem(text) {
  const place = byId("composer-problem");
  place.hidden = !text;
  say(place, text ?? "");
}

function drawTray() {
  byId("tray").hidden = !tray.length;
  fill(byId("tray"), tray.map(({ file, address }) => h("li", { class: "tray-item" },
    address ? h("img", { src: address, alt: "" }) : icon("file"),
    h("span", { class: "tray-name" }, theirs(file.name), h("small", {}, shownSize(file.size))),
    h("button", { type: "button", class: "icon-button", "aria-label": t("remove_file", { name: file.name }), on: { click: () => remove(file) } }, icon("close")))));
}

function remove(file) {
  const gone = tray.find((one) => one.file === file);
  if (gone?.address) URL.revokeObjectURL(gone.address);
  tray = tray.filter((one) => one.file !== file);
  draw();
  field().focus();
}
