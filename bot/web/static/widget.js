/**
 * Puts the company's chat into any page: <script src="https://HOST/widget.js" defer></script>
 * Attributes: data-lang (vi, en), data-colour, data-position (right, left), data-label. See docs/embed-the-chat.md.
 *
 * Everything lives in one shadow tree, styled through a constructed style sheet: the page's own CSS does not reach in,
 * ours does not reach out, and a strict Content-Security-Policy of the page needs to allow no inline style.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  const TAG = "letan-chat";
  if (!script?.src || document.querySelector(TAG)) return;

  const home = new URL(script.src).origin;
  const asked = script.dataset;
  const english = (asked.lang || document.documentElement.lang || "vi").toLowerCase().startsWith("en");
  const BEGUN = `letan-chat:${home}`;
  const FRAME_PATIENCE = 10000;
  const SOON = 500;
  const WORDS = english
    ? { open: "Chat with us", close: "Close the chat", unread: "{n} unread", failed: "The chat could not be shown inside this page.", own: "Open the chat in its own page" }
    : { open: "Trò chuyện với chúng tôi", close: "Đóng khung trò chuyện", unread: "{n} tin chưa đọc", failed: "Chưa hiện được khung trò chuyện trong trang này.", own: "Mở trang trò chuyện riêng" };
  const label = asked.label || WORDS.open;

  const CSS_TEXT = `
    :host { all: initial; position: fixed; inset: auto 20px 20px auto; z-index: 2147483000; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; color-scheme: light dark; }
    :host([data-position="left"]) { inset: auto auto 20px 20px; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .launch { display: grid; place-items: center; position: relative; width: 60px; height: 60px; margin: 0; padding: 0; border: 0; border-radius: 50%; background: var(--letan-colour, #0d655f); color: var(--letan-ink, #fff); box-shadow: 0 2px 6px rgb(0 0 0 / 20%), 0 8px 26px rgb(0 0 0 / 22%); cursor: pointer; transition: transform 0.15s; }
    .launch:hover { transform: scale(1.05); }
    .launch:focus-visible, a:focus-visible { outline: 3px solid var(--letan-colour, #0d655f); outline-offset: 3px; }
    .launch svg { width: 30px; height: 30px; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .count { position: absolute; inset: -4px -4px auto auto; min-width: 24px; height: 24px; padding: 0 6px; border: 2px solid #fff; border-radius: 12px; background: #c3271d; color: #fff; font-size: 13px; font-weight: 700; line-height: 20px; text-align: center; }
    .panel { position: absolute; inset: auto 0 76px auto; width: min(400px, calc(100vw - 40px)); height: min(660px, calc(100vh - 120px)); height: min(660px, calc(100dvh - 120px)); overflow: hidden; border-radius: 18px; background: Canvas; color: CanvasText; box-shadow: 0 4px 12px rgb(0 0 0 / 14%), 0 16px 50px rgb(0 0 0 / 26%); animation: rise 0.18s ease-out; }
    :host([data-position="left"]) .panel { inset: auto auto 76px 0; }
    iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
    .failed { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; padding: 24px; text-align: center; background: Canvas; }
    .failed p { margin: 0; }
    .failed a { color: LinkText; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    @media (max-width: 520px), (max-height: 480px) {
      .panel, :host([data-position="left"]) .panel { position: fixed; inset: 0; width: 100%; height: 100%; border-radius: 0; }
      .open .launch { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .panel { animation: none; } .launch { transition: none; } }
    @media print { :host { display: none; } }
  `;

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const drawing = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const BUBBLE = "M4 6.5A2.5 2.5 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v7a2.500 2.500 0 0 1-2.500 2.500H11l-4.500 4v-4A2.500 2.500 0 0 1 4 13.500zM8.500 8.500h7M8.500 11.800h4.500";
  const CROSS = "m6.500 6.500 11 11M17.500 6.500l-11 11";

  const element = make(TAG, asked.position === "left" ? { "data-position": "left" } : {});
  const root = element.attachShadow({ mode: "open" });
  const count = make("span", { class: "count", "aria-hidden": "true", hidden: "" });
  const launch = make("button", { type: "button", class: "launch", "aria-expanded": "false", "aria-controls": "panel", "aria-haspopup": "dialog" }, drawing(BUBBLE), count);
  const panel = make("div", { class: "panel", id: "panel", role: "dialog", "aria-label": label, hidden: "" });
  const box = make("div", { class: "box", lang: english ? "en" : "vi" }, panel, launch);
  let frame = null;
  let greeted = false;
  let unread = 0;

  function dress() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS_TEXT);
      root.adoptedStyleSheets = [sheet];
    } catch (failure) {
      // Browsers from before constructed sheets; there the page's policy must allow inline styles.
      if (!(failure instanceof TypeError)) throw failure;
      root.append(make("style", {}, CSS_TEXT));
    }
  }

  /** Black or white, whichever can be read on the chosen colour. */
  function paint() {
    if (!asked.colour || !CSS.supports("color", asked.colour)) return;
    element.style.setProperty("--letan-colour", asked.colour);
    const [red, green, blue] = (getComputedStyle(launch).backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
    const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    const light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    element.style.setProperty("--letan-ink", light > 0.36 ? "#10201e" : "#ffffff");
  }

  const isOpen = () => !panel.hidden;

  function draw() {
    const waits = unread > 0 && !isOpen();
    count.hidden = !waits;
    count.textContent = unread > 99 ? "99+" : String(unread);
    launch.replaceChildren(drawing(isOpen() ? CROSS : BUBBLE), count);
    launch.setAttribute("aria-expanded", String(isOpen()));
    launch.setAttribute("aria-label", isOpen() ? WORDS.close : waits ? `${label} (${WORDS.unread.replace("{n}", unread)})` : label);
    box.classList.toggle("open", isOpen());
  }

  function load() {
    if (frame) return;
    frame = make("iframe", { title: label, src: `${home}/?embed=1&lang=${english ? "en" : "vi"}`, allow: "clipboard-write", referrerpolicy: "origin" });
    frame.addEventListener("load", () => tell({ letan: "hello" }));
    panel.append(frame);
  }

  /** A page that may not be framed here shows nothing and says nothing: after a while we say it, with a way on. */
  function watch() {
    setTimeout(() => {
      if (greeted || !isOpen() || panel.querySelector(".failed")) return;
      panel.append(make("div", { class: "failed", role: "alert" }, make("p", {}, WORDS.failed), make("a", { href: `${home}/`, target: "_blank", rel: "noopener" }, WORDS.own)));
    }, FRAME_PATIENCE);
  }

  /** To the chat and to nobody else: should the frame ever show another origin, the browser drops the message. */
  function tell(message) {
    frame?.contentWindow?.postMessage(message, home);
  }

  function setOpen(wanted, { focus = true } = {}) {
    if (wanted === isOpen()) return;
    if (wanted) load();
    panel.hidden = !wanted;
    draw();
    if (greeted) tell({ letan: "panel", open: wanted });
    if (wanted) watch();
    if (!focus) return;
    if (wanted) frame.focus();
    else launch.focus();
  }

  function heard(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    const said = event.data;
    if (said === null || typeof said !== "object") return;
    if (said.letan === "ready") {
      greeted = true;
      panel.querySelector(".failed")?.remove();
      tell({ letan: "panel", open: isOpen() });
    } else if (said.letan === "unread" && Number.isInteger(said.count) && said.count >= 0) {
      unread = said.count;
      draw();
    } else if (said.letan === "begun") remember();
    else if (said.letan === "close") setOpen(false);
  }

  function whenLoaded(work) {
    if (document.readyState === "complete") work();
    else addEventListener("load", work, { once: true });
  }

  // The site's own store, not ours: whether to listen for answers before anybody opens the panel.
  function remember() {
    try {
      localStorage.setItem(BEGUN, "1");
    } catch (failure) {
      if (!(failure instanceof DOMException)) throw failure;
    }
  }

  function begunBefore() {
    try {
      return localStorage.getItem(BEGUN) === "1";
    } catch (failure) {
      if (failure instanceof DOMException) return false;
      throw failure;
    }
  }

  launch.addEventListener("click", () => setOpen(!isOpen()));
  addEventListener("message", heard);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && setOpen(false));
  dress();
  root.append(box);
  (document.body ?? document.documentElement).append(element);
  paint();
  draw();
  // The site's own content comes first.
  if (begunBefore()) whenLoaded(() => setTimeout(load, SOON));
})();
