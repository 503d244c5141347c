/** Turns addresses in somebody's text into links, for http and https only; everything else stays text. */

import { h } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"'“”‘’()[\]{}\u200b-\u200f\u202a-\u202e\u2066-\u2069]{1,500}/giu;

/** Return a list of strings and links. The link shows the very address that it opens. */
export function linked(text) {
  const parts = [];
  let reached = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const raw = found[0].replace(/[.,;:!?…]+$/u, "");
    const target = safe(raw);
    if (!target) continue;
    parts.push(text.slice(reached, found.index));
    parts.push(h("a", { href: target, rel: "noopener noreferrer nofollow", target: "_blank" }, raw));
    reached = found.index + raw.length;
  }
  parts.push(text.slice(reached));
  return parts;
}

function safe(raw) {
  if (!URL.canParse(raw)) return null;
  const url = new URL(raw);
  // A name before the host is how a link lies about where it goes.
  const honest = (url.protocol === "http:" || url.protocol === "https:") && !url.username && !url.password;
  return honest ? url.href : null;
}
