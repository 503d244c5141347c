/** Puts the page together. The full page and the widget's frame run the same code. */

import { byId } from "../common/dom.js";
import { start as startComposer } from "./composer.js";
import { accepted, begin, join, lost } from "./conversation.js";
import { start as startFrame, tellBegun } from "./frame.js";
import { recallLanguage, start as startHeader } from "./header.js";
import { start as startOutbox, write } from "./outbox.js";
import { changed, on, state } from "./state.js";
import { start as startTranscript, toBottom } from "./transcript.js";
import { noticed, start as startUnread } from "./unread.js";

function start() {
  fitKeyboard();
  startHeader();
  startTranscript();
  startUnread();
  startComposer();
  starters();
  on("session", () => state.session && tellBegun());
  startFrame((open) => {
    changed("unread", "session");
    if (!open) return;
    toBottom();
    if (matchMedia("(pointer: fine)").matches) byId("text").focus();
  });
  begin(noticed);
  startOutbox({ onSession: join, onLost: lost, onAccepted: accepted });
}

function starters() {
  byId("starters").addEventListener("click", (event) => {
    const button = event.target.closest("[data-text]");
    if (!button) return;
    write(button.dataset.text);
    byId("text").focus({ preventScroll: true });
  });
}

/** On phones that lay the keyboard over the page, the page ends where the keyboard begins. */
function fitKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    // Whoever zooms in keeps the page as it is.
    if (Math.abs(view.scale - 1) > 0.01) return;
    document.documentElement.style.setProperty("--height", `${view.height}px`);
    if (view.offsetTop) scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}

if (!recallLanguage()) start();
