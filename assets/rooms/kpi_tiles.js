// The tiles of the indicators: how a figure of each unit is told, with its sample and its definition one click away.

import { h } from "../live/dom.js";
import { t } from "../live/words.js";

const round = (value, by) => Math.round(value * by) / by;

export function duration(s) {
  if (s >= 7200) return t("unit.hours", { n: round(s / 3600, 10) });
  return s >= 120 ? t("unit.minutes", { n: round(s / 60, 10) }) : t("unit.seconds", { n: round(s, 10) });
}

export const share = (value) => `${round(value * 100, 10)}%`;
const whole = (value) => value.toLocaleString("en-US");
const amount = (value, unit) => (unit === "ms" ? t("unit.ms", { n: Math.round(value) }) : duration(value));

function spread(f) {
  const tail = ["p95", "p99"].filter((q) => f[q] !== null).map((q) => t(`kpi.${q}`, { v: amount(f[q], f.unit) }));
  return [amount(f.value, f.unit), [...tail, t("kpi.of", { n: whole(f.n) })].join(" · "), t("kpi.median")];
}

// [what stands large, what stands below it] by unit.
const TELL = {
  ms: spread,
  s: spread,
  rate: (f) => [
    share(f.value),
    t("kpi.interval", { k: whole(f.k), n: whole(f.n), low: share(f.low), high: share(f.high) }),
  ],
  share: (f) => [`${round(f.value * 100, 100)}%`, t("kpi.sources", { n: whole(f.n) })],
  count: (f) => [whole(f.value), ""],
  load: (f) => [String(round(f.value, 100)), f.n === null ? t("kpi.per_ten") : t("kpi.load_sum", { n: whole(f.n) })],
  kph: (f) => [t("unit.kph", { n: f.value }), t("kpi.cars", { n: whole(f.n) })],
  per_1000: (f) => [String(f.value), t("kpi.per_1000", { k: whole(f.k), n: whole(f.n) })],
  per_100000: (f) => [String(f.value), t("kpi.of", { n: whole(f.n) })],
};

const open = new Set(); // definitions that a person opened: they stay so until closed, also when the tiles are drawn anew

function definition(name) {
  const keep = (e) => (e.target.open ? open.add(name) : open.delete(name));
  const [head, text] = [h("summary", {}, t("kpi.definition")), h("p", {}, t(`kpi.${name}_is`))];
  return h("details", { open: open.has(name), ontoggle: keep }, head, text);
}

/** One tile; `pick` is called with the name when a person wants its course over time. */
export function tile(f, chosen, pick) {
  const known = f.value !== null && f.unit !== "unrecorded";
  const [large, small, what] = known ? TELL[f.unit](f) : ["–", t(f.unit === "unrecorded" ? "kpi.unrecorded" : "kpi.none")];
  const course = h(
    "button",
    { type: "button", class: "tile-course", "aria-pressed": chosen ? "true" : "false", onclick: () => pick(f.name) },
    t("kpi.course"),
  );
  return h(
    "div",
    { class: "tile", "data-testid": `kpi-${f.name}`, "data-value": known ? f.value : null, "data-n": f.n },
    h("span", { class: "tile-name" }, t(`kpi.${f.name}`)),
    h("b", { class: "tile-n" }, large, what ? h("small", {}, ` ${what}`) : null),
    h("span", { class: "quiet" }, small || " "),
    h(
      "div",
      { class: "tile-foot" },
      definition(f.name),
      f.unit === "unrecorded" ? null : course,
    ),
  );
}
