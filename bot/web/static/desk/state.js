/** What the console knows, and who wants to hear when it changes. Everything here is a copy of the server's state. */

export const config = JSON.parse(document.getElementById("config").textContent);

export const state = {
  /** The staff member who is logged in. */
  me: null,
  /** The answer of /api/duty: one's own shift and break. */
  duty: null,
  /** Everybody, and their names by id. */
  people: [],
  names: new Map(),
  /** The answer of /api/queues. */
  queues: null,
  /** Where the person is: see `router.js`. */
  route: null,
  /** The list on the left: `path` names it, `rows` is null until it was loaded. */
  list: { path: "/desk", rows: null, next: null, problem: null, loading: false },
  /** The open case: `page` as the server gave it, `messages` by id. */
  open: null,
  /** What waits for this person: the answer of /api/inbox, null until it was loaded. */
  inbox: null,
  /** "open", "lost" or "ended". */
  connection: "open",
};

const listeners = new Map();

/** Call `listener` whenever `topic` changed. Topics: me, people, queues, list, route, open, messages, inbox, connection, unread. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
}

const due = new Set();

/** Say that something changed. Listeners hear of it once, at the end of the present task, however often it is said. */
export function changed(...topics) {
  if (!due.size) queueMicrotask(tellAll);
  for (const topic of topics) due.add(topic);
}

function tellAll() {
  const topics = [...due];
  due.clear();
  for (const topic of topics) for (const listener of listeners.get(topic) ?? []) listener();
}

const departments = new Map(config.departments.map((one) => [one.id, one]));

/** The name of a department in the language of the page. */
export const labelOf = (id) => departments.get(id)?.label ?? id;

/** Whether somebody leads (sees every queue, may step in); the person who is logged in, where nobody else is named. */
export const leads = (person = state.me) => person?.role === "manager" || person?.role === "admin";

/** Whether somebody takes the cases of a department; those of management are for whoever leads, and for nobody else. */
export const takesFor = (department, person = state.me) =>
  department === config.management ? leads(person) : person.departments.includes(department);

/** Whether the open case is theirs. */
export const owns = (kase) => kase?.owner_id === state.me?.id;

/** Something this person's browser keeps; a browser that keeps nothing (private mode, full) only forgets. */
export const kept = {
  get(name, fallback = null) {
    try {
      return JSON.parse(localStorage.getItem(keyOf(name))) ?? fallback;
    } catch (failure) {
      if (failure instanceof SyntaxError || failure instanceof DOMException) return fallback;
      throw failure;
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(keyOf(name));
      else localStorage.setItem(keyOf(name), JSON.stringify(value));
      return true;
    } catch (failure) {
      if (failure instanceof DOMException) return false;
      throw failure;
    }
  },
};

const keyOf = (name) => `letan:${state.me?.id ?? 0}:${name}`;
