/**
 * Talking to the page that frames us. It may say "hello" and whether the panel is open; we tell it how much is unread and
 * when to close. Both ways only between this window's parent and us, and only for origins that the company has named.
 */

import { config, embedded } from "./state.js";

let host = null;
let panelOpen = false;
let told = null;
let onOpen = () => {};

/** Whether the visitor can see this page. */
export const looked = () => !document.hidden && (!embedded || panelOpen) && (embedded || document.hasFocus());

/** Listen to the framing page; `listener` is called when the panel opens or closes. */
export function start(listener) {
  onOpen = listener;
  if (!embedded) return;
  addEventListener("message", (event) => {
    if (event.source !== window.parent || !allowed(event.origin)) return;
    const said = event.data;
    if (said === null || typeof said !== "object") return;
    if (said.letan === "hello") {
      host = event.origin;
      tell({ letan: "ready" });
      if (told !== null) tell({ letan: "unread", count: told });
    } else if (said.letan === "panel" && typeof said.open === "boolean" && event.origin === host) {
      panelOpen = said.open;
      onOpen(panelOpen);
    }
  });
}

/** Tell the widget how many messages are unread; `begun` is whether there is a conversation at all. */
export function tellUnread(count) {
  if (told === count) return;
  told = count;
  tell({ letan: "unread", count });
}

/** Tell the widget that there is a conversation: the next page of the site then listens for answers from the start. */
export const tellBegun = () => tell({ letan: "begun" });

/** Ask the widget to hide the panel. */
export const hide = () => tell({ letan: "close" });

function tell(message) {
  if (host) window.parent.postMessage(message, host);
}

function allowed(origin) {
  return origin === location.origin || config.origins.some((one) => matches(one, origin));
}

/** Whether an origin falls under a source of `frame-ancestors`: "https://a.vn", "https://*.a.vn", "a.vn:8080", "*". */
function matches(source, origin) {
  if (source === "*") return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  const [, scheme, name, port] = /^(?:(https?):\/\/)?([^/:]+)(?::(\d+|\*))?\/?$/i.exec(source) ?? [];
  if (!name || (scheme && url.protocol !== `${scheme.toLowerCase()}:`)) return false;
  if (!scheme && url.protocol !== location.protocol && url.protocol !== "https:") return false;
  const wanted = name.toLowerCase();
  const hostFits = wanted.startsWith("*.") ? url.hostname.endsWith(wanted.slice(1)) : url.hostname === wanted;
  const usual = url.protocol === "https:" ? "443" : "80";
  return hostFits && (port === "*" || (port ?? usual) === (url.port || usual));
}
