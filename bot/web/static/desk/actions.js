/** What may be done with a case, and doing it. The server decides; here is only offered what it would allow. */

import { byId } from "../common/dom.js";
import { open as openDialog, toast } from "../common/dialog.js";
import { Refusal } from "../common/http.js";
import { t } from "../common/i18n.js";
import { approve } from "./approval.js";
import { draftOf } from "./drafts.js";
import { answered } from "./inbox_data.js";
import { take } from "./inbox_do.js";
import { dialogOf, move, moveIn } from "./moves.js";
import { promise } from "./promise.js";
import { ask } from "./request.js";
import { config, labelOf, leads, owns, state, takesFor } from "./state.js";
import { giveBack, introduce, transfer } from "./transfer.js";

const ALL = {
  accept: { icon: "claim", word: "take", key: "c", run: accept },
  claim: { icon: "claim", word: "act_claim", key: "c", run: claim },
  resolve: { icon: "check", word: "act_resolve", key: "e", run: resolve },
  promise: { icon: "calendar", word: "act_promise", key: "p", run: promise },
  transfer: { icon: "transfer", word: "act_transfer", key: "t", run: (kase) => transfer(kase) },
  ask: { icon: "ask", word: "act_ask", key: "h", run: ask, more: true },
  approve: { icon: "stamp", word: "act_approve", key: "x", run: approve, more: true },
  introduce: { icon: "people", word: "act_introduce", key: "m", run: introduce, more: true },
  "give-back": { icon: "undo", word: "act_give_back", key: "b", run: giveBack, more: true },
  reopen: { icon: "reopen", word: "act_reopen", run: reopen },
  "step-in": { icon: "shield", word: "act_step_in", run: stepIn },
};

/** Every key that makes a move, once. */
export const KEYS = [...new Set(Object.values(ALL).flatMap(({ key }) => key ?? []))];

/** Whether a case is this person's to see; others are shown only because somebody asks them something about it. */
export const sees = (kase) => leads() || owns(kase) || state.me.departments.includes(kase.department);

/**
 * What is held out to this person on the page of a case: `[kind, item]`, or null. Right after a move the case is newer
 * than what hangs on it: what no longer fits it is over.
 */
export function heldOut({ case: kase, offer, transfer: asked }) {
  if (offer && kase.state === "waiting" && offer.staff_id === state.me.id) return ["offer", { ...offer, code: kase.code }];
  if (asked && mayAnswer(asked, kase)) return ["transfer", { ...asked, code: kase.code }];
  return null;
}

function mayAnswer(asked, kase) {
  if (asked.from_staff_id === state.me.id || asked.from_staff_id !== kase.owner_id) return false;
  if (asked.said_no.includes(state.me.id)) return false;
  if (asked.to_staff_id !== null) return asked.to_staff_id === state.me.id;
  return leads() || takesFor(asked.to_department);
}

/** The names of the moves that this person may make now, the most likely one first. */
export function movesFor(page) {
  const kase = page.case;
  const held = heldOut(page);
  if (kase.state === "waiting" && sees(kase)) return mayClaim(kase) || held ? ["claim", "transfer"] : ["transfer"];
  if (held) return ["accept"];
  if (!sees(kase)) return [];
  if (kase.state === "resolved") return ["reopen"];
  if (!owns(kase)) return leads() ? ["step-in"] : [];
  const giving = page.transfer ? [] : ["transfer"];
  const inviting = page.transfer || !atTheFront(kase) ? [] : ["introduce"];
  const back = page.transfer || !leads() ? [] : ["give-back"];
  return ["resolve", "promise", ...giving, "ask", "approve", ...inviting, ...back];
}

/** Only the front office brings somebody in: from behind it would be passing on. */
const atTheFront = (kase) => config.departments.some((one) => one.id === kase.department && one.side === "front");

const mayClaim = (kase) => kase.department !== config.management || leads();

