/** One's own working day: the shift that runs, the break one is on, and what one still holds. */

import { gathered } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { changed, on, state } from "./state.js";

const AGAIN = 1500;

/** Keep what is known of one's own duty up to date; whoever shows it listens to "duty". */
export function start() {
  on("me", () => state.me && state.duty?.id !== state.me.id && loadDuty());
  on("people", () => {
    const me = state.people.find((one) => one.id === state.me?.id);
    if (me && (me.presence !== state.duty?.presence || me.on_duty !== state.me.on_duty)) soon();
  });
}

/** Load one's own duty anew. A refusal leaves what was known: the bar above says that the connection is gone. */
export async function loadDuty() {
  try {
    took(await call("GET", "/api/duty"));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
  }
}

const soon = gathered(loadDuty, AGAIN, 2);

/** Take one's duty as the server just told it. */
export function took(duty) {
  if (state.me?.id !== duty.id) return;
  const turned = state.me.on_duty !== duty.on_duty || state.me.presence !== duty.presence;
  state.duty = duty;
  state.me = { ...state.me, on_duty: duty.on_duty, presence: duty.presence };
  changed("duty");
  if (turned) changed("me", "list", "queues");
}

/** The break that one is on at this moment, or nothing. */
export const resting = () => (state.duty?.absence?.kind === "break" ? state.duty.absence : null);
