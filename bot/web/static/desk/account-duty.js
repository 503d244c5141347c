/** One's own working day: the shift that runs, the break one is on, and what one still holds. */

import { Refusal, call } from "../common/http.js";
import { changed, on, state } from "./state.js";

/** Which answer counts: never an older one over a newer one. */
let turn = 0;

/** Learn one's own duty once one is in; the live feed says when it may have changed. Whoever shows it listens to "duty". */
export function start() {
  on("me", () => state.me && state.duty?.id !== state.me.id && loadDuty());
}

/** Load one's own duty anew. A refusal leaves what was known: the bar above says that the connection is gone. */
export async function loadDuty() {
  turn += 1;
  const mine = turn;
  try {
    const duty = await call("GET", "/api/duty");
    if (mine === turn) took(duty);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
  }
}

/** Take one's duty as the server just told it. */
export function took(duty) {
  turn += 1;
  if (state.me?.id !== duty.id) return;
  const turned = state.me.on_duty !== duty.on_duty || state.me.presence !== duty.presence;
  state.duty = duty;
  state.me = { ...state.me, on_duty: duty.on_duty, presence: duty.presence };
  changed("duty");
  if (turned) changed("me", "list", "queues");
}

/** The break that one is on at this moment, or nothing. */
export const resting = () => (state.duty?.absence?.kind === "break" ? state.duty.absence : null);