/** How a move is shown. `more`: among those that a menu holds. */
export const lookOf = (name) => ALL[name];

/** Make a move on the open case, if it is one of those that may be made. Returns whether it was. */
export async function act(name) {
  const page = state.open?.page;
  if (!page || !movesFor(page).includes(name)) return false;
  await ALL[name].run(page.case);
  return true;
}

/** The move whose key was pressed. */
export function actByKey(key) {
  const page = state.open?.page;
  return act((page && movesFor(page).find((name) => ALL[name].key === key)) ?? "");
}

/** Take a waiting case; where it is on offer to this person, that is saying yes to the offer. */
function claim(kase) {
  const held = heldOut(state.open.page);
  if (held) answered(...held);
  return move(kase, held ? "accept" : "claim");
}

function accept() {
  return take(...heldOut(state.open.page));
}

async function resolve(kase) {
  const dialog = dialogOf("resolve-dialog", kase);
  const form = dialog.querySelector("form");
  form.reset();
  dialog.querySelector("[data-draft]").hidden = !draftOf(kase.code, "reply").text.trim();
  drawOpenWork(form);
  const { case: shown, deadlines } = state.open.page;
  const answered = Boolean(shown.replied_at) && !deadlines?.asked_for_time;
  form.querySelector("[data-unanswered]").hidden = answered || Boolean(deadlines?.waiting_for_customer);
  // What comes in while the question is on the screen has not been read: the server then refuses.
  const seen = Math.max(0, ...state.open.messages.keys());
  const done = await openDialog(dialog, {
    onSubmit: async () => {
      try {
        await moveIn(kase, "resolve", {
          seen,
          drop_open: form.elements.drop.checked,
          unanswered: form.elements.unanswered.checked,
        });
      } catch (failure) {
        throw asMark(form, failure);
      }
    },
  });
  if (done) toast(t("resolved", { code: kase.code }));
}

const MARKS = { open_work: ["[data-open-work]", "resolve_drop"], unanswered: ["[data-unanswered]", "resolve_anyway"] };

/** The question stands beside its mark already: what is said below is which mark to set, and not the question again. */
function asMark(form, failure) {
  if (!(failure.code in MARKS)) return failure;
  const [place, word] = MARKS[failure.code];
  form.querySelector(place).hidden = false;
  return new Refusal(failure.status, { ...failure.problem, message: t("resolve_mark", { word: t(word) }) });
}

/** What still waits would be cancelled with the case: that is asked, and never done unasked. */
function drawOpenWork(form) {
  const { requests, approvals, transfer: asked } = state.open.page;
  const waiting = [
    ...requests.filter((one) => one.state === "open" || one.state === "taken").map((one) => one.department_label),
    ...approvals.filter((one) => one.state === "pending").map((one) => one.kind_label),
  ];
  form.querySelector("[data-open-work]").hidden = !waiting.length;
  form.querySelector("[data-open-said]").textContent = waiting.length
    ? t("resolve_open", { what: waiting.join(", ") })
    : t("resolve_open_some");
  form.querySelector("[data-transfer]").hidden = !asked;
}

async function confirmed(kase, name, words) {
  const dialog = byId("confirm-dialog");
  dialog.querySelector("h2").textContent = `${t(words.title)} ${kase.code}`;
  dialog.querySelector("[data-text]").textContent = words.text;
  dialog.querySelector("[data-submit]").textContent = t(ALL[name].word);
  return openDialog(dialog, { onSubmit: () => moveIn(kase, name) });
}

async function reopen(kase) {
  const text = t("reopen_text", { department: labelOf(kase.department) });
  if (await confirmed(kase, "reopen", { title: "reopen_title", text })) toast(t("reopened", { code: kase.code }));
}

async function stepIn(kase) {
  const text = t("step_in_text", { owner: kase.owner_name ?? "" });
  await confirmed(kase, "step-in", { title: "step_in_title", text });
}
