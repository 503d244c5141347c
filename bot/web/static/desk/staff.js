/** The page on which admins see everybody and make accounts. */

import { byId, fill, h, icon, keyed, theirs } from "../common/dom.js";
import { complete, submitting } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { loadNames } from "./data.js";
import { go } from "./router.js";
import { config, labelOf, on, state } from "./state.js";

/** Wire the page. */
export function start() {
  on("route", enter);
  on("people", () => state.route.pane === "staff" && draw());
  byId("staff-form").addEventListener("submit", add);
}

function enter() {
  if (state.route.pane !== "staff" || !state.me) return;
  if (state.me.role !== "admin") go("/desk", { replace: true });
  else load();
}

async function load() {
  const problem = byId("staff-problem");
  try {
    await loadNames();
    draw();
    problem.hidden = true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    problem.hidden = false;
    fill(
      problem,
      failure.message,
      " ",
      h("button", { type: "button", class: "link", on: { click: load } }, t("retry")),
    );
  }
}

function draw() {
  byId("staff-count").textContent = String(state.people.length);
  keyed(byId("staff-list"), state.people, (one) => one.id, drawPerson);
}

function drawPerson(one) {
  const everywhere = one.role !== "agent";
  const where = everywhere ? t("sees_everything") : one.departments.map(labelOf).join(", ") || t("no_department");
  const duty = !one.active ? "inactive" : one.on_duty ? "on_duty" : "off_duty";
  return h(
    "li",
    { class: "person" },
    h(
      "div",
      { class: "person-name" },
      h("strong", {}, theirs(one.name)),
      h("span", { class: "badge" }, config.roles[one.role]),
    ),
    h("div", { class: "muted" }, theirs(one.email)),
    h("div", { class: "person-where" }, where),
    h("span", { class: `badge duty-${duty}` }, t(duty)),
  );
}

async function add(event) {
  event.preventDefault();
  const form = event.currentTarget;
  if (!complete(form)) return;
  await submitting(form, async () => {
    const { name, email, role } = form.elements;
    const departments = [...form.querySelectorAll("[name=departments]:checked")].map((one) => one.value);
    if (role.value === "agent" && !departments.length)
      throw new Refusal(422, { error: "invalid", message: t("departments_needed") });
    const made = await call("POST", "/api/staff", {
      body: { name: name.value, email: email.value, role: role.value, departments },
    });
    form.reset();
    showPassword(made);
    load();
  });
}

/** The password is here once and nowhere else: it goes when this page does. */
function showPassword({ staff, password }) {
  const place = byId("made");
  const copy = h("button", { type: "button", on: { click: () => copied(copy, password) } }, t("copy"));
  place.hidden = false;
  fill(
    place,
    h("p", {}, icon("key"), " ", t("made_for"), " ", theirs(staff.name), " (", theirs(staff.email), ")"),
    h("p", { class: "secret" }, h("code", {}, password), navigator.clipboard ? copy : null),
    h("p", { class: "hint" }, t("made_once")),
    h(
      "button",
      { type: "button", class: "primary", on: { click: () => (fill(place), (place.hidden = true)) } },
      t("made_done"),
    ),
  );
  place.focus();
}

async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t("copied");
  } catch (failure) {
    if (!(failure instanceof DOMException)) throw failure;
    button.textContent = t("copy_failed");
  }
}
