/** On a case: whoever reads it may say that the bot misread it. Those who teach see it first, masked like any other. */

import { toast } from "../common/dialog.js";
import { fill, h, icon } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { caseDoor } from "./doors.js";
import { once } from "./once.js";
import { config } from "./state.js";

/** A colleague's word is seen after this long at the latest, when the panel is drawn anew. */
const FRESH = 2000;
/** What the server said of each case and when; the panel is drawn anew far more often than that changes. */
const known = new Map();
/** Where the foot of the panel stands now: an answer may come after the panel was drawn anew. */
let shown = { code: "", place: null };

/** The foot of the panel that tells what the customer needs. */
export function wrongNeed(kase) {
  const { code } = kase;
  shown = { code, place: h("p", { class: "told-foot" }) };
  const before = known.get(code);
  if (before) draw(code);
  if (!before || performance.now() - before.at > FRESH) learn(code);
  return shown.place;
}

const door = (code) => caseDoor(code, "wrong-need");

function take(code, said) {
  known.set(code, { said, at: performance.now() });
  draw(code);
}

async function learn(code) {
  const asked = performance.now();
  try {
    const given = await call("GET", door(code));
    // What this person said meanwhile is newer.
    if ((known.get(code)?.at ?? 0) < asked) take(code, given);
  } catch (failure) {
    // Where nothing can be said of a case, nothing is offered.
    if (!(failure instanceof Refusal)) throw failure;
  }
}

async function change(code, method, body) {
  try {
    take(code, await call(method, door(code), { body }));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
    draw(code);
  }
}

function draw(code) {
  if (shown.code !== code) return;
  const { said } = known.get(code);
  const press = (method, body) => (event) => once(event.currentTarget, () => change(code, method, body));
  if (!said.wrong_need) {
    fill(
      shown.place,
      h("button", { type: "button", class: "quiet", on: { click: press("POST", {}) } }, icon("alert"), t("wrong_need")),
    );
    return;
  }
  fill(
    shown.place,
    h("span", { class: "muted" }, t("wrong_need_said", { name: said.by ?? "" })),
    choice(code, said.intent),
    h("button", { type: "button", class: "quiet", on: { click: press("DELETE") } }, icon("undo"), t("undo")),
  );
}

/** Which need it would have been, for those who know. */
function choice(code, chosen) {
  const names = Object.entries(config.needs).sort(([, one], [, other]) => one.localeCompare(other, "vi"));
  const field = h(
    "select",
    {
      "aria-label": t("wrong_need_really"),
      on: { change: () => field.value && change(code, "POST", { intent: field.value }) },
    },
    h("option", { value: "" }, t("wrong_need_really")),
    names.map(([name, label]) => h("option", { value: name, selected: name === chosen }, label)),
  );
  return field;
}
