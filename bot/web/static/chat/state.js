/** What the page knows, and who wants to hear when it changes. */

export const config = JSON.parse(document.getElementById("config").textContent);
export const embedded = document.documentElement.dataset.embed === "true" && window.parent !== window;

export const state = {
  /** Messages of the conversation by id, as the server gave them; our own just accepted ones stand in until they come back. */
  messages: new Map(),
  /** Whether there are older messages than those. */
  more: false,
  /** `null` until the server was asked, then whether this browser has a conversation. */
  session: null,
  /** Whether the server took our session but the browser did not keep its cookie. */
  blocked: false,
  /** "open" or "lost"; nothing is lost before there is a conversation. */
  connection: "open",
  /** Whether something is being asked of the server again and again. */
  struggling: false,
  /** Until when (performance.now) to show that somebody is typing, and who: "staff" or "assistant". */
  typing: { until: 0, who: "staff" },
  /** Who speaks with the visitor: `by` "bot", "staff" or "outside", and the person's name; `null` before it is known. */
  speaker: null,
  /** Newest message that the visitor has looked at, and the one above which the divider stands. */
  read: 0,
  divider: 0,
};

const listeners = new Map();

/** Call `listener` whenever one of the topics changed. Topics: messages, session, blocked, connection, typing, speaker, unread. */
export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

const due = new Set();

/** Say that something changed. Each listener hears of it once, at the end of the present task. */
export function changed(...topics) {
  if (!due.size) queueMicrotask(tellAll);
  for (const topic of topics) due.add(topic);
}

function tellAll() {
  const told = new Set([...due].flatMap((topic) => [...(listeners.get(topic) ?? [])]));
  due.clear();
  for (const listener of told) listener();
}

/** All messages, oldest first. */
export const ordered = () => [...state.messages.values()].sort((one, other) => one.id - other.id);

export const PREFIX = "letan-chat:";

/** What this browser keeps between visits; where it keeps nothing (private mode, full, a blocked frame) it only forgets. */
export const kept = {
  get(name, fallback = null) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name)) ?? fallback;
    } catch (failure) {
      return forgetful(failure, fallback);
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(PREFIX + name);
      else localStorage.setItem(PREFIX + name, JSON.stringify(value));
      return true;
    } catch (failure) {
      return forgetful(failure, false);
    }
  },
  names(beginning) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + beginning)).map((key) => key.slice(PREFIX.length));
    } catch (failure) {
      return forgetful(failure, []);
    }
  },
};

function forgetful(failure, otherwise) {
  if (failure instanceof SyntaxError || failure instanceof DOMException) return otherwise;
  throw failure;
}
