/** Asking for a decision: what kind, how much, and why. Deciding is in `inbox_cards`. */

import { byId } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { call } from "../common/http.js";
import { language, t } from "../common/i18n.js";
import { readAmount } from "./amounts.js";
import { refreshOpen } from "./data.js";
import { caseDoor } from "./doors.js";
import { refreshInbox } from "./inbox_data.js";
import { dialogOf } from "./moves.js";
import { state } from "./state.js";

/** The largest sum that the server takes. */
const MOST = 1e12;

/** "1.500.000 đ" */
export const money = (amount) =>
  language === "en" ? `${amount.toLocaleString("en-GB")} VND` : `${amount.toLocaleString("vi-VN")} đ`;

/** Wire the field in which a sum is typed. */
export function start() {
  const form = byId("approval-dialog").querySelector("form");
  form.elements.amount.addEventListener("input", () => {
    tellRead(form.elements.amount);
    tellDeciders(form);
  });
  form.elements.kind.addEventListener("change", () => tellDeciders(form));
}

/** Say beside the field what is read from it, before anything is sent; what cannot be read is not sent. */
function tellRead(field) {
  const read = readAmount(field.value);
  const fault = faultOf(read);
  field.setCustomValidity(fault);
  const said = field.form.querySelector("[data-read]");
  said.hidden = read?.amount === null;
  said.textContent = fault || `= ${money(read.amount ?? 0)}`;
}

function faultOf(read) {
  if (!read) return t("amount_unread");
  return read.amount === null || (read.amount > 0 && read.amount <= MOST) ? "" : t("amount_bounds");
}

const amountOf = (form) => readAmount(form.elements.amount.value)?.amount ?? null;

function tellDeciders(form) {
  const amount = amountOf(form);
  const place = form.querySelector("[data-deciders]");
  place.hidden = !form.elements.amount.validity.valid;
  const total = amount + grantedOf(form.elements.kind.value);
  const able = JSON.parse(form.dataset.roles).filter(({ leads, limit }) =>
    amount === null ? leads : limit === null || total <= limit,
  );
  place.textContent = t("approval_deciders", {
    roles: able.map(({ label }) => label).join(", "),
  });
}

/** What was granted of a kind in the open case: a limit holds for all of it. */
function grantedOf(kind) {
  const granted = state.open?.page?.approvals.filter((one) => one.state === "approved" && one.kind === kind) ?? [];
  return granted.reduce((total, { amount }) => total + (amount ?? 0), 0);
}

/** Ask for a decision on the open case. */
export async function approve(kase) {
  const dialog = dialogOf("approval-dialog", kase);
  const form = dialog.querySelector("form");
  form.reset();
  tellRead(form.elements.amount);
  tellDeciders(form);
  let made = null;
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      made = await ask(kase, {
        kind: form.elements.kind.value,
        amount: amountOf(form),
        reason: form.elements.reason.value,
      });
    },
  });
  if (!done) return;
  const name = made.asked_of_name;
  toast(name ? t("approval_asked", { name }) : t("approval_nobody"), { bad: !name });
}

async function ask(kase, body) {
  try {
    return await call("POST", caseDoor(kase.code, "approve"), { body });
  } finally {
    refreshOpen();
    refreshInbox();
  }
}
