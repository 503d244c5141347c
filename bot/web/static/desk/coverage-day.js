/** One day of one department, hour by hour: who is there, where nobody is, and who could be. */

import { byId, fill, h, icon, keyed, say, theirs } from "../common/dom.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { now } from "../common/time.js";
import { candidates, merged, partsOf } from "./coverage-math.js";
import * as moves from "./roster-moves.js";
import { blocksOn, ownDay } from "./roster-plan.js";
import { show, wire } from "./roster-sheet.js";
import {
  MINUTE,
  blockOf,
  longDay,
  momentOf,
  parseBlock,
  sayBlock,
  sayStretch,
  today,
  weekday,
  weekdayName,
} from "./roster-time.js";
import { labelOf, leads } from "./state.js";

const QUARTER = 15 * MINUTE;
const SHOWN = 8;
const SIGNS = { gap: "alert", cover: "transfer", staffed: "check" };
let department = "";
let chosen = "";
let known = null;

/** Wire the sheet. */
export function start() {
  wire(byId("coverage-dialog"));
}

/** Open the sheet of a department's day. */
export function open(desk, day) {
  department = desk.department;
  chosen = day;
  byId("coverage-day-problem").hidden = true;
  draw();
  show(byId("coverage-dialog"));
}

/** Take what was loaded; an open sheet shows it. */
export function follow(shown) {
  known = shown;
  if (byId("coverage-dialog").open) draw();
}

const deskOf = () => known.desks.find((one) => one.department === department);

function draw() {
  const desk = deskOf();
  if (!desk) {
    byId("coverage-dialog").close();
    return;
  }
  const holiday = known.holidays.get(chosen);
  say(byId("coverage-day-title"), `${desk.label} · ${longDay(chosen)}`);
  const chain = desk.chain
    .filter((one) => one !== department)
    .map(labelOf)
    .join(", ");
  say(
    byId("coverage-day-said"),
    [holiday, chain ? t("stand_ins", { names: chain }) : t("no_stand_ins")].filter(Boolean).join(" · "),
  );
  const parts = partsOf(desk, known.people, chosen);
  keyed(
    byId("coverage-parts"),
    parts,
    (one) => one.start,
    (one) => drawPart(desk, one),
  );
}

function drawPart(desk, part) {
  const over = part.end <= now();
  const names = part.people
    .map((one) => (part.state === "cover" ? `${one.name} (${whereOf(desk, one)})` : one.name))
    .join(", ");
  const made = h(
    "li",
    { class: `part is-${part.state}` },
    h(
      "div",
      { class: "part-head" },
      h("strong", {}, sayStretch(part.start, part.end)),
      h("span", { class: `badge cover-${part.state}` }, icon(SIGNS[part.state]), t(`cover_${part.state}`)),
      names ? h("span", { class: "part-names" }, theirs(names)) : null,
    ),
  );
  if (part.state === "gap" && !over) made.append(drawCandidates(desk, part));
  return made;
}

const whereOf = (desk, person) =>
  labelOf(desk.chain.find((one) => person.departments.includes(one)) ?? person.departments[0]);

function drawCandidates(desk, part) {
  const wanted = ahead(part);
  const found = candidates(desk, known.people, wanted, chosen).slice(0, SHOWN);
  if (!found.length) return h("p", { class: "hint" }, t("nobody_could"));
  return h(
    "div",
    { class: "stack tight" },
    h("p", { class: "hint" }, t(leads() ? "who_could" : "who_could_ask")),
    h(
      "ul",
      { class: "could", role: "list" },
      found.map((one) => drawCandidate(desk, one)),
    ),
  );
}

/** Of a gap that has begun only the rest can be filled, from the next quarter of an hour on. */
function ahead({ start, end }) {
  const soonest = Math.ceil(now() / QUARTER) * QUARTER;
  return { start: Math.min(Math.max(start, soonest), end - MINUTE), end };
}

function drawCandidate(desk, { person, rank, start, end }) {
  const blocks = blocksOn(person, chosen);
  const works = blocks.length
    ? t("works_that_day", { blocks: blocks.map(sayBlock).join(", ") })
    : t(person.flexible ? "flexible_person" : "off_that_day");
  const minutes = (at) => Math.round((at - momentOf(chosen, 0)) / MINUTE);
  const block = blockOf(minutes(start), minutes(end));
  return h(
    "li",
    {},
    h(
      "div",
      {},
      h("strong", {}, theirs(person.name)),
      h(
        "span",
        { class: "muted" },
        `${rank === 0 ? t("same_department") : t("stands_in", { name: whereOf(desk, person) })} · ${works}`,
      ),
    ),
    leads()
      ? h(
          "div",
          { class: "row-of-buttons" },
          h(
            "button",
            { type: "button", on: { click: (event) => attempt(event, () => onThatDay(person, blocks, block)) } },
            t("plan_day", { block: sayBlock(block) }),
          ),
          h(
            "button",
            {
              type: "button",
              class: "quiet",
              on: { click: (event) => attempt(event, () => everyWeek(person, block)) },
            },
            t("plan_weekly", { weekday: weekdayName(weekday(chosen)) }),
          ),
        )
      : null,
  );
}

/** What the person works on that day anyhow, and these hours; those that touch become one. */
function onThatDay(person, blocks, block) {
  const all = merged([...blocks, block].map(parseBlock)).map(({ start, end }) => blockOf(start, end));
  return moves.setDay(person, chosen, all, ownDay(person, chosen)?.note ?? "", ownDay(person, chosen));
}

const everyWeek = (person, block) =>
  moves.addShift(person, {
    weekday: weekday(chosen),
    block,
    valid_from: chosen < today() ? today() : chosen,
    valid_to: null,
  });

async function attempt(event, work) {
  const problem = byId("coverage-day-problem");
  problem.hidden = true;
  event.currentTarget.disabled = true;
  const pressed = event.currentTarget;
  try {
    await work();
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    problem.hidden = false;
    fill(problem, failure.message);
  } finally {
    pressed.disabled = false;
  }
}
