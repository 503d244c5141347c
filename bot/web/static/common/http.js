/** Asking the server. Everything that can go wrong comes out as one `Refusal` that says in words what to do. */

import { language, maybe, t } from "./i18n.js";
import { learnClock } from "./time.js";

const PATIENCE = 20_000;

/** What the server (or the lack of one) said no with. `status` is 0 when nothing came back. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }

  get code() {
    return this.problem.error;
  }
}

let csrf = "";
let expired = () => {};
let renew = async () => false;

/** Use this token for requests that change something. */
export function useToken(token) {
  csrf = token;
}

/** Call `whenExpired` when a login is over; `renewToken` may fetch a new CSRF token and returns whether it did. */
export function watchSession(whenExpired, renewToken) {
  expired = whenExpired;
  renew = renewToken;
}

/** Send a request and return its JSON, `null` where there is none. Raises `Refusal`. */
export async function call(method, path, { body, form, signal, again = true } = {}) {
  const response = await send(method, path, body, form, signal);
  learnClock(response.headers.get("Date"));
  if (response.status === 204) return null;
  const given = await response.json().catch(() => null);
  if (response.ok && given !== null) return given;
  const refusal = refused(response.status, given, response.headers.get("Content-Language"));
  if (refusal.code === "csrf" && again && (await renew()))
    return call(method, path, { body, form, signal, again: false });
  if (refusal.status === 401 && refusal.code === "unauthorised") expired();
  throw refusal;
}

async function send(method, path, body, form, signal) {
  const headers = { Accept: "application/json", "Accept-Language": language };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const limit = AbortSignal.timeout(form ? 6 * PATIENCE : PATIENCE);
  try {
    return await fetch(path, {
      method,
      headers,
      body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    const code = failure.name === "TimeoutError" ? "timeout" : "offline";
    throw new Refusal(0, { error: code, message: t(`error_${code}`) });
  }
}

/** What the server answered, as a `Refusal`; `given` is the JSON of the answer or `null`, in the language `spoken`. */
export const refused = (status, given, spoken = "vi") => new Refusal(status, worded(status, given, spoken));

/** The server words what is wrong with a form as asked, all else in Vietnamese: in English that is worded here, by code. */
function worded(status, given, spoken) {
  const problem = given && typeof given === "object" && given.error ? given : { error: "internal" };
  const ours = problem.winner
    ? t("error_already_taken_by", { winner: problem.winner })
    : maybe(`error_${problem.error}`, null);
  const generic = status === 404 ? t("error_unknown") : t("error_internal");
  let message = language === (spoken ?? "vi") ? (problem.message ?? ours ?? generic) : (ours ?? generic);
  if (problem.retry_after) message = t("error_wait", { count: problem.retry_after });
  if (problem.id) message += ` (${t("error_id")} ${problem.id})`;
  return { ...problem, message };
}
