/** Whether a soft chime says that something needs this person; off until somebody turns it on. */

import { chime as play } from "../common/chime.js";
import { kept } from "./state.js";

export const soundOn = () => kept.get("sound", false);

/** Turn it on or off; turning it on plays it once, so that one knows what it is. */
export function setSound(wanted) {
  kept.set("sound", wanted);
  if (wanted) play({ now: true });
}

/** Play it if it is on. */
export function chime() {
  if (soundOn()) play();
}
