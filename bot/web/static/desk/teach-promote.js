/** Having a model serve: at once where the gate allowed it; with a written reason, and only by an admin, where not. */

import { byId, fill, h, say } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { state } from "./state.js";
import { worded } from "./teach-gate.js";

let again = () => {};

/** Wire it. `again` loads the tab anew. */
export function start(parts) {
  ({ again } = parts);
}

/** Ask, and have a model serve. */
export async function ask(model, reasons = []) {
  const dialog = byId("promote-dialog");
  const form = dialog.querySelector("form");
  const admin = state.me.role === "admin";
  const refused = model.allowed !== true && !model.served;
  form.reset();
  say(byId("promote-title"), t(refused ? "teach_override_title" : "teach_promote_title"));
  say(
    byId("promote-text"),
    t(refused ? (model.allowed === null ? "teach_override_unjudged" : "teach_override_text") : "teach_promote_text"),
  );
  fill(byId("promote-reasons"), refused ? reasons.map((one) => h("li", {}, worded(one))) : null);
  byId("promote-reason").hidden = !(refused && admin);
  form.elements.reason.required = refused && admin;
  form.elements.reason.disabled = !(refused && admin);
  byId("promote-not").hidden = !refused || admin;
  const submit = form.querySelector("[type=submit]");
  submit.hidden = refused && !admin;
  submit.className = refused ? "risky" : "primary";
  say(submit, t(refused ? "teach_override" : "teach_promote"));
  const done = await openDialog(dialog, {
    onSubmit: () =>
      call("POST", `/api/teach/models/${encodeURIComponent(model.id)}/promote`, {
        body: { reason: refused ? form.elements.reason.value : "" },
      }),
  });
  if (done) toast(t("teach_promoted"));
  again();
}
