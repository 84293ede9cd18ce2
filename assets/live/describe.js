// Says an incident in words: one place for titles, places, factors, evidence, so that every room says the same.

import { has, t, code, lang } from "./words.js";
import * as time from "./time.js";
import { openedMs } from "./model.js";

export const kind = (v) => code("kind", v.kind);
export const state = (v) => code("state", v.state);
export const priority = (v) => code("priority", v.priority);

/** Where it is: name, dong, household or site; of a bare dong how far off it may be; "place unknown" when there is none. */
export function place(v) {
  const p = v.place;
  if (!p) return v.unplaced || !v.subject ? t("panel.unplaced") : `${t("panel.unplaced")} · ${v.subject}`;
  const parts = [p.dong, p.name, p.household || (p.name ? null : p.site)].filter(Boolean);
  if (p.radius_m) parts.push(t("panel.somewhere", { km: p.radius_m / 1000 }));
  return [...new Set(parts)].join(" · ") || v.subject || t("panel.unplaced");
}

/** The reason of a factor: all the reasons it names, or one with its numbers. */
export function why(f) {
  const of = f.args && f.args.of;
  return Array.isArray(of) ? of.map((x) => code("why", x)).join(", ") : code("why", f.why, words(f.args || {}));
}
export const factor = (f) => code("factor", f.name);

// Codes among the arguments of a reason become words of their own family.
const FAMILIES = {
  kind: "kind",
  rule: "rule",
  severity: "severity",
  level: "level",
  state: "state",
  agency: "agency",
  least: "priority",
  priority: "priority",
  disposition: "disposition",
  reason: "reason",
  answer: "unit",
  word: "value",
  outcome: "match",
  mark: "mark",
};

