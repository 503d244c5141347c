/** One answer: its wordings in both languages, tried in a small chat before they are stored, and its earlier versions. */

import { toast } from "../common/dialog.js";
import { byId, fill, h, icon, say } from "../common/dom.js";
import { Refusal, call } from "../common/http.js";
import { t } from "../common/i18n.js";
import { moment } from "../common/time.js";
import { once } from "./once.js";
import { confirmed } from "./teach-confirm.js";
import { trying } from "./teach-data.js";
import * as preview from "./teach-preview.js";
import { filledIn, holders } from "./teach-words.js";

const MOST = 12;
const LANGUAGES = ["vi", "en"];
let shown = null;
/** The same answer as it is stored now, where somebody stored it while one was writing. */
let newest = null;
/** The answer that the small chat is about: what was tried stays to be read after it was stored. */
let tried = null;
let saved = () => {};

/** Wire the editor. `onSaved(answer)` hears of what is stored. */
export function start({ onSaved }) {
  saved = onSaved;
  const form = byId("answer-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(byId("answer-save"), save);
  });
  form.addEventListener("input", changed);
  form.addEventListener("click", ({ target }) => {
    const more = target.closest("[data-more]");
    if (more) add(more.dataset.more, "").focus();
  });
  byId("answer-back").addEventListener("click", reset);
  byId("answer-drop").addEventListener("click", () => {
    shown = newest;
    fillIn(shown);
  });
  byId("answer-versions-part").addEventListener("toggle", () => byId("answer-versions-part").open && loadVersions());
  preview.start(draft);
}

const fields = (language) => [...byId(`answer-${language}`).querySelectorAll("textarea")];
const texts = (language) =>
  fields(language)
    .map((one) => one.value.trim())
    .filter(Boolean);
const draft = () => shown && { key: shown.key, vi: texts("vi"), en: texts("en") };
const stored = (one) => one.edited ?? one.base;
const dirty = () =>
  shown && LANGUAGES.some((language) => texts(language).join("\n") !== stored(shown)[language].join("\n"));

/** Show an answer; what is being written in it stays, unless it was stored. */
export function show(one) {
  byId("answer-editor").hidden = !one;
  if (!one) {
    shown = null;
    return;
  }
  const same = shown?.key === one.key;
  if (same && dirty()) {
    if (one.version !== shown.version) tell(t("teach_answer_newer", { name: one.edited_by ?? "" }));
    newest = one;
    return;
  }
  const another = !same || shown.version !== one.version;
  shown = one;
  newest = one;
  if (another) fillIn(one);
}

function fillIn(one) {
  tell("");
  say(byId("answer-title"), one.need_label);
  const who = one.edited
    ? t("teach_answer_by", { name: one.edited_by, at: moment(one.edited_at) })
    : t("teach_answer_base");
  say(byId("answer-said"), [one.department_label, who].join(" · "));
  for (const language of LANGUAGES) {
    fill(byId(`answer-${language}`));
    for (const text of stored(one)[language]) add(language, text);
    if (!stored(one)[language].length) add(language, "");
  }
  holders(byId("answer-holders"), one.placeholders, () => LANGUAGES.flatMap(fields));
  byId("answer-back").hidden = !one.edited || one.taught;
  byId("answer-versions-part").hidden = !one.version;
  byId("answer-versions-part").open = false;
  if (tried !== one.key) preview.clear();
  tried = one.key;
  changed();
}

function add(language, text) {
  const place = byId(`answer-${language}`);
  const field = h(
    "textarea",
    { rows: "3", maxlength: "2000", dir: "auto", lang: language, "aria-label": t(`language_${language}`) },
    text,
  );
  const said = h("p", { class: "hint wording-said" });
  const drop = () => {
    row.remove();
    if (!fields(language).length) add(language, "");
    changed();
  };
  const row = h(
    "li",
    { class: "wording" },
    field,
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": t("teach_wording_less"), on: { click: drop } },
      icon("close"),
    ),
    said,
  );
  place.append(row);
  changed();
  return field;
}

/** Keep what depends on the wordings true: how they will read, and whether there is anything to store. */
function changed() {
  for (const language of LANGUAGES) {
    for (const field of fields(language))
      say(field.closest("li").querySelector(".wording-said"), field.value.includes("{") ? filledIn(field.value) : "");
    byId("answer-form").querySelector(`[data-more=${language}]`).hidden = fields(language).length >= MOST;
  }
  const some = Boolean(dirty());
  byId("answer-save").disabled = !some;
  byId("answer-drop").hidden = !some;
}

function tell(message) {
  const place = byId("answer-problem");
  place.hidden = !message;
  say(place, message);
}

async function save() {
  tell("");
  const body = { vi: texts("vi"), en: texts("en"), version: shown.version };
  await storing(
    () => call("PUT", `/api/teach/answers/${shown.key}`, { body }),
    t("teach_answer_saved", { need: shown.need_label }),
  );
}

async function reset() {
  const { key, need_label: need, version } = shown;
  let given = null;
  const done = await confirmed({
    title: t("teach_answer_back_title", { need }),
    text: t("teach_answer_back_text"),
    submit: t("teach_answer_back"),
    work: async () => {
      given = await call("DELETE", `/api/teach/answers/${key}?version=${version}`);
    },
  });
  if (done) await take(given, key, t("teach_answer_was_reset", { need }));
}

const restore = (version) =>
  storing(
    () => call("POST", `/api/teach/answers/${shown.key}/restore`, { body: { version, seen: shown.version } }),
    t("teach_answer_restored", { version }),
  );

async function storing(work, said) {
  const key = shown.key;
  const given = await trying(
    async () => [await work()],
    (failure) => tell(failure.message),
  );
  if (given) await take(given[0], key, said);
}

/** Show what is stored now; where the door gave nothing back, it is asked for. */
async function take(given, key, said) {
  const stored = given ?? (await call("GET", "/api/teach/answers")).answers.find((one) => one.key === key);
  shown = null;
  toast(said);
  saved(stored);
}

// --- versions ---------------------------------------------------------------------------------------------------------

async function loadVersions() {
  const key = shown.key;
  const place = byId("answer-versions");
  try {
    const { versions } = await call("GET", `/api/teach/answers/${key}/versions`);
    if (shown?.key === key) fill(place, versions.map(drawVersion), shown.edited && !shown.taught ? drawBase() : null);
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    fill(place, h("li", { class: "problem" }, failure.message));
  }
}

function drawVersion(one) {
  const present = one.version === shown.version;
  const head =
    one.restored === null || one.restored === undefined
      ? t("teach_version", { version: one.version })
      : t("teach_version_again", { version: one.version, restored: one.restored });
  return row(
    `${head} · ${one.by} · ${moment(one.at)}`,
    one.texts?.vi ?? [t("teach_version_base")],
    present,
    one.version,
  );
}

const drawBase = () => row(t("teach_version_file"), shown.base.vi, false, 0);

const row = (head, lines, present, version) =>
  h(
    "li",
    { class: "version" },
    h(
      "div",
      { class: "row-top" },
      h("strong", { class: "row-name" }, head),
      present ? h("span", { class: "badge state-resolved" }, t("teach_version_now")) : null,
    ),
    lines.map((line) => h("p", { class: "hint" }, line)),
    present
      ? null
      : h(
          "button",
          { type: "button", on: { click: (event) => once(event.currentTarget, () => restore(version)) } },
          icon("undo"),
          t("teach_version_restore"),
        ),
  );
