/** What stands where one would write, while one may not: why, and the move that would change it. */

import { h, icon, theirs } from "../common/dom.js";
import { nodes, t } from "../common/i18n.js";
import { act, lookOf, movesFor } from "./actions.js";
import { once } from "./once.js";
import { state } from "./state.js";

const OPENING = ["accept", "claim", "reopen", "step-in"];

/** A colleague speaks with the same customer about another case. */
export const spoken = (page) => [
  icon("alert"),
  h("span", {}, nodes("closed_speaker", { name: theirs(state.names.get(page.speaker_id) ?? "—") })),
];

/** Nobody writes here but whoever holds the case. */
export function closed(page) {
  const [offered] = movesFor(page);
  if (!page.takes_part && offered !== "accept") return [icon("lock"), h("span", {}, t("closed_guest"))];
  const button = OPENING.includes(offered)
    ? h(
        "button",
        {
          type: "button",
          data: { move: offered },
          on: { click: (event) => once(event.currentTarget, () => act(offered)) },
        },
        icon(lookOf(offered).icon),
        t(lookOf(offered).word),
      )
    : null;
  const owner = theirs(page.case.owner_name ?? "—");
  return [icon("lock"), h("span", {}, nodes(`closed_${page.case.state}`, { name: owner })), button];
}
