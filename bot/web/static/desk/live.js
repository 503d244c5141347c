/** The live feed: a snapshot first, then what happens; after a gap either what was missed, or everything anew. */

import { announce, toast } from "../common/dialog.js";
import { gathered } from "../common/dom.js";
import { t } from "../common/i18n.js";
import { follow } from "../common/sse.js";
import { loadDuty } from "./account-duty.js";
import { put, refresh, refreshOpen, refreshPeople, refreshQueues } from "./data.js";
import { refreshInbox } from "./inbox_data.js";
import { heard } from "./inbox_news.js";
import { doubt, spokenOf } from "./notices.js";
import { warned } from "./shift-end.js";
import { chime } from "./sound.js";
import { changed, labelOf, state } from "./state.js";
import { heard as taught } from "./teach.js";
import { noticed } from "./unread.js";

const TYPING_SHOWN = 6000;
let stream = null;
let typingTimer = null;

/** Start following. `onEnded` is called when the login is over. */
export function start(onEnded) {
  stream?.stop();
  stream = follow("/api/events", {
    onEvent: (kind, data) => HANDLERS[kind]?.(data),
    onState(now) {
      state.connection = now;
      changed("connection");
      if (now === "ended") onEnded();
    },
  });
}

/** Stop following, before a logout for one. */
export function stop() {
  stream?.stop();
  stream = null;
}

/** Try to connect again at once. */
export const retry = () => stream?.nudge();

function everything() {
  loadDuty();
  refreshPeople();
  refresh();
  refreshOpen();
  refreshInbox();
}

/** Something that hangs on a case happened: an offer, a transfer, a request, an approval, a deadline, a lost word. */
const work = (kind) => (event) => {
  heard(kind, event.data);
  doubt([event.data.code, ...event.codes]);
  refreshInbox();
  // A date may have changed with it, and stands in the list too.
  refresh();
  if (event.data.code === state.open?.code || event.codes.includes(state.open?.code)) refreshOpen();
};

const sayNew = gathered(() => {
  if (!fresh.size) return;
  announce(t("announce_new", { codes: [...fresh].slice(0, 5).join(", ") }));
  fresh.clear();
}, 1500);
const fresh = new Set();

const HANDLERS = {
  ready: everything,
  reset() {
    everything();
    taught({ by: null });
  },
  offer: work("offer"),
  transfer: work("transfer"),
  request: work("request"),
  approval: work("approval"),
  deadline: work("deadline"),
  undelivered: work("undelivered"),
  case(event) {
    // What went out of sight is not named.
    doubt(event.data.code ? [event.data.code, ...event.codes] : spokenOf());
    refresh();
    const touches =
      event.codes.includes(state.open?.code) || event.conversation_id === state.open?.page?.conversation_id;
    if (touches || event.data.change === "moved") refreshOpen();
    if (event.data.change !== "opened") return;
    fresh.add(`${event.data.code} ${labelOf(event.data.department)}`);
    sayNew();
    chime();
  },
  message(event) {
    const said = event.message;
    if (!said) return;
    if (event.conversation_id === state.open?.page?.conversation_id) {
      put(said);
      if (said.author === "customer")
        announce(t("announce_message", { text: (said.text || t(`kind_${said.kind}`)).slice(0, 300) }));
    }
    if (said.direction === "internal") return;
    if (said.author === "staff") doubt(event.codes);
    touchRows(event, said);
    if (said.author === "customer") {
      noticed(event);
      clearTyping(event.conversation_id);
    }
  },
  delivery(event) {
    if (event.message && event.conversation_id === state.open?.page?.conversation_id) put(event.message);
  },
  typing(event) {
    if (event.conversation_id !== state.open?.page?.conversation_id) return;
    state.open.typing = true;
    changed("typing");
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => clearTyping(event.conversation_id), TYPING_SHOWN);
  },
  shift_end: (event) => warned(event.data),
  break_over(event) {
    if (event.data.staff_ids.includes(state.me?.id)) toast(t("break_over_work"));
  },
  teaching: (event) => taught(event.data ?? {}),
  staff(event) {
    if (event.data?.staff_id === state.me?.id) loadDuty();
    refreshQueues();
    refreshPeople();
  },
};

function clearTyping(conversation) {
  if (conversation !== state.open?.page?.conversation_id || !state.open.typing) return;
  state.open.typing = false;
  changed("typing");
}

/** The line that a list shows of a conversation is in the event already: no need to ask the server for it. */
function touchRows(event, said) {
  for (const row of state.list.rows ?? []) {
    if (!event.codes.includes(row.code)) continue;
    row.last_text = said.text || t(`kind_${said.kind}`);
    if (said.author === "customer") row.heard = row.last_text;
    row.last_at = said.created_at;
    changed("list");
  }
}
