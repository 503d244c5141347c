/** A candidate beside the serving model: it reads live messages after they were answered, and customers notice nothing. */

import { toast } from "../common/dialog.js";
import { byId, fill, h, say } from "../common/dom.js";
import { call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { once } from "./once.js";
import { share, trying } from "./teach-data.js";
import { move } from "./teach-gate.js";

let again = () => {};

/** Wire it. `again` loads the tab anew. */
export function start(parts) {
  ({ again } = parts);
  byId("shadow-stop").addEventListener("click", (event) => once(event.currentTarget, stop));
}

/** The button that has a model read along. */
export function button(model, shadow) {
  if (shadow?.model) return null;
  return h(
    "button",
    { type: "button", class: "quiet", on: { click: (event) => once(event.currentTarget, () => begin(model)) } },
    t("teach_shadow_start"),
  );
}

const bad = (failure) => toast(failure.message, { bad: true });

async function begin(model) {
  await trying(() => call("POST", `/api/teach/models/${encodeURIComponent(model.id)}/shadow`), bad);
  await again();
}

async function stop() {
  await trying(() => call("DELETE", "/api/teach/shadow"), bad);
  await again();
}

/** Draw what it has read so far. */
export function draw(shadow) {
  const part = byId("shadow-part");
  part.hidden = !shadow?.model;
  if (!shadow?.model) return;
  fill(byId("shadow-said"), h("code", {}, shadow.model), " ", t("teach_shadow_until", { at: moment(shadow.until) }));
  const problem = byId("shadow-fault");
  problem.hidden = !shadow.fault;
  say(problem, shadow.fault);
  const told = shadow.messages
    ? t("teach_shadow_agree", {
        agree: shadow.agree,
        count: shadow.messages,
        share: share(shadow.share?.estimate ?? shadow.agree / shadow.messages),
      })
    : t(shadow.reading ? "teach_shadow_waits" : "teach_shadow_loads");
  say(byId("shadow-agree"), told);
  fill(
    byId("shadow-differing"),
    shadow.differing.map((one) =>
      move(
        one.text,
        [
          [t("teach_before"), one.serving],
          [t("teach_after"), one.candidate],
        ],
        moment(one.at),
      ),
    ),
  );
}
