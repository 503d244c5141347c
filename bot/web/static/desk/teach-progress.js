/** How far a training is: it moves with the clock, measured by how long those before took, comparison included. */

import { byId, say } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { now } from "../common/time.js";
import { share } from "./teach-data.js";

const EACH = 1000;
/** How long a training takes where none has ended yet, in milliseconds: two cores, the shipped sentences. */
const USUAL = 120_000;
const LOOKED_AT = 5;
/** The bar waits here for the end. */
const FULLEST = 0.97;
let timer = null;

/** Follow the training that runs, `null` where none does. `before` are the trainings, the newest first. */
export function follow(running, before) {
  clearInterval(timer);
  if (!running) return;
  const whole = usual(before);
  const step = () => draw(now() - Date.parse(running.started_at), whole);
  step();
  timer = setInterval(step, EACH);
}

/** The median of how long the newest took that came to their end. */
function usual(before) {
  const took = before
    .filter((one) => one.state === "done")
    .slice(0, LOOKED_AT)
    .map((one) => Date.parse(one.ended_at) - Date.parse(one.started_at))
    .sort((one, other) => one - other);
  return took[Math.floor(took.length / 2)] || USUAL;
}

function draw(spent, whole) {
  const done = Math.min(FULLEST, Math.max(0, spent / whole));
  byId("training-bar").value = done;
  say(byId("training-share"), `${share(Math.round(done * 100) / 100)} · ${left(whole - spent)}`);
}

function left(milliseconds) {
  if (milliseconds <= 0) return t("teach_left_longer");
  if (milliseconds < 45_000) return t("teach_left_soon");
  return t("teach_left", { count: Math.round(milliseconds / 60_000) || 1 });
}
