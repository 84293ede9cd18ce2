// What people wrote of an incident: sealed in the vault, opened on a press, each opening on record. Once opened it stays
// so while this incident is on the panel: a note that comes later is opened too. Nothing of it is kept in this browser.

import { why } from "./commands.js";
import { mark } from "./loop.js";
import { model } from "./model.js";
import { toast } from "./toast.js";

const NOTE = "incident.noted";
let held = { id: "", items: null, asked: 0 };

/** The texts of this incident as opened, or null: [{seq, at, by, kind, text}]. */
export const textsOf = (id) => (held.id === id && model.past === null ? held.items : null);

/** The text of a row of the timeline, if it was opened; null when it has been erased since. */
export function textOf(id, row) {
  const one = row.kind === NOTE && (textsOf(id) || []).find((item) => item.seq === row.seq);
  return one ? one.text : undefined;
}

/** Those that have no row "note" in the timeline: the call, the letter (what was said with an agency stands in its talk). */
export const besideNotes = (id) => (textsOf(id) || []).filter((item) => item.kind !== NOTE && !item.kind.startsWith("talk."));

/** Opens them; a refusal is said. */
export async function openTexts(view) {
  held = { id: view.id, items: textsOf(view.id), asked: view.notes };
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(view.id)}/notes`);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) return toast(why(body), "bad");
  if (held.id !== view.id || held.asked !== view.notes) return;
  held.items = body.items;
  mark("panel");
}

/** Follows the panel: another incident closes them, another note of the same opens it. */
export function follow(view) {
  if (held.id !== view.id) held = { id: "", items: null, asked: 0 };
  else if (held.items && view.notes > held.asked && model.past === null) openTexts(view);
}
