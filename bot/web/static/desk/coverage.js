/** The page of coverage. */

/** Wire the page. */
export function start() {}
