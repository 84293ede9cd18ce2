// A home's rhythm as a picture: how long it is usually silent in each hour, and how long it has been silent now.

import { h, svg } from "./dom.js";
import * as time from "./time.js";
import { t } from "./words.js";

const WIDE = 480;
const HIGH = 132;
const LEFT = 34;
const FOOT = 20;
const HERE = 17; // the hour of the alarm among the 24 of the evidence
const HOUR = 3600e3;
const KST = 9 * HOUR;

const hours = (n) => t("unit.hours", { n: Math.round(n * 10) / 10 });

/** The picture of a `rhythm_break` detection: grey what is usual, the line the present silence; null without a band. */
export function rhythm(d) {
  const told = d.evidence || {};
  const usual = told.usual_h;
  if (!Array.isArray(usual) || usual.length !== 24) return null;
  const at = time.ms(d.at_ms ?? d.at);
  const first = Math.floor(at / HOUR) * HOUR - HERE * HOUR;
  const silent = told.waited_s / 3600;
  const most = Math.max(silent, told.usual_s / 3600, ...usual) * 1.15;
  const x = (ms) => LEFT + ((ms - first) / (24 * HOUR)) * (WIDE - LEFT - 4);
  const y = (n) => HIGH - FOOT - (n / most) * (HIGH - FOOT - 6);
  const bars = usual.map((n, i) =>
    svg("rect", { x: x(first + i * HOUR), y: y(n), width: x(first + HOUR) - x(first), height: y(0) - y(n) }),
  );
  const marks = [0, 6, 12, 18, 24].map((i) =>
    svg(
      "text",
      { x: x(first + i * HOUR), y: HIGH - 5, "text-anchor": i === 24 ? "end" : i ? "middle" : "start" },
      t("rhythm.clock", { n: Math.floor((first + i * HOUR + KST) / HOUR) % 24 }),
    ),
  );
  const step = most > 8 ? 4 : 2;
  const rules = Array.from({ length: Math.floor(most / step) }, (_, i) => (i + 1) * step).map((n) => [
    svg("line", { class: "rhythm-rule", x1: LEFT, x2: WIDE - 4, y1: y(n), y2: y(n) }),
    svg("text", { x: LEFT - 4, y: y(n) + 4, "text-anchor": "end" }, String(n)),
  ]);
  const began = Math.max(first, at - silent * HOUR);
  return h(
    "figure",
    { class: "rhythm" },
    svg(
      "svg",
      { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" },
      svg("title", {}, t("rhythm.title")),
      rules,
      svg("g", { class: "rhythm-usual" }, bars),
      svg("line", {
        class: "rhythm-limit",
        x1: x(Math.floor(at / HOUR) * HOUR),
        x2: x(Math.floor(at / HOUR) * HOUR + HOUR),
        y1: y(told.usual_s / 3600),
        y2: y(told.usual_s / 3600),
      }),
      svg("path", {
        class: "rhythm-now",
        d: `M${x(began)} ${y(silent - (at - began) / HOUR)}L${x(at)} ${y(silent)}`,
      }),
      svg("circle", { class: "rhythm-now", cx: x(at), cy: y(silent), r: 4 }),
      marks,
    ),
    h(
      "figcaption",
      {},
      h("span", { class: "key-usual" }, t("rhythm.usual", { n: hours(usual[HERE]) })),
      h("span", { class: "key-limit" }, t("rhythm.limit", { n: hours(told.usual_s / 3600) })),
      h("span", { class: "key-now" }, t("rhythm.now", { n: hours(silent) })),
    ),
  );
}
