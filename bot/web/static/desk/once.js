/** A double click makes one move. */

/** Run `work` for a button that cannot be pressed again until it is done. */
export async function once(button, work) {
  button.disabled = true;
  try {
    await work();
  } finally {
    button.disabled = false;
  }
}
