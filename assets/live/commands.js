// What a person asks of the house. A command's id is made when its button is drawn: pressed twice it is one command.

import { uuid } from "./dom.js";
import { ask } from "./link.js";
import { model, take } from "./model.js";
import { code, has, t } from "./words.js";
import { toast } from "./toast.js";

const ids = new Map(); // "incident verb key" -> id of the command that this button will send
const inFlight = new Set();

const keyOf = (view, verb, part) => `${view.id} ${verb} ${view.revision} ${part}`;

/** The id that the button of this verb on this view sends; the same until the command has been answered. */
export function commandId(view, verb, part = "") {
  const key = keyOf(view, verb, part);
  if (!ids.has(key)) ids.set(key, uuid());
  return ids.get(key);
}

/** What a refusal names, in words: a field of the form, an exercise; a name or a number stands as it is. */
function named(detail = "") {
  const field = String(detail).split(": ")[0];
  const key = [`detail.${field}`, `drill.${field}`].find(has);
  return key ? t(key) : detail;
}

/** The words for a refusal or a problem. */
export function why(problem) {
  const c = (problem && problem.code) || "unknown";
  if (has(`refusal.${c}`)) return t(`refusal.${c}`, { detail: named(problem.detail) });
  if (has(`error.${c}`)) return t(`error.${c}`, { detail: named(problem.detail), seconds: problem.seconds });
  return (problem && (problem.detail || problem.title)) || t("error.unknown");
}

// What does not depend on what else is known of the incident goes without a revision.
const ANY_REVISION = new Set(["note", "check", "message", "read", "accept", "reject", "dispatch", "arrive", "close"]);

/** Two views that look the same to the eye of who acknowledges: a repeat of known evidence changes nothing. */
const sameToTheEye = (a, b) => a.state === b.state && a.p <= b.p && a.kind === b.kind;

/**
 * Acknowledges what is shown. When only more of the same has come meanwhile it is sent once more on the new view;
 * when it became worse the refusal stands and the person looks again.
 */
export async function acknowledge(view) {
  const answer = await send(view, "acknowledge", {}, { quiet: true });
  if (answer.status === 409) {
    await new Promise((done) => setTimeout(done, 150)); // the delta that made it stale is on its way
    const now = model.incidents.get(view.id);
    if (now && now.revision !== view.revision && sameToTheEye(view, now)) return send(now, "acknowledge");
  }
  if (answer.problem) toast(`${code("verb", "acknowledge")}: ${why(answer.problem)}`, "bad");
  return answer;
}

/**
 * Sends a command on what is shown. Answers {status, incident | problem}; a problem is said in a toast unless
 * `quiet`. In replay nothing is sent.
 */
export async function send(view, verb, args = {}, { part = "", quiet = false } = {}) {
  if (model.past !== null) return { status: 422, problem: { code: "in_replay" } };
  const id = commandId(view, verb, part);
  if (inFlight.has(id)) return { status: 102 };
  inFlight.add(id);
  const body = { id, verb, args };
  if (!ANY_REVISION.has(verb)) body.revision = view.revision;
  const answer = await ask(
    "command",
    { ...body, incident: view.id },
    `/api/v1/incidents/${encodeURIComponent(view.id)}/commands`,
    body,
  );
  inFlight.delete(id);
  if (answer.status) ids.delete(keyOf(view, verb, part)); // answered: the next press is a new command
  if (answer.incident) take(answer.incident);
  else if (!quiet) toast(`${code("verb", verb)}: ${why(answer.problem)}`, "bad");
  return answer;
}

/** Opens an incident by hand. `id` was made when the form was drawn. */
export function openByHand(body) {
  return ask("open", body, "/api/v1/incidents");
}
