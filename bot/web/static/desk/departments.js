/** The choice of a department on the pages of the roster: the address names it. */

import { h, keyed } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { config, leads, state } from "./state.js";

/** The departments that this person may look at. */
export const departments = () => config.departments.filter((one) => leads() || state.me.departments.includes(one.id));

/** The department that the address names, where this person may see it; nothing means all of theirs. */
export function chosen() {
  return departments().some((one) => one.id === state.route.department) ? state.route.department : "all";
}

/** Offer them, and show which is chosen. */
export function drawPicker(picker) {
  const options = [{ id: "all", label: t(leads() ? "all_departments" : "my_departments") }, ...departments()];
  keyed(
    picker,
    options,
    (one) => one.id,
    (one, before) => before ?? h("option", { value: one.id }, one.label),
  );
  picker.value = chosen();
}
