// A row of the timeline in words: what happened, by which rule, to whom, how often.

import { words } from "./describe.js";
import { code, t } from "./words.js";

// What of a record's numbers a reader wants to know, in this order.
const DETAILS = [
  "rule", "severity", "agency", "to", "disposition", "reason", "step", "answer", "priority", "into", "receipt", "unit",
  "outcome", "mark",
]; // prettier-ignore
const CALLED = "incident.unattended"; // "to" is then no person but a level's address
const SAID = { step: "panel.step_n" };

/** What a record says beside its kind: by which rule, to whom, why. */
export function details(row) {
  const args = words(row.args || {});
  if (row.kind === CALLED) args.to = code("call", args.to);
  const known = DETAILS.filter((name) => args[name] !== undefined && args[name] !== "");
  return known.map((name) => (SAID[name] ? t(SAID[name], { n: args[name] }) : String(args[name]))).join(", ");
}

/** The sentence of a row. */
export function deed(row) {
  const args = words(row.args || {});
  const times = args.n > 1 ? ` ×${args.n}` : "";
  return [t(row.key, args), details(row)].filter(Boolean).join(" · ") + times;
}
