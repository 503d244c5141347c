/** Carrying a file to the server; the only request that shows its progress, which fetch cannot. */

import { Refusal, refused } from "../common/http.js";
import { t } from "../common/i18n.js";
import { config } from "./state.js";

const PATIENCE = 180_000;

/** Send the file of a waiting message. Raises `Refusal`. */
export function upload(entry, blob, onProgress) {
  const form = new FormData();
  form.set("client_id", entry.client_id);
  if (entry.text) form.set("text", entry.text);
  form.set("file", blob, entry.file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/chat/api/attachments");
    request.responseType = "json";
    request.timeout = PATIENCE;
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => (request.status < 300 && request.response ? resolve(request.response) : reject(refused(request.status, request.response)));
    request.onerror = request.onabort = () => reject(nothing("offline"));
    request.ontimeout = () => reject(nothing("timeout"));
    request.send(form);
  });
}

const nothing = (error) => new Refusal(0, { error, message: t(`error_${error}`) });

/** Why a file cannot be sent, in words, or `null`. The server looks again; this only spares the visitor the upload. */
export function objection(file) {
  const { max_bytes: most, kinds } = config.attachments;
  const name = file.name;
  if (file.size > most) return t("file_too_large", { name, limit: shownSize(most) });
  if (file.size === 0) return t("file_empty", { name });
  const type = file.type.split(";")[0].toLowerCase();
  // A browser that does not know the type leaves the judgement to the server, which looks into the file.
  if (!type || kinds.includes(type) || kinds.includes(`${type.split("/")[0]}/*`)) return null;
  return t("file_kind", { name, kinds: shownKinds() });
}

const OFFICE = "application/vnd.openxmlformats-officedocument.";
const KINDS = {
  "image/*": "image", "audio/*": "audio", "video/*": "video", "video/mp4": "video", "application/pdf": "pdf", "text/plain": "plain",
  "application/msword": "word", [`${OFFICE}wordprocessingml.document`]: "word", [`${OFFICE}spreadsheetml.sheet`]: "excel",
};

/** What is taken, in words: "ảnh, âm thanh và PDF". */
export function shownKinds() {
  const named = config.attachments.kinds.map((one) => (KINDS[one] ? t(`kind_${KINDS[one]}`) : one.split(/[/.]/).at(-1)));
  return new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(new Set(named));
}

const UNITS = ["byte", "kilobyte", "megabyte"];

/** "1,4 MB" */
export function shownSize(bytes) {
  if (bytes === null || bytes === undefined) return "";
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const format = { style: "unit", unit: UNITS[step], maximumFractionDigits: step > 1 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(bytes / 1024 ** step);
}
