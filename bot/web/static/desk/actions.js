/** What may be done with a case, and doing it. The server decides; here is only offered what it would allow. */

import { byId, fill, h, theirs } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal, call } from "../common/http.js";
import { nodes, t } from "../common/i18n.js";
import { clock, dayKey, fromWall, moment, now, toWall } from "../common/time.js";
import { refresh, refreshOpen, took } from "./data.js";
import { draftOf } from "./drafts.js";
import { go } from "./router.js";
import { config, labelOf, leads, owns, state } from "./state.js";

const ALL = {
  claim: { icon: "claim", word: "act_claim", key: "c", run: (kase) => move(kase, "claim") },
  promise: { icon: "calendar", word: "act_promise", key: "p", run: promise },
  transfer: { icon: "transfer", word: "act_transfer", key: "t", run: transfer },
  resolve: { icon: "check", word: "act_resolve", key: "e", run: resolve },
  reopen: { icon: "reopen", word: "act_reopen", run: reopen },
  "step-in": { icon: "shield", word: "act_step_in", run: stepIn },
};

/** The names of the moves that this person may make now, the most likely one first. */
export function movesFor(kase) {
  if (kase.state === "resolved") return ["reopen"];
  if (kase.state === "waiting") return mayClaim(kase) ? ["claim", "transfer"] : ["transfer"];
  if (owns(kase)) return ["resolve", "promise", "transfer"];
  return leads() ? ["step-in", "transfer"] : [];
}

const mayClaim = (kase) => kase.department !== config.management || leads();

/** How a move is shown. */
export const lookOf = (name) => ALL[name];

/** Make a move on the open case, if it is one of those that may be made. Returns whether it was. */
export async function act(name) {
  const kase = state.open?.page?.case;
  if (!kase || !movesFor(kase).includes(name)) return false;
  await ALL[name].run(kase);
  return true;
}

/** The move whose key was pressed. */
export const actByKey = (key) => act(Object.keys(ALL).find((name) => ALL[name].key === key) ?? "");

async function move(kase, name, body) {
  try {
    took(await call("POST", `/api/cases/${encodeURIComponent(kase.code)}/${name}`, { body }));
    return true;
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    const { winner } = failure.problem;
    toast(winner ? nodes("taken_by", { winner: theirs(winner), code: kase.code }) : failure.message, { bad: !winner });
    refresh();
    refreshOpen();
    return false;
  }
}

/** Make a move from a dialog: a refusal stays in the dialog, and what is behind it is brought up to date. */
async function moveIn(kase, name, body) {
  try {
    const changed = await call("POST", `/api/cases/${encodeURIComponent(kase.code)}/${name}`, { body });
    took(changed);
    return changed;
  } catch (failure) {
    refresh();
    refreshOpen();
    throw failure.code === "forbidden_move" && name === "transfer" ? await there(kase, body.department, failure) : failure;
  }
}

/** A colleague may have passed the case to the very department that was chosen here: then say that instead. */
async function there(kase, department, failure) {
  const found = await call("GET", `/api/cases/${encodeURIComponent(kase.code)}`);
  if (found.case.department !== department || found.case.state === "resolved") return failure;
  return new Refusal(failure.status, { ...failure.problem, message: t("transfer_same") });
}

function dialogOf(id, kase) {
  const dialog = byId(id);
  for (const place of dialog.querySelectorAll("[data-code]")) place.textContent = kase.code;
  return dialog;
}

/** Pass the open case on. `note` begins the note for the receiver. */
export async function transfer(kase, note = "") {
  const dialog = dialogOf("transfer-dialog", kase);
  const form = dialog.querySelector("form");
  form.reset();
  form.elements.note.value = note;
  for (const option of form.elements.department.options) {
    option.hidden = option.disabled = option.value === kase.department;
  }
  const spent = kase.hops >= config.hop_limit;
  dialog.querySelector("[data-hops]").textContent = spent
    ? t("hops_spent", { count: kase.hops })
    : t("hops", { count: kase.hops, limit: config.hop_limit });
  dialog.querySelector("[type=submit]").disabled = spent;
  const done = await openDialog(dialog, {
    onSubmit: (one) =>
      moveIn(kase, "transfer", { department: one.elements.department.value, note: one.elements.note.value }),
  });
  if (!done) return;
  const department = form.elements.department.value;
  toast(t("transferred", { code: kase.code, department: labelOf(department) }));
  if (!leads() && !state.me.departments.includes(department)) go(state.list.path, { replace: true });
}

/** Give the customer of the open case a date. */
export async function promise(kase) {
  const dialog = dialogOf("promise-dialog", kase);
  const field = dialog.querySelector("[name=due]");
  const said = dialog.querySelector("[data-said]");
  const tell = () => {
    const at = fromWall(field.value);
    said.textContent = at ? t("promise_said", { at: moment(at.toISOString()) }) : "";
  };
  const choose = (at) => {
    field.value = toWall(at);
    tell();
  };
  field.oninput = tell;
  fill(
    dialog.querySelector("[data-quick]"),
    quick().map(({ at, word }) => h("button", { type: "button", on: { click: () => choose(at) } }, word)),
  );
  choose(quick()[0].at);
  const done = await openDialog(dialog, {
    onSubmit: () => moveIn(kase, "promise", { due_at: fromWall(field.value)?.toISOString() ?? "" }),
  });
  if (done) toast(t("promised", { at: said.textContent }));
}

/** Times that are asked for most; those of today only while they are ahead. */
function quick() {
  const rounded = (minutes) => new Date(Math.ceil((now() + minutes * 60_000) / 300_000) * 300_000);
  const on = (shift, wall) => fromWall(`${dayKey(now() + shift * 86_400_000)}T${wall}`);
  const offers = [
    { at: rounded(30), word: t("quick_half_hour") },
    { at: rounded(120), word: t("quick_two_hours") },
    { at: on(0, "17:00"), word: t("quick_today", { at: clock(on(0, "17:00")) }) },
    { at: on(1, "09:00"), word: t("quick_tomorrow", { at: clock(on(1, "09:00")) }) },
  ];
  return offers.filter(({ at }) => at.getTime() > now() + 60_000);
}

async function resolve(kase) {
  const dialog = dialogOf("resolve-dialog", kase);
  dialog.querySelector("[data-draft]").hidden = !draftOf(kase.code, "reply").text.trim();
  // What comes in while the question is on the screen has not been read: the server then refuses.
  const seen = Math.max(0, ...state.open.messages.keys());
  const done = await openDialog(dialog, { onSubmit: () => moveIn(kase, "resolve", { seen }) });
  if (done) toast(t("resolved", { code: kase.code }));
}

async function confirmed(kase, name, words) {
  const dialog = byId("confirm-dialog");
  dialog.querySelector("h2").textContent = `${t(words.title)} ${kase.code}`;
  dialog.querySelector("[data-text]").textContent = words.text;
  dialog.querySelector("[data-submit]").textContent = t(ALL[name].word);
  return openDialog(dialog, { onSubmit: () => moveIn(kase, name) });
}

async function reopen(kase) {
  if (
    await confirmed(kase, "reopen", {
      title: "reopen_title",
      text: t("reopen_text", { department: labelOf(kase.department) }),
    })
  )
    toast(t("reopened", { code: kase.code }));
}

async function stepIn(kase) {
  await confirmed(kase, "step-in", {
    title: "step_in_title",
    text: t("step_in_text", { owner: kase.owner_name ?? "" }),
  });
}
