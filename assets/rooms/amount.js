// Numbers of rules as a person says them: 43200 of a limit in seconds is "12 hours". The unit stands in the name's ending.

import { has, t } from "../live/words.js";

const PER = { d: 86400, h: 3600, min: 60, s: 1 };
const WORD = { d: "unit.days", h: "unit.hours", min: "unit.minutes", s: "unit.seconds" };
// Endings of names that are no time, and the word of their unit.
const UNITS = { kph: "unit.kph", mps: "unit.mps", mps2: "unit.mps2", m: "unit.metres", deg: "unit.degrees", kphps: "unit.kphps" };

/** Seconds as days, hours, minutes and seconds, those that are not zero; part of a second stays one number. */
function duration(seconds) {
  if (seconds < 60) return t("unit.seconds", { n: seconds });
  let left = seconds;
  const parts = [];
  for (const [name, per] of Object.entries(PER)) {
    const n = name === "s" ? Math.round(left * 100) / 100 : Math.floor(left / per);
    left -= n * per;
    if (n) parts.push(t(name === "d" && n === 1 ? "unit.day" : WORD[name], { n }));
  }
  return parts.join(" ");
}

const endingOf = (name) => name.slice(name.lastIndexOf("_") + 1);

/** A threshold's value with its unit; what has none is the number alone. */
export function amount(name, value) {
  if (typeof value !== "number") return String(value);
  const ending = endingOf(name);
  if (ending === "s") return duration(value);
  if (ending === "h") return duration(value * 3600);
  if (ending === "days") return t(value === 1 ? "unit.day" : "unit.days", { n: value });
  return name.includes("_") && UNITS[ending] ? t(UNITS[ending], { n: value }) : String(value);
}

/** Whether the raw number of this threshold is worth saying again in words beside its field. */
export const isTime = (name) => ["s", "h"].includes(endingOf(name)) && name.includes("_");

/** The threshold's name; `bare` without the unit in brackets, for where the value has its own. */
export function nameOf(name, bare = false) {
  const word = has(`threshold.${name}`) ? t(`threshold.${name}`) : name;
  return bare ? word.replace(/\s*\([^()]*\)$/, "") : word;
}
