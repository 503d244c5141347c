/** Whether somebody is there: a word, with a mark that differs in shape as well as in colour. */

import { h, icon } from "../common/dom.js";
import { t } from "../common/i18n.js";

const SIGNS = { on_duty: "done", on_break: "pause", away: "clock", off: "moon" };

/** "Đang trực", "Đang nghỉ", "Tạm vắng", "Hết ca" */
export function presence(name) {
  return h("span", { class: `badge there-${name}` }, icon(SIGNS[name]), t(`presence_${name}`));
}
