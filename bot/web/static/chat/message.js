/** One message. Sides and names are drawn here, by us: nothing that anybody writes can look like them. */

import { announce, open as openDialog, toast } from "../common/dialog.js";
import { byId, h, icon, theirs } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { linked } from "../common/linkify.js";
import { clock, moment, now } from "../common/time.js";
import { drop, progressOf, retry, stuck, write } from "./outbox.js";
import { config, state } from "./state.js";
import { shownSize } from "./upload.js";

const LONG = 1200;
const CODE = new RegExp(`\\b(?:${config.codes.join("|")})-\\d{4,8}\\b`, "g");
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F\u200D]*){1,3}$/u;
const PICTURE = /^image\/(jpeg|png|gif|webp)$/;

/** Everything that is shown of an item, so that an unchanged one is left alone. */
export function printOf(item) {
  const { message: one, waiting: entry } = item;
  const fate = entry && [entry.tries, entry.problem, entry.until > now() && Math.ceil((entry.until - now()) / 1000), progressOf(entry.client_id), state.blocked];
  return JSON.stringify([one.text, one.files, one.created_at, one.standIn, item.choices, fate, navigator.onLine]);
}

/** Return the element of an item of the transcript. */
export function draw(item) {
  const { message: one, waiting: entry } = item;
  const mine = one.author === "customer";
  return h("article", { class: `message from-${one.author}${entry?.problem ? " refused" : ""}`, data: { id: String(one.id ?? "") } },
    mine ? h("span", { class: "visually-hidden" }, t("you")) : head(one),
    h("div", { class: "bubble-row" }, mine ? null : face(one), h("div", { class: bubble(one) }, body(one), one.files.map((file) => shownFile(file, entry)))),
    choices(one, item.choices),
    entry ? fate(entry) : foot(one, mine));
}

/** Who speaks, in words: also for those who listen. */
export const speaker = (one) => (one.author === "bot" ? t("assistant") : one.author === "staff" ? one.name ?? t("staff") : t("you"));

function head(one) {
  if (one.author === "bot") return h("header", { class: "who" }, t("assistant"));
  return h("header", { class: "who" }, one.name ? theirs(one.name, { class: "name" }) : null, h("span", { class: "role" }, t("staff")));
}

function face(one) {
  if (one.author === "bot") return h("span", { class: "face", "aria-hidden": "true" }, icon("bot"));
  // The last word of a Vietnamese name is the one that people are called by.
  const initial = one.name ? Array.from(one.name.trim().split(/\s+/).at(-1))[0]?.toLocaleUpperCase() : null;
  return h("span", { class: "face face-staff", "aria-hidden": "true" }, initial ?? icon("person"));
}

function bubble(one) {
  const bare = !one.text && one.files.length && one.files.every((file) => file.url && PICTURE.test(file.mime));
  return `bubble${bare ? " bare" : EMOJI_ONLY.test(one.text) ? " big" : ""}`;
}

function body(one) {
  if (!one.text) return one.files.length ? null : h("p", { class: "kind" }, t(`shown_${one.kind}`));
  const text = h("p", { class: "text", dir: "auto" }, linked(one.text).flatMap((part) => (typeof part === "string" ? coded(part) : [part])));
  if (one.text.length <= LONG) return text;
  text.classList.add("folded");
  const more = h("button", { type: "button", class: "link", "aria-expanded": "false" }, t("show_all"));
  more.addEventListener("click", () => {
    const folded = text.classList.toggle("folded");
    more.textContent = folded ? t("show_all") : t("show_less");
    more.setAttribute("aria-expanded", String(!folded));
  });
  return [text, more];
}

/** Case numbers become buttons that copy themselves. */
function coded(text) {
  const parts = [];
  let reached = 0;
  for (const { 0: code, index } of text.matchAll(CODE)) {
    parts.push(text.slice(reached, index), h("button", { type: "button", class: "code", "aria-label": t("code_copy", { code }), on: { click: () => copy(code) } }, code, icon("copy")));
    reached = index + code.length;
  }
  parts.push(text.slice(reached));
  return parts;
}

async function copy(code) {
  try {
    await navigator.clipboard.writeText(code);
    toast(t("copied", { code }));
  } catch (failure) {
    // Without TLS there is no clipboard (a TypeError), and a frame may not be allowed to use it.
    if (!(failure instanceof TypeError || failure instanceof DOMException)) throw failure;
    toast(t("not_copied", { code }), { bad: true });
  }
}

