/** On a case: whoever reads it may say that the bot misread it. Those who teach see it first, masked like any other. */

import { toast } from "../common/dialog.js";
import { fill, h, icon } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { once } from "./once.js";
import { config } from "./state.js";

/** What the server said of each case; the panel is drawn anew far more often than that changes. */
const known = new Map();

/** The foot of the panel that tells what the customer needs. */
export function wrongNeed(kase) {
  const place = h("p", { class: "told-foot" });
  const said = known.get(kase.code);
  if (said) draw(place, kase.code, said);
  else if (!known.has(kase.code)) learn(place, kase.code);
  return place;
}

const door = (code) => `/api/cases/${encodeURIComponent(code)}/wrong-need`;

async function learn(place, code) {
  known.set(code, null);
  try {
    known.set(code, await call("GET", door(code)));
    draw(place, code, known.get(code));
  } catch (failure) {
    known.delete(code);
    if (!(failure instanceof Refusal)) throw failure;
  }
}

async function change(place, code, method, body) {
  try {
    known.set(code, await call(method, door(code), { body }));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    toast(failure.message, { bad: true });
  }
  draw(place, code, known.get(code));
}

function draw(place, code, said) {
  const press = (method, body) => (event) => once(event.currentTarget, () => change(place, code, method, body));
  if (!said.wrong_need) {
    const button = h(
      "button",
      { type: "button", class: "quiet", on: { click: press("POST", {}) } },
      icon("alert"),
      t("wrong_need"),
    );
    fill(place, button);
    return;
  }
  fill(
    place,
    h("span", { class: "muted" }, t("wrong_need_said", { name: said.by ?? "" })),
    choice(place, code, said.intent),
    h("button", { type: "button", class: "quiet", on: { click: press("DELETE") } }, icon("undo"), t("undo")),
  );
}

/** Which need it would have been, for those who know. */
function choice(place, code, chosen) {
  const names = Object.entries(config.needs).sort(([, one], [, other]) => one.localeCompare(other, "vi"));
  const field = h(
    "select",
    {
      "aria-label": t("wrong_need_really"),
      on: { change: () => field.value && change(place, code, "POST", { intent: field.value }) },
    },
    h("option", { value: "" }, t("wrong_need_really")),
    names.map(([name, label]) => h("option", { value: name, selected: name === chosen }, label)),
  );
  return field;
}