/** Arguments of a catalogue sentence: codes become words, numbers stay. */
export function words(args) {
  const out = {};
  for (const [name, value] of Object.entries(args)) {
    if (FAMILIES[name]) out[name] = code(FAMILIES[name], value);
    else out[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return out;
}

/** The name of a welfare sign; a code nobody knows stands as such and asks to be registered (page of devices). */
const sign = (x) => (has(`signal.${x}`) ? t(`signal.${x}`) : t("evidence.unknown_signal", { code: x }));

// Evidence whose codes are of a family of their own; `of`: what repeats itself.
const CODES = { signals: sign, parts: (x) => code("kind", x), of: (x) => code("rule", x) };

/** A number with its unit, which its name tells (`speed_kph`, `quiet_s`); codes become words. Its twin, for what a report
 * says, is `connectors/telling.py`. */
function amount(name, value) {
  const unit = name === "conf" ? "share" : (/_(s|kph|mps2|m)$/.exec(name) || [])[1];
  if (typeof value === "boolean") return t(value ? "unit.yes" : "unit.no");
  if (typeof value === "string") return CODES[name] ? CODES[name](value) : code("value", value);
  if (Array.isArray(value))
    return value
      .map((x) => amount(name, x))
      .filter(Boolean)
      .join(", ");
  if (typeof value !== "number") return "";
  if (unit === "s" && value >= 3600) return t("unit.hours", { n: Math.round(value / 360) / 10 });
  if (unit === "s" && value >= 120) return t("unit.minutes", { n: Math.round(value / 60) });
  if (unit === "s") return t("unit.seconds", { n: Math.round(value * 100) / 100 });
  if (unit === "kph") return t("unit.kph", { n: Math.round(value) });
  if (unit === "mps2") return t("unit.mps2", { n: Math.round(value * 10) / 10 });
  if (unit === "m") return t("unit.metres", { n: Math.round(value * 10) / 10 });
  if (unit === "share") return `${Math.round(value * 100)}%`;
  return String(Math.round(value * 100) / 100);
}

// What says most stands first.
const FIRST = [
  "words",
  "parts",
  "signals",
  "ttc_s",
  "speed_kph",
  "limit_kph",
  "alarm",
  "what",
  "attempt",
  "attempts",
  "quiet_s",
  "risk",
  "weight",
];
const rankOfName = (name) => FIRST.indexOf(name) + 1 || FIRST.length + 1;

/** Evidence of a detection as [name, amount] pairs in words; what has no word (ids, positions) is left out. */
export function evidence(d) {
  return Object.entries(d.evidence || {})
    .filter(([name, value]) => has(`evidence.${name}`) && value !== null)
    .sort((a, b) => rankOfName(a[0]) - rankOfName(b[0]))
    .map(([name, value]) => [t(`evidence.${name}`), amount(name, value)])
    .filter(([, text]) => text !== "");
}

const joined = (d) => ("parts" in (d.evidence || {}) ? 1 : 0);

/** What joins several detections says what happened: it stands before its parts. As in `connectors/telling.py`. */
export const joinedFirst = (list) => [...list].sort((a, b) => joined(b) - joined(a));

/** The evidence in one short line: numbers that matter most first. */
export function brief(v) {
  const grave = [...(v.detections || [])].sort((a, b) => rankOf(b.severity) - rankOf(a.severity));
  const latest = joinedFirst(grave)[0];
  if (!latest) return (v.factors || []).slice(0, 2).map(why).join(" · ");
  const pairs = evidence(latest)
    .slice(0, 2)
    .map(([name, text]) => `${name} ${text}`);
  return pairs.join(" · ");
}

/** Of a shelved one: until when, by whom, why. */
export const shelved = (v) =>
  t("queue.shelved", { until: time.hms(v.shelved_until_ms), by: v.shelved_by || "", reason: code("reason", v.reason) });

const RANK = { notice: 0, moderate: 1, serious: 2, severe: 3 };
const rankOf = (s) => RANK[s] ?? Number(s) ?? 0;

/** A source as people call it: a device without the path that its events carry. */
export const source = (id) => String(id).replace(/^\/(device|system)\//, "");

/** The point of a report and how far off it may be, "" when the place is not known; the same on the confirm and on the
 * agency's card. */
export function position(r) {
  const where = r.lat === null ? "" : `${r.lat.toFixed(5)}, ${r.lon.toFixed(5)}`;
  return where && r.radius_m ? `${where} (${t("sheet.within", { m: r.radius_m })})` : where;
}

/** What an agency's card says beside the report: [name, text]. */
export const around = (b) => [
  ["access", b.access.map((x) => code("wayin", x.code, x)).join(", ")],
  ["hazards", b.hazards.map((x) => code("hazard", x)).join(", ")],
  ["people", b.people.map((x) => code("people_of", x.code, { value: code("age_band", x.value) })).join(", ")],
];

/** What a report to 112/119 says, line by line, as the server told it: [name, text]. */
export function report(r, v) {
  const near = position(r);
  const beside = around(r).filter(([, text]) => text);
  return [
    [t("sheet.to"), `${code("agency", r.agency)} · ${code("status", r.status)}`],
    [t("sheet.what"), r.headline],
    [t("sheet.where"), r.place || t("panel.unplaced")],
    near && [t("sheet.position"), near],
    [t("sheet.since"), `${time.full(openedMs(v))} (${time.age(openedMs(v))})`],
    [t("sheet.evidence"), r.description],
    [t("sheet.from"), [r.sender_name, r.contact].filter(Boolean).join(" · ")],
    [t("sheet.revision"), `${v.id} / ${r.revision}`],
    ...beside.map(([name, text]) => [t("sheet.beside", { name: t(`liaison.${name}`) }), text]),
    v.place && v.place.household && [t("sheet.address"), t("sheet.address_by", { home: v.place.household, agency: code("agency", r.agency) })],
  ].filter(Boolean);
}

/** The report in one paragraph to read out by phone. */
export function spoken(v, agency) {
  return t("sheet.spoken", {
    agency: code("agency", agency),
    kind: kind(v),
    place: v.place ? place(v) : t("panel.unplaced"),
    time: time.hms(openedMs(v)),
    id: v.id,
  });
}

export const isKorean = () => lang() === "ko";
