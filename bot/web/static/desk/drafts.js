/** What somebody has begun to write, kept per case in the browser until it has been sent. */

import { kept, state } from "./state.js";

const DAYS = 14;
const files = new Map();

/** A draft: `text`, and the `id` under which it will be sent, so that sending it twice says it once. */
export function draftOf(code, mode) {
  return kept.get(`draft:${mode}:${code}`) ?? { text: "", id: null, tried: null };
}

/** Keep a draft; an empty one is forgotten. Returns false where the browser keeps nothing. */
export function keepDraft(code, mode, draft) {
  return kept.set(`draft:${mode}:${code}`, draft.text ? { ...draft, at: Date.now() } : null);
}

/** The draft with an id to send it under: the same as long as the same words are tried again. */
export function ready(code, mode, text) {
  const draft = draftOf(code, mode);
  const id = draft.id && draft.tried === text ? draft.id : (crypto.randomUUID?.() ?? uuid());
  const made = { text, id, tried: text };
  keepDraft(code, mode, made);
  return made;
}

/** A random id where the page came over plain HTTP from another machine, and browsers withhold `randomUUID`. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The file that goes with a case's next reply. A browser cannot keep it over a reload. */
export const fileOf = (code) => files.get(code) ?? null;

/** Attach a file, or with `null` take it off. */
export function attach(code, file) {
  if (file) files.set(code, { file, id: crypto.randomUUID?.() ?? uuid() });
  else files.delete(code);
}

/** Forget drafts that nobody came back to. */
export function prune() {
  const own = `letan:${state.me.id}:draft:`;
  const old = Date.now() - DAYS * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(own)) continue;
    const name = key.slice(`letan:${state.me.id}:`.length);
    if ((kept.get(name)?.at ?? 0) < old) kept.set(name, null);
  }
}
