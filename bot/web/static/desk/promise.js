/** Dates for the customer: giving one, and saying that it was kept. */

import { fill, h, icon } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { clock, dayKey, fromWall, moment, now, toWall } from "../common/time.js";
import { due } from "./badges.js";
import { caseDoor } from "./doors.js";
import { dialogOf, move, moveIn } from "./moves.js";
import { once } from "./once.js";
import { owns } from "./state.js";
import { owesByDate } from "./wait.js";

const PAUSE = 250;

/** Give the customer of the open case a date. */
export async function promise(kase) {
  const dialog = dialogOf("promise-dialog", kase);
  const field = dialog.querySelector("[name=due]");
  const said = dialog.querySelector("[data-said]");
  const calls = () => dialog.querySelector("[name=kind]:checked").value === "call";
  const { look, looked, confirmed } = previewing(dialog, kase, said, calls);
  const choose = (at) => {
    field.value = toWall(at);
    look(at);
  };
  field.oninput = () => look(fromWall(field.value));
  for (const kind of dialog.querySelectorAll("[name=kind]")) {
    kind.checked = (kind.value === "call") === Boolean(kase.call_at);
    kind.onchange = () => look(fromWall(field.value));
  }
  fill(
    dialog.querySelector("[data-quick]"),
    quick().map(({ at, word }) => h("button", { type: "button", on: { click: () => choose(at) } }, word)),
  );
  choose(quick()[0].at);
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      // Whoever is quicker than the preview sees what it says before they are asked whether that is meant.
      await looked();
      const due_at = fromWall(field.value)?.toISOString() ?? "";
      return moveIn(kase, "promise", { due_at, call: calls(), confirmed: confirmed() });
    },
  });
  if (done) toast(t(calls() ? "promised_call" : "promised", { at: moment(fromWall(field.value).toISOString()) }));
}

/** Show what the customer would read, and have a time at which nobody is there confirmed. */
function previewing(dialog, kase, said, calls) {
  const closed = dialog.querySelector("[data-closed]");
  const anyway = dialog.querySelector("[name=anyway]");
  const confirm = () => anyway.setCustomValidity(closed.hidden || anyway.checked ? "" : t("promise_confirm"));
  let timer;
  let latest = Promise.resolve();
  const show = (seen) => {
    said.textContent = seen.said;
    closed.hidden = !seen.closed;
    const words = seen.holiday ? t("promise_closed_holiday", { holiday: seen.holiday }) : t("promise_closed");
    closed.querySelector("[data-why]").textContent = words;
    confirm();
  };
  anyway.onchange = confirm;
  const look = (at) => {
    clearTimeout(timer);
    anyway.checked = false;
    closed.hidden = true;
    said.textContent = "";
    confirm();
    latest = Promise.resolve();
    if (!at) return;
    latest = new Promise((done) => {
      timer = setTimeout(async () => {
        const mine = timer;
        const seen = await preview(kase, at, calls()).finally(done);
        if (mine === timer && dialog.open) show(seen);
      }, PAUSE);
    });
  };
  return { look, looked: () => latest, confirmed: () => !closed.hidden && anyway.checked };
}

/** What a date would mean; where it cannot be promised, why. */
async function preview(kase, at, calls) {
  try {
    const body = { due_at: at.toISOString(), call: calls };
    return await call("POST", caseDoor(kase.code, "promise-preview"), { body });
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    return { said: failure.message, closed: false };
  }
}

/** Times that are asked for most; those of today only while they are ahead. */
function quick() {
  const rounded = (minutes) => new Date(Math.ceil((now() + minutes * 60_000) / 300_000) * 300_000);
  const on = (shift, wall) => fromWall(`${dayKey(now() + shift * 86_400_000)}T${wall}`);
  const offers = [
    { at: rounded(30), word: t("quick_half_hour") },
    { at: rounded(120), word: t("quick_two_hours") },
    { at: on(0, "17:00"), word: t("quick_today", { at: clock(on(0, "17:00")) }) },
    { at: on(1, "09:00"), word: t("quick_tomorrow", { at: clock(on(1, "09:00")) }) },
  ];
  return offers.filter(({ at }) => at.getTime() > now() + 60_000);
}

/** The date of a case; beside one that a person chose, its owner can say that it was kept. */
export function dateOf(page) {
  const { case: kase, due_at: at, promise_kind: kind } = page;
  const date = due(at, owesByDate(page) ? "owes_answer" : "due_in");
  const mine = kind === "date" && kase.state === "assigned" && owns(kase);
  return mine ? [date, keptButton(kase)] : [date];
}

function keptButton(kase) {
  return h(
    "button",
    {
      type: "button",
      class: "quiet kept",
      on: {
        click: (event) =>
          once(event.currentTarget, async () => {
            if (await move(kase, "promise-kept", {})) toast(t("promise_kept_done"));
          }),
      },
    },
    icon("check"),
    t("promise_kept"),
  );
}
