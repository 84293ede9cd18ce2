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

/** The words for a refusal or a problem. */
export function why(problem) {
  const c = (problem && problem.code) || "unknown";
  if (has(`refusal.${c}`)) return t(`refusal.${c}`);
  if (has(`error.${c}`)) return t(`error.${c}`);
  return (problem && (problem.detail || problem.title)) || t("error.unknown");
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
  const body = { id, verb, incident: view.id, args, revision: view.revision };
  const answer = await ask("command", body, `/api/v1/incidents/${encodeURIComponent(view.id)}/commands`);
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
