/** Building the page. Data only ever becomes text: there is no way in here to set HTML, a style or a handler by name. */

/** What stands before a sign's name in its address; a page may bring a sprite of its own, inside itself for one. */
const ICONS = document.documentElement.dataset.icons ?? "/static/desk/icons.svg#";
/** Milliseconds between two runs of a burst. */
const CLOSE = 80;
const SVG = "http://www.w3.org/2000/svg";

/** Return the element with an id; a missing one is our own mistake and said at once. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/**
 * Make an element. `props`: `class`, `data` (dataset), `on` (listeners by event), anything else is an attribute;
 * `null`, `undefined` and `false` are left out. Children that are not nodes become text.
 */
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "on") for (const [kind, listener] of Object.entries(value)) made.addEventListener(kind, listener);
    else if (name === "style" || name.startsWith("on")) throw new Error(`not by this door: ${name}`);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  put(made, ...children);
  return made;
}

/** Append children; strings and numbers become text, empty ones are left out. */
export function put(parent, ...children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false || child === "") continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
}

/** Replace everything inside. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return put(parent, ...children);
}

/** A person's words or name among ours: isolated, so that their writing direction stays their own. */
export function theirs(text, props = {}) {
  return h("bdi", { dir: "auto", ...props }, text);
}

/** An icon of the sprite; it says nothing to a screen reader, the text beside it does. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}${name}`);
  svg.append(use);
  return svg;
}

/** Set text only where it changed, so that nothing is laid out twice. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Set or remove an attribute only where it changed. */
export function mark(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Make `parent`'s children follow `items`: elements are kept by key, so focus, scroll and selection survive.
 * `draw(item, element | null)` returns the element, the given one wherever it can be updated.
 */
export function keyed(parent, items, keyOf, draw) {
  const known = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const before = known.get(key) ?? null;
    known.delete(key);
    const element = draw(item, before);
    element.dataset.key = key;
    if (before && before !== element) before.replaceWith(element);
    if (before && place === before) place = element;
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const gone of known.values()) gone.remove();
}

/**
 * Run `work` soon, however often it is asked for; the last ask is never lost. `burst` runs may follow each other closely,
 * one more is earned every `gap` milliseconds: what happens now and then is shown at once, a flood costs next to nothing.
 */
export function gathered(work, gap, burst = 1) {
  let timer = null;
  let last = -Infinity;
  let left = burst;
  return () => {
    if (timer !== null) return;
    const quiet = performance.now() - last;
    left = Math.min(burst, left + quiet / gap);
    timer = setTimeout(
      () => {
        timer = null;
        left = Math.max(0, left - 1);
        last = performance.now();
        work();
      },
      left >= 1 ? Math.max(0, CLOSE - quiet) : (1 - left) * gap,
    );
  };
}
