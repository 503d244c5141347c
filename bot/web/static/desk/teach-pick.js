/** A field in which a need is found by its name or description, with keys, mouse or finger. */

import { fill, h, icon, mark } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { findNeeds, needLabel, needOwner } from "./teach-data.js";

const SHOWN = 8;
let made = 0;

/**
 * Make a field. `onPick(name)` is called with the need that was chosen; `onNew(words)`, where it is given, with what was
 * typed when the person wants a need of that name. `keep` leaves the chosen need in the field.
 */
export function picker({ label, onPick, onNew, keep = false, key = null }) {
  made += 1;
  const id = `teach-pick-${made}`;
  const list = h("ul", { class: "pick-list", role: "listbox", id, hidden: true });
  const field = h("input", {
    type: "search",
    role: "combobox",
    "aria-label": label,
    "aria-expanded": "false",
    "aria-controls": id,
    "aria-autocomplete": "list",
    placeholder: label,
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "80",
  });
  const element = h("div", { class: "pick" }, h("div", { class: "search" }, icon("search"), field, key), list);
  const part = new Picker({ field, list, element, onPick, onNew, keep });
  return {
    element,
    focus: () => field.focus(),
    clear: () => part.clear(),
    value: () => part.chosen,
    set: (name) => part.set(name),
  };
}

class Picker {
  constructor(parts) {
    Object.assign(this, parts, { rows: [], at: 0, chosen: null });
    this.field.addEventListener("input", () => {
      this.chosen = null;
      this.draw();
    });
    this.field.addEventListener("focus", () => this.draw());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    // A press must not take the focus away before it is a click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (row) this.take(Number(row.dataset.row));
    });
  }

  set(name) {
    this.chosen = name;
    this.field.value = name ? needLabel(name) : "";
  }

  clear() {
    this.set(null);
    this.close();
  }

  close() {
    this.list.hidden = true;
    mark(this.field, "aria-expanded", "false");
    mark(this.field, "aria-activedescendant", null);
  }

  draw() {
    const typed = this.chosen ? "" : this.field.value.trim();
    this.rows = findNeeds(typed)
      .slice(0, typed ? SHOWN : 100)
      .map((one) => ({ name: one.name }));
    if (this.onNew && typed) this.rows.push({ fresh: typed });
    this.at = 0;
    fill(
      this.list,
      this.rows.map((row, place) => this.drawRow(row, place)),
      this.rows.length ? null : h("li", { class: "pick-none muted" }, t("teach_pick_none")),
    );
    this.list.hidden = false;
    mark(this.field, "aria-expanded", "true");
    this.list.scrollIntoView({ block: "nearest" });
    this.move(0);
  }

  drawRow(row, place) {
    const props = { role: "option", class: "pick-row", id: `${this.list.id}-${place}`, data: { row: place } };
    if (row.fresh) return h("li", props, icon("plus"), h("span", {}, t("teach_pick_new", { words: row.fresh })));
    return h("li", props, h("span", {}, needLabel(row.name)), h("span", { class: "muted" }, needOwner(row.name)));
  }

  move(by) {
    if (!this.rows.length) return;
    this.at = (this.at + by + this.rows.length) % this.rows.length;
    for (const [place, row] of [...this.list.querySelectorAll("[data-row]")].entries()) {
      mark(row, "aria-selected", place === this.at ? "true" : "false");
      if (place === this.at && by) row.scrollIntoView({ block: "nearest" });
    }
    mark(this.field, "aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  pressed(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.draw();
    } else if (event.key === "Enter" && open && this.rows.length) this.take(this.at);
    else if (event.key === "Escape" && (open || !this.keep)) {
      // A dialog around it stays open: the key was for the list.
      event.stopPropagation();
      this.clear();
      if (!this.keep) this.field.blur();
    } else return;
    event.preventDefault();
  }

  take(place) {
    const row = this.rows[place];
    this.close();
    if (row.fresh) {
      this.clear();
      this.field.blur();
      this.onNew(row.fresh);
      return;
    }
    if (this.keep) this.set(row.name);
    else {
      this.clear();
      this.field.blur();
    }
    this.onPick?.(row.name);
  }
}
