/** The picture "accuracy over versions": every judged training with its interval, and which of them served. */

import { t } from "../common/i18n.js";
import { day, moment } from "../common/time.js";
import { share } from "./teach-data.js";
import { grid, path, picture, s, scale, ticks, widthFor } from "./teach-svg.js";

const HEIGHT = 250;
const LEFT = 52;
const TOP = 16;
const BOTTOM = HEIGHT - 44;

/** Draw the judged trainings, oldest first. */
export function accuracyPicture(points) {
  const width = widthFor(860);
  const right = width - 20;
  const low = Math.max(0, Math.min(...points.map((one) => one.accuracy.low)) - 0.01);
  const high = Math.min(1, Math.max(...points.map((one) => one.accuracy.high)) + 0.01);
  const y = scale(low, high, BOTTOM, TOP);
  const x = scale(0, Math.max(1, points.length - 1), LEFT + 24, right - 24);
  const at = (place) => (points.length === 1 ? (LEFT + right) / 2 : x(place));
  const named = labels(points, width > 600 ? 6 : 3);
  const newest = points.at(-1);
  return picture(
    width,
    HEIGHT,
    t("teach_history_said", { count: points.length, share: share(newest.accuracy.estimate), at: moment(newest.at) }),
    grid(ticks(low, high), y, LEFT, right, share),
    s("path", { class: "line", d: path(points.map((one, place) => [at(place), y(one.accuracy.estimate)])) }),
    points.map((one, place) => drawPoint(one, at(place), y)),
    named.map((place) =>
      s("text", { class: "axis", x: at(place), y: BOTTOM + 18, "text-anchor": "middle" }, moment(points[place].at)),
    ),
    named.map((place) =>
      s(
        "text",
        { class: "axis faint", x: at(place), y: BOTTOM + 34, "text-anchor": "middle" },
        t("teach_history_examples", { count: points[place].examples }),
      ),
    ),
  );
}

/** Which points get a label: so many at most, the last among them. */
function labels(points, most) {
  const step = Math.max(1, Math.ceil(points.length / most));
  return points.map((_, place) => place).filter((place) => (points.length - 1 - place) % step === 0);
}

function drawPoint(one, x, y) {
  const { estimate, low, high } = one.accuracy;
  const kind = one.serving ? "serving" : one.allowed ? "allowed" : "refused";
  return s(
    "g",
    { class: `point is-${kind}` },
    s(
      "title",
      {},
      `${day(one.at)} · ${share(estimate)} (${share(low)} – ${share(high)}) · ${t(`teach_point_${kind}`)}`,
    ),
    s("line", { class: "whisker", x1: x, x2: x, y1: y(low), y2: y(high) }),
    kind === "refused"
      ? s("path", {
          class: "cross",
          d: `M${x - 5} ${y(estimate) - 5}L${x + 5} ${y(estimate) + 5}M${x + 5} ${y(estimate) - 5}L${x - 5} ${y(estimate) + 5}`,
        })
      : s("circle", { class: "dot", cx: x, cy: y(estimate), r: one.serving ? 7 : 5 }),
  );
}
