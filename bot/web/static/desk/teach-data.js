/** What several tabs of the teaching page share: needs and how they are called, shares in words, one question at a time. */

import { Refusal, call } from "../common/http.js";
import { language, t } from "../common/i18n.js";
import { changed, config } from "./state.js";

/** The label of a message that asks for nothing. */
export const NOT_A_NEED = "not_a_need";

let needs = new Map();
/** What the needs are called that were made here; the names of the others come with the page. */
let called = new Map();

/** Take the needs that a door gave. */
export function learnNeeds(given) {
  needs = new Map(given.map((one) => [one.name, one]));
  changed("needs");
  if (given.some(({ name }) => !config.needs[name] && !called.has(name))) trying(learnNames, () => {});
}

/** Take what needs are called from those that were made here. */
export function learnMade(made) {
  called = new Map(made.map((one) => [one.intent, (language === "en" && one.name_en) || one.name_vi]));
  changed("needs");
}

const learnNames = async () => learnMade((await call("GET", "/api/teach/needs")).needs);

/** Load the needs where no tab that brings them was open yet, or where one was just made. */
export async function loadNeeds() {
  learnNeeds((await call("GET", "/api/teach/queue?limit=1")).needs);
}

/** All needs that a message may be given. */
export const allNeeds = () => [...needs.values()];

/** How people call a need. */
export function needLabel(name) {
  if (name === NOT_A_NEED) return t("teach_not_a_need");
  return config.needs[name] ?? called.get(name) ?? name ?? t("teach_nothing_read");
}

/** What a refusal or a fault says, with the needs in it called as people call them. */
export const inWords = (said) => said.replace(/“([a-z0-9_]+)”/gu, (_, name) => `“${needLabel(name)}”`);

/** The department that owns a need, in words; empty where nobody knows. */
export function needOwner(name) {
  const need = needs.get(name);
  return need ? need.department_label : "";
}

/** For searching: without marks and capitals, so that "hoa don" finds "Hoá đơn". */
export const fold = (text) =>
  text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("_", " ");

/** The needs whose name or description has every word that was typed; what begins with it comes first. */
export function findNeeds(typed, among = allNeeds()) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const rank = (need) => (fold(needLabel(need.name)).startsWith(words[0] ?? "") ? 0 : 1);
  return among
    .filter((need) => words.every((word) => said(need).includes(word)))
    .sort((one, other) => rank(one) - rank(other) || needLabel(one.name).localeCompare(needLabel(other.name), "vi"));
}

const said = (need) =>
  fold([needLabel(need.name), need.name, config.need_hints[need.name] ?? "", needOwner(need.name)].join(" "));

const numbers = new Intl.NumberFormat(language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: 1 });

/** "93,8 %" */
export const share = (part) => `${numbers.format(part * 100)} %`;

/** "+2,1 điểm": how much a share changed, with its sign. */
export const points = (change) => t("teach_points", { points: signed(change * 100) });

/** "+2,1" */
export const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${numbers.format(Math.abs(value))}`;

/** "1.234" */
export const count = (value) => numbers.format(value);

/** Run `work`; a refusal goes to `tell` and everything else is our own mistake. Returns what `work` gave. */
export async function trying(work, tell) {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    tell(failure);
    return null;
  }
}

/** Return a door through which requests go one after the other, in the order in which they were asked for. */
export function oneByOne() {
  let last = Promise.resolve();
  return (work) => {
    last = last.then(work, work);
    return last;
  };
}
