/** The gate's pictures: changes with their intervals, which readings moved, and whether confidence can be believed. */

import { t } from "../common/i18n.js";
import { needLabel, points, share, signed } from "./teach-data.js";
import { grid, path, picture, s, scale, ticks, widthFor } from "./teach-svg.js";

const TAIL = 104;
const ROW = 26;
const WIDE = 500;

/** Cut a name so that it stays in its column. */
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** One line for each group: the change as a dot, its 95 % interval as a bar, and nothing changed as the middle line. */
export function deltaPicture(groups, wordOf) {
  const width = widthFor(WIDE);
  const name = width * 0.36;
  const height = groups.length * ROW + 30;
  const widest = Math.max(0.02, ...groups.flatMap((one) => [Math.abs(one.change.low), Math.abs(one.change.high)]));
  const x = scale(-widest, widest, name + 10, width - TAIL);
  return picture(
    width,
    height,
    groups.map((one) => `${wordOf(one.group)}: ${points(one.change.estimate)}`).join("; "),
    ticks(-widest, widest, 4).map((value) => [
      s("line", { class: "grid", x1: x(value), x2: x(value), y1: 4, y2: height - 24 }),
      s("text", { class: "axis", x: x(value), y: height - 8, "text-anchor": "middle" }, signed(value * 100)),
    ]),
    s("line", { class: "zero", x1: x(0), x2: x(0), y1: 4, y2: height - 24 }),
    groups.map((one, place) => drawDelta(one, place * ROW + 17, { x, wordOf, width, name })),
  );
}

function drawDelta(one, y, { x, wordOf, width, name }) {
  const { estimate, low, high } = one.change;
  const kind = high < 0 ? "worse" : low > 0 ? "better" : "same";
  return s(
    "g",
    { class: `delta is-${kind}` },
    s("title", {}, `${wordOf(one.group)} (${one.count}): ${share(one.before)} → ${share(one.after)}`),
    s("text", { class: "name", x: name, y: y + 4, "text-anchor": "end" }, short(wordOf(one.group), name / 7)),
    s("line", { class: "whisker", x1: x(low), x2: x(high), y1: y, y2: y }),
    s("circle", { class: "dot", cx: x(estimate), cy: y, r: 4.5 }),
    s(
      "text",
      { class: "value", x: width, y: y + 4, "text-anchor": "end" },
      `${share(one.before)} → ${share(one.after)}`,
    ),
  );
}

const CELL = 24;
const MOST_NEEDS = 10;

/**
 * Which readings moved: a row for each need that was meant, a column for each reading that came (`+`) or went (`−`). On
 * the diagonal more is better, off it fewer.
 */
export function confusionPicture(confusions) {
  const weights = new Map();
  for (const one of confusions)
    for (const name of [one.truth, one.before, one.after]) weights.set(name, (weights.get(name) ?? 0) + one.count);
  const names = [...weights]
    .sort((one, other) => other[1] - one[1])
    .slice(0, MOST_NEEDS)
    .map(([name]) => name);
  const cells = new Map();
  const note = (row, column, by) =>
    names.includes(row) &&
    names.includes(column) &&
    cells.set(`${row} ${column}`, (cells.get(`${row} ${column}`) ?? 0) + by);
  for (const one of confusions) {
    note(one.truth, one.before, -one.count);
    note(one.truth, one.after, one.count);
  }
  const top = 14;
  const width = widthFor(WIDE);
  const left = width * 0.34 + 36;
  const height = top + names.length * CELL + 30;
  const most = Math.max(1, ...[...cells.values()].map(Math.abs));
  return picture(
    width,
    height,
    confusions
      .map((one) =>
        t("teach_confusion_said", {
          truth: needLabel(one.truth),
          before: needLabel(one.before),
          after: needLabel(one.after),
          count: one.count,
        }),
      )
      .join("; "),
    names.map((row, place) =>
      s(
        "text",
        { class: "name", x: left - 34, y: top + place * CELL + 16, "text-anchor": "end" },
        short(needLabel(row), width / 20),
      ),
    ),
    names.map((_, place) =>
      s("text", { class: "axis", x: left - 16, y: top + place * CELL + 16, "text-anchor": "middle" }, place + 1),
    ),
    names.map((_, place) =>
      s(
        "text",
        { class: "axis", x: left + place * CELL + 12, y: top + names.length * CELL + 16, "text-anchor": "middle" },
        place + 1,
      ),
    ),
    names.flatMap((row, down) =>
      names.map((column, right) =>
        drawCell(cells.get(`${row} ${column}`) ?? 0, {
          row,
          column,
          most,
          x: left + right * CELL,
          y: top + down * CELL,
        }),
      ),
    ),
  );
}

function drawCell(value, { row, column, most, x, y }) {
  const good = row === column ? value > 0 : value < 0;
  const kind = value === 0 ? "none" : good ? "better" : "worse";
  return s(
    "g",
    { class: `cell is-${kind}` },
    s("title", {}, t("teach_cell_said", { truth: needLabel(row), read: needLabel(column), change: signed(value) })),
    s("rect", {
      x: x + 1,
      y: y + 1,
      width: CELL - 2,
      height: CELL - 2,
      rx: 4,
      "fill-opacity": value ? 0.3 + (0.7 * Math.abs(value)) / most : 1,
    }),
    value ? s("text", { x: x + CELL / 2, y: y + 16, "text-anchor": "middle" }, signed(value)) : null,
  );
}

/** Stated confidence against what was right, both models: the closer to the slanted line, the more it can be believed. */
export function calibrationPicture(before, after) {
  const width = widthFor(WIDE);
  const [height, left, right, top, bottom] = [320, 46, width - 24, 14, 250];
  const x = scale(0, 1, left, right);
  const y = scale(0, 1, bottom, top);
  const shown = (bins) => bins.filter((one) => one.count);
  const line = (bins, kind) => [
    s("path", { class: `line is-${kind}`, d: path(shown(bins).map((one) => [x(one.stated), y(one.right)])) }),
    shown(bins).map((one) =>
      s(
        "circle",
        {
          class: `dot is-${kind}`,
          cx: x(one.stated),
          cy: y(one.right),
          r: Math.min(9, 2.5 + Math.sqrt(one.count) / 3),
        },
        s("title", {}, t("teach_bin_said", { stated: share(one.stated), right: share(one.right), count: one.count })),
      ),
    ),
  ];
  return picture(
    width,
    height,
    t("teach_gate_calibration"),
    grid([0, 0.25, 0.5, 0.75, 1], y, left, right, share),
    [0, 0.25, 0.5, 0.75, 1].map((value) =>
      s("text", { class: "axis", x: x(value), y: bottom + 18, "text-anchor": "middle" }, share(value)),
    ),
    s("line", { class: "ideal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    line(before, "before"),
    line(after, "after"),
    ["before", "after", "ideal"].map((kind, place) => {
      const from = left + (place * (right - left)) / 3;
      const line = { x1: from, x2: from + 22, y1: bottom + 44, y2: bottom + 44 };
      return [
        s("line", { class: kind === "ideal" ? "ideal" : `line is-${kind}`, ...line }),
        s("text", { class: "name", x: from + 28, y: bottom + 48 }, t(`teach_line_${kind}`)),
      ];
    }),
  );
}
