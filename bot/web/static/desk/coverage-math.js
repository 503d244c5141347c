/** Who is at a desk in each open hour: its own people, only those who stand in for it, or nobody. */

import { MINUTE, addDays, common, momentOf, withinDay } from "./roster-time.js";

const HOUR = 60 * MINUTE;
/** The shortest part of a gap for which it is worth asking somebody. */
const LEAST = 30 * MINUTE;

/** Stretches in milliseconds, those that overlap or touch made one. */
export function merged(stretches) {
  const found = [];
  for (const one of [...stretches].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && one.start <= last.end) last.end = Math.max(last.end, one.end);
    else found.push({ start: one.start, end: one.end });
  }
  return found;
}

/** What is left of stretches without others; both must not overlap themselves. */
function minus(stretches, others) {
  let left = stretches;
  for (const cut of others)
    left = left.flatMap((one) =>
      [
        { start: one.start, end: Math.min(one.end, cut.start) },
        { start: Math.max(one.start, cut.end), end: one.end },
      ].filter((part) => part.start < part.end),
    );
  return left;
}

/** When a person is at work on a day, as the roster counts it for a desk of this side. */
export function atWork(person, day, side) {
  if (!person.flexible) return withinDay(person.work, day);
  const off = person.days.some((one) => one.day === day);
  if (side !== "back" || off) return [];
  const away = person.absences
    .filter((one) => one.ended_at !== one.start_at)
    .map((one) => ({ start_at: one.start_at, end_at: one.ended_at ?? one.end_at }));
  return minus([{ start: momentOf(day, 0), end: momentOf(addDays(day, 1), 0) }], merged(withinDay(away, day)));
}

/**
 * One day of one department: `hours` each with a state ("closed", "gap", "cover", "staffed"), and the sums in minutes.
 * `first` and `last` are the hours between which the day is drawn; `ahead` is what is left of the gaps at `moment`.
 */
export function dayOf(desk, people, day, { first, last }, moment) {
  const open = withinDay(desk.open, day);
  const gaps = withinDay(desk.gaps, day);
  const own = merged(
    people.filter((one) => one.departments.includes(desk.department)).flatMap((one) => atWork(one, day, desk.side)),
  );
  const start = momentOf(day, 0);
  const hours = [];
  for (let hour = first; hour < last; hour += 1) {
    const [low, high] = [start + hour * HOUR, start + (hour + 1) * HOUR];
    hours.push({ hour, state: stateOf(low, high, { open, gaps, own }) });
  }
  const sum = (stretches) => stretches.reduce((total, one) => total + (one.end - one.start) / MINUTE, 0);
  const opened = sum(open);
  const empty = sum(gaps);
  const theirs = open.reduce((total, one) => total + common(one.start, one.end, own), 0);
  const ahead = sum(minus(gaps, [{ start, end: Math.max(start, moment) }]));
  return { day, hours, open: opened, gap: empty, ahead, cover: Math.max(0, Math.round(opened - empty - theirs)) };
}

function stateOf(low, high, { open, gaps, own }) {
  const opened = common(low, high, open);
  if (!opened) return "closed";
  const empty = common(low, high, gaps);
  if (empty) return "gap";
  const theirs = open.reduce(
    (total, one) => total + common(Math.max(low, one.start), Math.min(high, Math.max(low, one.end)), own),
    0,
  );
  return theirs >= opened - 0.5 ? "staffed" : "cover";
}

/** Between which hours a department is open on any of these days. */
export function hoursOf(desk, days) {
  let [first, last] = [24, 0];
  for (const day of days) {
    const start = momentOf(day, 0);
    for (const one of withinDay(desk.open, day)) {
      first = Math.min(first, Math.floor((one.start - start) / HOUR));
      last = Math.max(last, Math.ceil((one.end - start) / HOUR));
    }
  }
  return first < last ? { first, last } : { first: 8, last: 17 };
}

/** The parts of a day in which the same people are at a desk: `{start, end, state, people}`, in order. */
export function partsOf(desk, people, day) {
  const open = withinDay(desk.open, day);
  const gaps = withinDay(desk.gaps, day);
  const there = people
    .filter((one) => one.departments.some((name) => desk.chain.includes(name)))
    .map((one) => ({
      person: one,
      own: one.departments.includes(desk.department),
      times: atWork(one, day, desk.side),
    }));
  const edges = new Set(
    [...open, ...gaps, ...there.flatMap((one) => one.times)].flatMap((one) => [one.start, one.end]),
  );
  const sorted = [...edges].sort((a, b) => a - b);
  const parts = [];
  for (const [place, start] of sorted.entries()) {
    const end = sorted[place + 1];
    if (end === undefined || !common(start, end, open)) continue;
    const now = there.filter((one) => common(start, end, one.times));
    const own = now.filter((one) => one.own);
    const state = common(start, end, gaps) ? "gap" : own.length ? "staffed" : "cover";
    const names = state === "gap" ? [] : own.length ? own : now;
    const part = { start, end, state, people: names.map((one) => one.person) };
    const last = parts.at(-1);
    if (last && last.end === start && last.state === state && same(last.people, part.people)) last.end = end;
    else parts.push(part);
  }
  return parts;
}

const same = (some, others) => some.length === others.length && some.every((one, place) => one === others[place]);

/**
 * Who could fill a gap, or a part of it: people of the department first, then those who stand in for it, nearest first.
 * `start` and `end` are the longest stretch of the gap in which they neither work nor are away.
 */
export function candidates(desk, people, gap, day) {
  return people
    .map((person) => ({ person, rank: rankOf(desk, person) }))
    .filter((one) => one.rank >= 0)
    .map((one) => ({ ...one, ...freeIn(one.person, gap, day) }))
    .filter((one) => one.end - one.start >= LEAST || (one.start === gap.start && one.end === gap.end))
    .sort((a, b) => a.rank - b.rank || b.end - b.start - (a.end - a.start) || (a.person.name < b.person.name ? -1 : 1));
}

function rankOf(desk, person) {
  const places = person.departments.map((one) => desk.chain.indexOf(one)).filter((one) => one >= 0);
  return places.length ? Math.min(...places) : -1;
}

function freeIn(person, { start, end }, day) {
  const busy = person.flexible ? [] : atWork(person, day, "");
  const away = person.absences.map((one) => ({
    start: Date.parse(one.start_at),
    end: Date.parse(one.ended_at ?? one.end_at),
  }));
  const free = minus([{ start, end }], merged([...busy, ...away.filter((one) => one.start < one.end)]));
  return free.sort((a, b) => b.end - b.start - (a.end - a.start))[0] ?? { start, end: start };
}
