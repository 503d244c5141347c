/** The form that asks for leave, or enters it: when, why, and who stands in where a desk would be empty. */

import { byId, fill } from "../common/dom.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { fromWall, now, toWall } from "../common/time.js";
import { blocksOn } from "./roster-plan.js";
import { drawUncovered, onSubmit } from "./roster-sheet.js";
import { parseBlock } from "./roster-time.js";
import { leads } from "./state.js";

/** Wire the form; `take(wish)` is called with what it asks for. */
export function start(take) {
  const form = byId("leave-form");
  onSubmit(
    form,
    () => take(wishOf(form)),
    (problem) => drawUncovered(form.querySelector("[data-uncovered]"), problem, { lead: leads() }),
  );
}

/** Fill the form in for a person's day, with the hours that they would work. */
export function fillIn(person, chosen) {
  const form = byId("leave-form");
  const blocks = blocksOn(person, chosen).map(parseBlock);
  const start = blocks.length ? Math.min(...blocks.map((one) => one.start)) : 8 * 60;
  const end = Math.min(1439, blocks.length ? Math.max(...blocks.map((one) => one.end)) : 17 * 60);
  const at = (minutes) =>
    `${chosen}T${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const soonest = toWall(new Date(now() + 60_000));
  form.elements.start_at.value = at(start) < soonest ? soonest : at(start);
  form.elements.end_at.value = at(end) > form.elements.start_at.value ? at(end) : at(1439);
  form.elements.note.value = "";
  const place = form.querySelector("[data-uncovered]");
  place.hidden = true;
  fill(place);
}

/** What the form asks for. Raises `Refusal` where a field is no moment. */
function wishOf(form) {
  const { start_at, end_at, note } = form.elements;
  const cover = form.querySelector("[name=cover_id]:checked");
  const wish = {
    start_at: asMoment(start_at.value, "start_at"),
    end_at: asMoment(end_at.value, "end_at"),
    note: note.value.trim(),
    cover_id: cover ? Number(cover.value) : null,
  };
  if (form.querySelector("[name=accept_gaps]:checked")) wish.accept_gaps = true;
  return wish;
}

function asMoment(wall, field) {
  const at = fromWall(wall);
  if (at) return at.toISOString();
  throw new Refusal(422, {
    error: "invalid",
    message: t("not_valid", { field: t(field === "start_at" ? "leave_from" : "leave_to").toLowerCase() }),
    fields: { [field]: "" },
  });
}
