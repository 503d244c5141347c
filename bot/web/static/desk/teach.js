/** The page on which those who lead make the assistant better: which tab is shown, and who hears what happens. */

import { byId, mark } from "../common/dom.js";
import { open as openDialog } from "../common/dialog.js";
import { gathered } from "../common/dom.js";
import { go } from "./router.js";
import { changed, leads, on, state } from "./state.js";
import * as answers from "./teach-answers.js";
import * as clusters from "./teach-clusters.js";
import * as drift from "./teach-drift.js";
import * as models from "./teach-models.js";
import * as need from "./teach-need.js";
import * as review from "./teach-review.js";
import * as split from "./teach-split.js";
import * as taught from "./teach-taught.js";

const TABS = { review, needs: clusters, answers, models, drift, taught };
const GAP = 600;
let heardOf = {};

/** Wire the page. */
export function start() {
  for (const part of [...Object.values(TABS), need, split]) part.start();
  on("route", enter);
  on("me", () => {
    byId("teach-link").hidden = !leads();
  });
  byId("teach-help").addEventListener("click", () => openDialog(byId("teach-keys-dialog")));
}

const here = () => state.route.pane === "teach" && state.me;
const tabOf = () => (state.route.tab in TABS ? state.route.tab : "review");

function enter() {
  if (!here()) return;
  if (!leads()) {
    go("/desk", { replace: true });
    return;
  }
  const shown = tabOf();
  for (const link of document.querySelectorAll("#teach-tabs [data-tab]"))
    mark(link, "aria-current", link.dataset.tab === shown ? "page" : null);
  for (const part of document.querySelectorAll("[data-tab-of]")) part.hidden = part.dataset.tabOf !== shown;
  document.querySelector(`#teach-tabs [data-tab=${shown}]`).scrollIntoView({ block: "nearest", inline: "nearest" });
  TABS[shown].enter(state.route.item);
}

/** Something happened in teaching: a decision, a step of a training, another model. */
export function heard(data) {
  heardOf = { ...heardOf, ...data };
  tell();
}

const tell = gathered(
  () => {
    const data = heardOf;
    heardOf = {};
    changed("teaching");
    if (here() && leads()) TABS[tabOf()].heard(data);
  },
  GAP,
  3,
);
