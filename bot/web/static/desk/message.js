/** One message of a transcript. Sides and badges are drawn here, by us: nothing that a customer writes can look like them. */

import { byId, h, icon, theirs } from "../common/dom.js";
import { open as openDialog } from "../common/dialog.js";
import { maybe, t } from "../common/i18n.js";
import { linked } from "../common/linkify.js";
import { clock, moment } from "../common/time.js";
import { state } from "./state.js";

const LONG = 1200;
const BROKEN = new Set(["failed", "unknown"]);

/** Who speaks: "customer", "bot", "system", "staff", "outside" or "note". */
export const sideOf = (message) => (message.direction === "internal" ? "note" : message.written_by);

/** Everything that is shown of a message, so that an unchanged one is left alone. */
export const printOf = (message, person) =>
  JSON.stringify([message.text, message.delivery, message.delivery_error, message.edited_at, message.files, person]);

/** Return the element of a message. `person` is the customer's name. */
export function draw(message, person) {
  const side = sideOf(message);
  if (side === "note" && message.written_by === "system") return quiet(message);
  return h(
    "article",
    { class: `message from-${side}`, data: { id: String(message.id) } },
    h(
      "header",
      { class: "message-head" },
      badge(side),
      author(message, side, person),
      h("time", { datetime: message.created_at, title: moment(message.created_at) }, clock(message.created_at)),
    ),
    h("div", { class: "bubble" }, body(message), message.files.map(file), buttons(message)),
    edited(message),
    delivery(message),
  );
}

/** What the house itself noted about a move: one quiet line across, no message of anybody. */
function quiet(message) {
  return h(
    "article",
    { class: "message from-note from-move", data: { id: String(message.id) } },
    h(
      "p",
      { class: "message-text move-text", dir: "auto" },
      h("time", { datetime: message.created_at }, clock(message.created_at)),
      ` ${message.text}`,
    ),
  );
}

function badge(side) {
  const marks = { customer: "mine", bot: "bot", system: "bot", staff: "people", outside: "people", note: "lock" };
  return h("span", { class: `who who-${side}` }, icon(marks[side]), t(`who_${side}`));
}

function author(message, side, person) {
  if (side === "customer") return person ? h("strong", { class: "message-name" }, theirs(person)) : null;
  if (message.name) return h("strong", { class: "message-name" }, theirs(message.name));
  return null;
}

function body(message) {
  if (!message.text) return message.files.length ? null : h("p", { class: "message-kind" }, t(`kind_${message.kind}`));
  const text = h("p", { class: "message-text", dir: "auto" }, linked(message.text));
  if (message.text.length <= LONG) return text;
  text.classList.add("folded");
  const more = h("button", { type: "button", class: "link", "aria-expanded": "false" }, t("show_all"));
  more.addEventListener("click", () => {
    const folded = text.classList.toggle("folded");
    more.textContent = folded ? t("show_all") : t("show_less");
    more.setAttribute("aria-expanded", String(!folded));
  });
  return h("div", {}, text, more);
}

function buttons(message) {
  if (!message.buttons.length) return null;
  return h(
    "div",
    { class: "offered", "aria-label": t("offered") },
    message.buttons.map((one) => h("span", { dir: "auto" }, one.title)),
  );
}

function file(one) {
  if (!one.url)
    return h(
      "p",
      { class: "file gone" },
      icon("file"),
      h("span", { dir: "auto" }, one.name || t(`kind_${one.kind}`)),
      h("em", {}, t(`file_${one.state}`)),
    );
  if (/^image\/(jpeg|png|gif|webp)$/.test(one.mime)) return picture(one);
  const player = /^audio\/(ogg|mpeg|mp4|aac)$/.test(one.mime) ? "audio" : one.mime === "video/mp4" ? "video" : null;
  if (player)
    return h(
      "div",
      { class: "media" },
      h(player, { src: one.url, controls: true, preload: "none", "aria-label": one.name || t(`kind_${one.kind}`) }),
      download(one),
    );
  return download(one);
}

function download(one) {
  const name = one.name || t(`kind_${one.kind}`);
  return h(
    "a",
    { class: "file", href: one.url, download: name, rel: "noopener" },
    icon("file"),
    theirs(name),
    h("em", {}, size(one.size)),
    icon("download"),
  );
}

function picture(one) {
  const image = h("img", { src: one.url, alt: one.name || t("picture"), loading: "lazy", decoding: "async" });
  const shown = h(
    "button",
    { type: "button", class: "thumb", "aria-label": `${t("enlarge")} ${one.name}`, on: { click: () => enlarge(one) } },
    image,
  );
  image.addEventListener("error", () =>
    shown.replaceWith(
      h("p", { class: "file gone" }, icon("file"), theirs(one.name || t("picture")), h("em", {}, t("file_failed"))),
    ),
  );
  return shown;
}

function enlarge(one) {
  const dialog = byId("picture-dialog");
  const image = dialog.querySelector("img");
  image.src = one.url;
  image.alt = one.name;
  dialog.querySelector("[data-name]").textContent = one.name;
  dialog.querySelector("[data-download]").href = one.url;
  openDialog(dialog);
}

const UNITS = ["B", "KB", "MB", "GB"];

/** "1,4 MB" */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "";
  let left = bytes;
  let unit = 0;
  while (left >= 1024 && unit < UNITS.length - 1) {
    left /= 1024;
    unit += 1;
  }
  return `${left.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${UNITS[unit]}`;
}

function edited(message) {
  if (!message.edited_at) return null;
  if (!message.versions.length) return h("p", { class: "edited" }, t("edited", { at: clock(message.edited_at) }));
  return h(
    "details",
    { class: "edited" },
    h("summary", {}, t("edited_see", { at: clock(message.edited_at), count: message.versions.length })),
    h(
      "ol",
      {},
      message.versions.map((text) => h("li", { dir: "auto" }, text)),
    ),
  );
}

/** How far a message of ours has come, in words; a failure with its reason, "unknown" with what that means. */
function delivery(message) {
  if (!message.delivery) return null;
  const broken = BROKEN.has(message.delivery);
  const reason =
    broken && message.delivery_error
      ? maybe(`delivery_reason_${message.delivery_error}`, message.delivery_error)
      : null;
  return h(
    "p",
    { class: `delivery delivery-${message.delivery}` },
    broken ? icon("alert") : null,
    t(`delivery_${message.delivery}`),
    reason ? [": ", theirs(reason)] : null,
    message.delivery === "unknown" ? ` ${t("delivery_unknown_hint")}` : null,
  );
}

/** The customer's name as the open case has it. */
export const personOf = () => state.open?.page?.customer_name ?? null;
