/**
 * Who listens. Browsers grant a site few connections, and a shop's visitor opens many tabs: one tab keeps its stream for
 * all, any other lets go of its own after it has been hidden for a while, and catches up when it is looked at again.
 */

import { PREFIX } from "./state.js";

const REST = 60_000;

/**
 * Call `start` whenever this tab shall listen and `stop` when it shall rest; both may be called more than once. Returns
 * what decides again, for when there is something new to listen to.
 */
export function whileWanted(start, stop) {
  // Without locks nobody can be chosen, so everybody listens.
  let chosen = !navigator.locks;
  let timer = null;
  const decide = () => {
    clearTimeout(timer);
    if (chosen || !document.hidden) start();
    else timer = setTimeout(stop, REST);
  };
  const choose = () => {
    chosen = true;
    decide();
  };
  document.addEventListener("visibilitychange", decide);
  navigator.locks?.request(`${PREFIX}listen`, () => {
    choose();
    // Held until the tab goes; then the next one is chosen.
    return new Promise(() => {});
  }).catch((failure) => {
    if (!(failure instanceof DOMException)) throw failure;
    choose();
  });
  decide();
  return decide;
}
