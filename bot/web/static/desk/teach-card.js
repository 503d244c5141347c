/** One message big: its text with nobody's data in it, why it is here, what the bot made of it, and what is likely. */

import { byId, fill, h, icon, say } from "../common/dom.js";
import { maybe, t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { labelOf, state } from "./state.js";
import { needLabel, needOwner, share } from "./teach-data.js";
import * as marks from "./teach-marks.js";
import { sitting } from "./teach-sitting.js";

const GUESSES = 3;
let guess = () => {};
let withdraw = () => {};

/** Wire the card. `onGuess(place)` hears which guess was pressed, `onWithdraw(said)` what is to go. */
export function start({ onGuess, onChange, onWithdraw }) {
  guess = onGuess;
  withdraw = onWithdraw;
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
  const hint = entry.hint ? t("teach_hint", { need: needLabel(entry.hint) }) : "";
  const other = entry.shadow_intent && entry.shadow_intent !== entry.intent;
  const shadow = other ? t("teach_shadow_read", { need: needLabel(entry.shadow_intent) }) : "";
  say(byId("teach-read"), [read, did, now, hint, shadow].filter(Boolean).join(" "));
}

/** Who said what already: two people disagree on it, or somebody said something else of the same words elsewhere. */
function drawState(entry) {
  const said = entry.problem?.said ?? entry.said ?? [];
  const place = byId("teach-state");
  place.hidden = !said.length;
  fill(
    place,
    h("strong", {}, t(entry.problem?.said ? "teach_conflict_elsewhere" : conflictWord(entry))),
    h(
      "ul",
      {},
      said.map((one) => drawSaid(one, Boolean(entry.problem?.said))),
    ),
  );
}

function conflictWord(entry) {
  if (!disputed(entry)) return "teach_second";
  const mine = entry.said.some((one) => one.by_id === state.me.id);
  return mine && state.me.role !== "admin" ? "teach_conflict_mine" : "teach_conflict";
}

function drawSaid(one, elsewhere) {
  const name = one.by || t("teach_said_files");
  const need = one.label === null ? t("teach_skipped") : needLabel(one.label);
  return h(
    "li",
    {},
    t("teach_said", { name, need }),
    !elsewhere || (one.message_id === null && one.example_id === null)
      ? null
      : h("button", { type: "button", class: "link", on: { click: () => withdraw(one) } }, t("teach_withdraw_theirs")),
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

/** Whether two people gave it different labels. */
export const disputed = (entry) => entry.reasons.includes("disputed");

/** The three that stand on 1, 2 and 3: what people said comes first, then what the bot thought of. */
export function guessesOf(entry) {
  const said = entry.said.filter((one) => one.label).map((one) => ({ name: one.label, confidence: null, by: one.by }));
  const hint = entry.hint ? [{ name: entry.hint, confidence: null, by: t("teach_by_staff") }] : [];
  const all = [...said, ...hint, ...entry.guesses];
  return all.filter((one, place) => all.findIndex(({ name }) => name === one.name) === place).slice(0, GUESSES);
}

function drawGuesses(entry) {
  const guesses = guessesOf(entry);
  fill(
    byId("teach-guesses"),
    guesses.map((one, place) =>
      h(
        "button",
        { type: "button", class: "guess", data: { guess: one.name }, on: { click: () => guess(place) } },
        h("kbd", { "aria-hidden": "true" }, place + 1),
        h("span", { class: "guess-name" }, needLabel(one.name), h("span", { class: "muted" }, needOwner(one.name))),
        h("span", { class: "guess-share" }, one.confidence === null ? one.by : share(one.confidence)),
      ),
    ),
    guesses.length ? null : h("p", { class: "muted" }, t("teach_no_guess")),
  );
}
