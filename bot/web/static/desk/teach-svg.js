/** Pictures drawn as SVG inside the page; their colours come from the style sheet, so they follow light and dark. */

import { put } from "../common/dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element; children that are not nodes become text. */
export function s(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "style" || name.startsWith("on")) throw new Error(`not by this door: ${name}`);
    made.setAttribute(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value));
  }
  return put(made, ...children.flat(Infinity));
}

/** A picture of a size with a title for those who listen. */
export function picture(width, height, title, ...children) {
  return s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "picture-svg", role: "img", "aria-label": title },
    ...children,
  );
}

/** Pictures are as wide as the screen that shows them, so that their letters stay legible on a phone. */
export const widthFor = (wide, narrow = 340) => (matchMedia("(max-width: 899px)").matches ? narrow : wide);

/** A scale from values to places. */
export const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

/** A line through points. */
export const path = (points) =>
  points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** Round numbers between two values, about `wanted` of them. */
export function ticks(low, high, wanted = 4) {
  const rough = (high - low) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-6; at += step)
    found.push(Math.round(at / step) * step);
  return found;
}

/** Horizontal lines with their values at the left. */
export const grid = (values, y, left, right, say) =>
  values.flatMap((value) => [
    s("line", { class: "grid", x1: left, x2: right, y1: y(value), y2: y(value) }),
    s("text", { class: "axis", x: left - 6, y: y(value) + 4, "text-anchor": "end" }, say(value)),
  ]);
