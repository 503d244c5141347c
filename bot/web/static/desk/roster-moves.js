/** What is changed of the roster, each with the way back: the last change can be taken back from a bar above the page. */

import { fill, h, icon } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { date, sayBlock, today, weekdayName } from "./roster-time.js";
import { changed } from "./state.js";

let last = null;

/** Wire the bars. */
export function start() {
  for (const bar of bars()) bar.addEventListener("click", (event) => event.target.closest("button") && undo(bar));
}

const bars = () => document.querySelectorAll("[data-undo]");

/** Forget the last change, as when another person sits down. */
export function forget() {
  last = null;
  draw();
}

async function undo(bar) {
  const taken = last;
  if (!taken) return;
  for (const button of bar.querySelectorAll("button")) button.disabled = true;
  try {
    await taken.back();
    last = null;
    toast(t("undone", { what: taken.said }));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
  }
  draw();
  changed("roster");
}

function draw() {
  for (const bar of bars()) {
    bar.hidden = !last;
    if (last)
      fill(bar, icon("check"), h("span", {}, last.said), h("button", { type: "button", class: "link" }, t("undo")));
  }
}

function done(said, back) {
  last = { said, back };
  draw();
  changed("roster");
}

/** Give a person a recurring shift. */
export async function addShift(person, { weekday, block, valid_from, valid_to }) {
  const made = await call("POST", "/api/shifts", {
    body: { staff_id: person.id, weekday, block, valid_from, valid_to: valid_to || null },
  });
  done(t("did_shift_add", { name: person.name, weekday: weekdayName(weekday), block: sayBlock(block) }), () =>
    call("DELETE", `/api/shifts/${made.id}`),
  );
}

/** Change a shift from a day on. What was worked before stays, so the way back begins on that day too. */
export async function changeShift(person, shift, { weekday, block, valid_to, from_day }) {
  const body = { weekday, block, from_day, ...(valid_to ? { valid_to } : { open_ended: true }) };
  const made = await call("PATCH", `/api/shifts/${shift.id}`, { body });
  const back = async () => {
    const former = shift.valid_to ? { valid_to: shift.valid_to } : { open_ended: true };
    if (made.id === shift.id) {
      await call("PATCH", `/api/shifts/${shift.id}`, {
        body: { weekday: shift.weekday, block: shift.block, from_day, ...former },
      });
      return;
    }
    await call("DELETE", `/api/shifts/${made.id}`);
    await again(shift, from_day);
  };
  done(t("did_shift_change", { name: person.name, weekday: weekdayName(weekday), block: sayBlock(block) }), back);
}

/** End a shift: it is not worked from today on. */
export async function endShift(person, shift) {
  await call("DELETE", `/api/shifts/${shift.id}`);
  done(
    t("did_shift_end", { name: person.name, weekday: weekdayName(shift.weekday), block: sayBlock(shift.block) }),
    () => again(shift, shift.valid_from > today() ? shift.valid_from : today()),
  );
}

const again = (shift, from) =>
  call("POST", "/api/shifts", {
    body: {
      staff_id: shift.staff_id,
      weekday: shift.weekday,
      block: shift.block,
      valid_from: from,
      valid_to: shift.valid_to,
    },
  });

/** Have a person work these blocks on one day; `former` is the day as it was set before, or nothing. */
export async function setDay(person, day, blocks, note, former) {
  const path = `/api/roster/${person.id}/${day}`;
  await call("PUT", path, { body: { blocks, note } });
  const said = blocks.length ? blocks.map(sayBlock).join(", ") : t("day_off");
  done(t("did_day", { name: person.name, day: date(day), block: said }), () => restore(path, former));
}

/** Have the shifts apply again on a day. */
export async function clearDay(person, day, former) {
  const path = `/api/roster/${person.id}/${day}`;
  await call("DELETE", path);
  done(t("did_day_clear", { name: person.name, day: date(day) }), () => restore(path, former));
}

const restore = (path, former) =>
  former ? call("PUT", path, { body: { blocks: former.blocks, note: former.note } }) : call("DELETE", path);

/** Enter leave. */
export async function takeLeave(person, wish) {
  const made = await call("POST", "/api/leave", { body: { staff_id: person.id, ...wish } });
  done(t("did_leave", { name: person.name, day: date(wish.start_at.slice(0, 10)) }), () =>
    call("DELETE", `/api/leave/${made.id}`),
  );
}

/** Take leave back, or end it early. */
export async function endLeave(person, absence) {
  await call("DELETE", `/api/leave/${absence.id}`);
  const { start_at, end_at, cover_id, note } = absence;
  done(t("did_leave_end", { name: person.name }), () =>
    call("POST", "/api/leave", {
      body: { staff_id: person.id, start_at: later(start_at), end_at, cover_id, note },
    }),
  );
}

/** Leave that had begun goes on from now. */
const later = (moment) => (Date.parse(moment) < Date.now() ? new Date(Date.now() + 1000).toISOString() : moment);