function choices(one, offered) {
  if (!one.buttons.length) return null;
  return h("div", { class: "choices", role: "group", "aria-label": t("choices") }, one.buttons.map((button) => {
    const chosen = offered?.chosen === button.payload;
    return h("button", { type: "button", class: chosen ? "chip chosen" : "chip", disabled: !offered?.open, "aria-pressed": chosen ? "true" : null, dir: "auto", on: { click: () => write(button.payload) } }, button.title);
  }));
}

function shownFile(file, entry) {
  const name = file.name || t(`shown_${file.kind}`);
  if (entry) return leaving(file, name, entry);
  if (!file.url) return h("p", { class: "file gone" }, icon("file"), theirs(name), file.state === "stored" ? null : h("em", {}, t(`file_${file.state}`)));
  if (PICTURE.test(file.mime)) return picture(file, name);
  const player = /^audio\/(ogg|mpeg|mp4|aac)$/.test(file.mime) ? "audio" : file.mime === "video/mp4" ? "video" : null;
  if (player) return h("div", { class: "media" }, h(player, { src: file.url, controls: true, preload: "none", "aria-label": name }), download(file, name));
  return download(file, name);
}

function leaving(file, name, entry) {
  const bar = h("progress", { max: "1", value: String(progressOf(entry.client_id)), "aria-label": `${t("uploading")} ${name}` });
  const shown = file.url && PICTURE.test(file.mime) ? h("img", { class: "thumb-image", src: file.url, alt: name }) : null;
  return h("div", { class: "leaving" }, shown, h("p", { class: "file" }, icon("file"), theirs(name), h("em", {}, shownSize(file.size))), entry.problem ? null : bar);
}

function download(file, name) {
  return h("a", { class: "file", href: file.url, download: name, rel: "noopener" }, icon("file"), theirs(name), h("em", {}, shownSize(file.size)), icon("download"));
}

function picture(file, name) {
  const image = h("img", { class: "thumb-image", src: file.url, alt: name, decoding: "async" });
  const shown = h("button", { type: "button", class: "thumb", "aria-label": `${t("enlarge")}: ${name}`, on: { click: () => enlarge(file, name) } }, image);
  image.addEventListener("error", () => shown.replaceWith(h("p", { class: "file gone" }, icon("file"), theirs(name), h("em", {}, t("file_failed")))));
  return shown;
}

function enlarge(file, name) {
  const dialog = byId("picture-dialog");
  const image = dialog.querySelector("img");
  image.src = file.url;
  image.alt = name;
  dialog.querySelector("[data-name]").textContent = name;
  const link = dialog.querySelector("[data-download]");
  link.href = file.url;
  link.download = name;
  openDialog(dialog);
}

/** Where a message of ours is on its way. */
function fate(entry) {
  if (entry.problem) return refusal(entry);
  const left = Math.ceil((entry.until - now()) / 1000);
  if (entry.paced && left > 0) return line("clock", t("paced", { count: left }));
  // Without a network a press would not help, and the banner says that it goes by itself.
  if (!navigator.onLine) return line("clock", t("waits"));
  if (stuck(entry) || state.blocked) return h("p", { class: "foot bad" }, h("button", { type: "button", class: "link", on: { click: retry } }, icon("retry"), t("failed")));
  return line("clock", t("sending"));
}

function refusal(entry) {
  const edit = () => {
    document.dispatchEvent(new CustomEvent("letan:edit", { detail: drop(entry.client_id) }));
  };
  return h("div", { class: "foot bad", role: "alert" }, h("p", {}, icon("alert"), h("strong", {}, t("refused")), " · ", h("span", { dir: "auto" }, entry.problem)),
    h("p", { class: "foot-actions" }, entry.text ? h("button", { type: "button", class: "link", on: { click: edit } }, t("edit_again")) : null,
      h("button", { type: "button", class: "link", on: { click: () => drop(entry.client_id) } }, t("discard"))));
}

const line = (name, text) => h("p", { class: "foot" }, icon(name), text);

function foot(one, mine) {
  const at = h("time", { datetime: one.created_at, title: moment(one.created_at) }, clock(one.created_at));
  return mine ? h("p", { class: "foot" }, icon("check"), t("received"), " · ", at) : h("p", { class: "foot" }, at);
}

/** Say a new message to those who listen. */
export function sayAloud(one) {
  const what = one.text || one.files.map((file) => file.name || t(`shown_${file.kind}`)).join(", ") || t(`shown_${one.kind}`);
  announce(t("says", { who: speaker(one), text: what.slice(0, 400) }));
}
