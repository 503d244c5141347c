/** Where the console begins: who is there, which place the address names, and what to show of it. */

import { byId, fill, h, icon } from "../common/dom.js";
import { toast } from "../common/dialog.js";
import { Refusal, call, useToken, watchSession } from "../common/http.js";
import { t } from "../common/i18n.js";
import * as account from "./account.js";
import * as approval from "./approval.js";
import { startClocks } from "./badges.js";
import * as kase from "./case.js";
import * as composer from "./composer.js";
import { chooseList, loadNames, loadQueues } from "./data.js";
import { prune } from "./drafts.js";
import * as entry from "./entry.js";
import * as inbox from "./inbox.js";
import * as news from "./inbox_news.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import * as live from "./live.js";
import * as queues from "./queues.js";
import * as request from "./request.js";
import * as coverage from "./coverage.js";
import * as roster from "./roster.js";
import * as rosterMoves from "./roster-moves.js";
import * as router from "./router.js";
import * as staff from "./staff.js";
import { changed, on, state } from "./state.js";
import * as teach from "./teach.js";
import * as transcript from "./transcript.js";
import * as transfer from "./transfer.js";
import { forget } from "./unread.js";

async function begin() {
  for (const part of [account, kase, composer, keys, list, queues, staff, transcript]) part.start();
  for (const part of [roster, rosterMoves, coverage, teach]) part.start();
  for (const part of [approval, inbox, news, request, transfer]) part.start();
  entry.start(enter);
  on("route", place);
  on("connection", drawConnection);
  watchSession(expired, renewToken);
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  visualViewport?.addEventListener("resize", fitViewport);
  document.querySelector("[data-close-queues]").addEventListener("click", router.back);
  for (const pane of ["list-pane", "case-pane"]) byId(pane).addEventListener("click", closeDrawer, { capture: true });
  state.route = router.parse(location.pathname);
  if (state.route.pane === "first-admin") entry.showFirstAdmin();
  else await resume();
  router.start();
  startClocks();
}

async function resume() {
  try {
    await enter(await call("GET", "/api/session"));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    if (failure.status !== 401) offerRetry(failure);
  }
}

function offerRetry(failure) {
  fill(
    document.querySelector(".boot"),
    failure.message,
    " ",
    h("button", { type: "button", on: { click: () => location.reload() } }, t("retry")),
  );
}

async function enter(session) {
  const another = state.me && state.me.id !== session.staff.id;
  if (another) {
    location.reload();
    return;
  }
  state.me = session.staff;
  useToken(session.csrf);
  forget();
  prune();
  document.body.dataset.view = router.viewOf(state.route);
  if (state.route.pane === "first-admin") router.go("/desk", { replace: true });
  changed("me");
  place();
  live.start(expired);
  loadQueues();
  loadNames().then(
    () => changed("open", "people"),
    (failure) => toast(failure.message, { bad: true }),
  );
  changed("route");
}

function expired() {
  live.stop();
  if (state.me) entry.showLogin(t("session_over"));
  else if (state.route.pane !== "first-admin") entry.showLogin();
}

/** Another tab logged in anew: take its token, unless somebody else is in now. */
async function renewToken() {
  const session = await call("GET", "/api/session");
  if (session.staff.id !== state.me?.id) {
    location.reload();
    return false;
  }
  useToken(session.csrf);
  return true;
}

/** Bring the page to where the address points. */
function place() {
  const { route } = state;
  if (!state.me) return;
  if (route.pane === "first-admin") {
    router.go("/desk", { replace: true });
    return;
  }
  document.body.dataset.view = router.viewOf(route);
  document.body.dataset.pane = route.pane;
  if (route.pane === "list") {
    chooseList(route);
    remember(route.path);
  } else if (!state.list.rows && router.viewOf(route) === "console") {
    chooseList(router.parse(remembered()));
  }
  if (route.pane === "list" && state.open && matchMedia("(max-width: 719px)").matches) {
    state.open = null;
    changed("open");
  }
  moveFocus(route);
}

/** On a tablet the queues lie over the other panes: a click beside them puts them away, and does nothing else. */
function closeDrawer(event) {
  if (state.route.pane !== "queues" || !matchMedia("(max-width: 1199px)").matches) return;
  event.preventDefault();
  event.stopPropagation();
  router.back();
}

/** Which list one came from survives a reload on a case. */
function remember(path) {
  sessionStorage.setItem("letan:list", path);
}

const remembered = () => sessionStorage.getItem("letan:list") ?? "/desk";

/** Where the pane with the focus went out of sight, the focus goes to the one that came. */
function moveFocus(route) {
  const inside = document.activeElement;
  if (inside && inside !== document.body && inside.checkVisibility()) return;
  const pane = { case: "case-pane", list: "list-pane", queues: "queue-pane" }[route.pane];
  if (pane) byId(pane).focus({ preventScroll: true });
}

function drawConnection() {
  const bar = byId("connection");
  bar.hidden = state.connection !== "lost";
  if (!bar.hidden)
    fill(
      bar,
      icon("alert"),
      h("span", {}, t("connection_lost")),
      h("button", { type: "button", class: "link", on: { click: live.retry } }, t("retry_now")),
    );
}

/** Safari lays its keyboard over the page; the composer must stay above it. */
function fitViewport() {
  // Zoomed in with two fingers, a person looks at a part of the page; the page itself must stay as it is.
  if (visualViewport.scale > 1.01) return;
  document.documentElement.style.setProperty("--viewport", `${visualViewport.height}px`);
}

begin();
