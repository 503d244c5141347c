/** One message big: its text with nobody's data in it, why it is here, what the bot made of it, and what is likely. */

import { byId, fill, h, icon, mark, say } from "../common/dom.js";
import { maybe, t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { labelOf } from "./state.js";
import { needLabel, needOwner, share } from "./teach-data.js";
import * as marks from "./teach-marks.js";
import { sitting } from "./teach-sitting.js";

const GUESSES = 3;
let guess = () => {};

/** Wire the card. `onGuess(place)` is called with the place of the guess that was pressed. */
export function start({ onGuess, onChange }) {
  guess = onGuess;
  byId("teach-whole").addEventListener("change", (event) => {
    const entry = sitting.entries?.[sitting.at];
    if (!entry) return;
    entry.whole = event.target.checked;
    onChange();
  });
}

/** Why a message is here, in a few words. */
export const reasonWord = (reason) => maybe(`teach_reason_${reason}`, reason);

let drawn = null;

/** Show an entry. */
export function draw(entry) {
  const another = drawn !== entry.message_id;
  drawn = entry.message_id;
  fill(
    byId("teach-why"),
    entry.reasons.map((one, place) =>
      h("li", { class: place ? "" : "first" }, maybe(`teach_why_${one}`, reasonWord(one))),
    ),
  );
  marks.draw(entry, sitting.entityKinds);
  drawMeta(entry);
  drawState(entry);
  drawNear(entry, another);
  drawGuesses(entry);
  const problem = byId("teach-entry-problem");
  problem.hidden = !entry.problem;
  say(problem, entry.problem?.message ?? "");
  if (another) byId("review-card").scrollTop = 0;
}

function drawMeta(entry) {
  fill(
    byId("teach-meta"),
    h("span", { class: "channel" }, icon(entry.channel), t(`channel_${entry.channel.replace("-", "_")}`)),
    h("span", {}, moment(entry.at)),
    entry.customers > 1 ? h("span", {}, t("teach_customers", { count: entry.customers })) : null,
    h("span", { class: "teach-place" }, t("teach_place", { place: sitting.at + 1, count: sitting.entries.length })),
  );
  const did = entry.decision ? maybe(`teach_did_${entry.decision}`, "") : "";
  const sure = entry.confidence === null ? "" : share(entry.confidence);
  const read = entry.intent ? t("teach_read", { need: needLabel(entry.intent), share: sure }) : t("teach_read_nothing");
  const now = entry.department ? t("teach_now_at", { department: labelOf(entry.department) }) : "";
  say(byId("teach-read"), [read, did, now].filter(Boolean).join(" "));
}

/** Who said what already: a second person is asked to confirm, or two people disagree. */
function drawState(entry) {
  const said = entry.opinions ?? entry.labels ?? [];
  const place = byId("teach-state");
  place.hidden = !said.length;
  const disagree = new Set(said.map((one) => one.label)).size > 1;
  mark(place, "class", disagree ? "notice warn" : "notice");
  fill(
    place,
    h("strong", {}, t(disagree ? "teach_conflict" : "teach_second")),
    h(
      "ul",
      {},
      said.map((one) => h("li", {}, t("teach_said", { name: one.by ?? one.name, need: needLabel(one.label) }))),
    ),
  );
}

function drawNear(entry, another) {
  const near = byId("teach-near");
  near.hidden = entry.size < 2;
  if (another) near.open = false;
  if (entry.size < 2) return;
  say(byId("teach-near-said"), t("teach_near", { count: entry.size - 1 }));
  fill(
    byId("teach-near-list"),
    entry.others.map((text) => h("li", {}, h("bdi", { dir: "auto" }, text))),
    entry.size - 1 > entry.others.length
      ? h("li", { class: "muted" }, t("teach_near_more", { count: entry.size - 1 - entry.others.length }))
      : null,
  );
  byId("teach-whole").checked = entry.whole;
  say(byId("teach-whole-said"), t("teach_whole", { count: entry.members.length + 1 }));
}

function drawGuesses(entry) {
  const guesses = entry.guesses.slice(0, GUESSES);
  fill(
    byId("teach-guesses"),
    guesses.map((one, place) =>
      h(
        "button",
        { type: "button", class: "guess", data: { guess: one.name }, on: { click: () => guess(place) } },
        h("kbd", { "aria-hidden": "true" }, place + 1),
        h("span", { class: "guess-name" }, needLabel(one.name), h("span", { class: "muted" }, needOwner(one.name))),
        h("span", { class: "guess-share" }, share(one.confidence)),
      ),
    ),
    guesses.length ? null : h("p", { class: "muted" }, t("teach_no_guess")),
  );
}
