// The last 60 minutes, one bar a minute of the clock (what stands in one bar stays together while it moves to the left), by
// priority; counted here from what has been seen, and once from the API.

import { byId, h, setText, svg } from "./dom.js";
import { mark, paints } from "./loop.js";
import { model, on, openedMs } from "./model.js";
import * as time from "./time.js";
import { t } from "./words.js";

const MINUTES = 60;
const seen = new Map(); // id -> {at, p, acked}

function remember(v) {
  const acked = v.acknowledged_ms || (seen.get(v.id) || {}).acked || 0;
  seen.set(v.id, { at: openedMs(v), p: Number(String(v.priority).slice(1)) || 4, acked });
}

async function past() {
  const answer = await fetch("/api/v1/incidents?limit=500");
  if (!answer.ok) return;
  for (const v of (await answer.json()).items) if (!seen.has(v.id)) remember(v);
  mark("strip");
}

/** The bar of a moment: the last one is the minute of the clock that is not over, below 0 it is older than all. */
export const barOf = (at, now) => MINUTES - 1 - (Math.floor(now / 60000) - Math.floor(at / 60000));

function columns(now) {
  const minutes = Array.from({ length: MINUTES }, () => [0, 0, 0, 0]);
  const waits = [];
  for (const [id, { at, p, acked }] of seen) {
    const i = barOf(at, now);
    if (at > now) continue;
    if (i < 0) {
      if (now - at > 2 * MINUTES * 60000 && !model.incidents.has(id)) seen.delete(id);
      continue;
    }
    minutes[i][p - 1] += 1;
    if (acked && acked <= now) waits.push((acked - at) / 1000);
  }
  return { minutes, waits: waits.sort((a, b) => a - b) };
}

function paint() {
  const host = byId("strip-bars");
  const now = time.now();
  if (model.past !== null) return; // a look back has its own strip (lanes.js)
  if (!host || !Number.isFinite(now)) return;
  const { minutes, waits } = columns(now);
  const top = Math.max(4, ...minutes.map((m) => m[0] + m[1] + m[2] + m[3]));
  const bars = [];
  minutes.forEach((m, i) => {
    let y = 100;
    for (const p of [4, 3, 2, 1]) {
      const n = m[p - 1];
      if (!n) continue;
      const high = (n / top) * 96;
      y -= high;
      bars.push(svg("rect", { x: i * 10 + 1, y, width: 8, height: high, class: `bar-${p}` }));
    }
  });
  host.replaceChildren(
    svg(
      "svg",
      { viewBox: "0 0 600 100", preserveAspectRatio: "none" },
      svg("line", { x1: 0, y1: 99.5, x2: 600, y2: 99.5, class: "floor" }),
      ...bars,
    ),
    h(
      "div",
      { class: "strip-axis" },
      [60, 45, 30, 15].map((n) => h("span", {}, t("strip.ago", { n }))),
      h("span", {}, t("strip.now")),
    ),
  );
  const total = minutes.flat().reduce((a, b) => a + b, 0);
  const median = waits.length ? waits[Math.floor(waits.length / 2)] : null;
  setText(
    byId("strip-sum"),
    t("strip.sum", { n: total }) + (median === null ? "" : ` · ${t("strip.ack", { s: Math.round(median) })}`),
  );
}

export function start() {
  if (!byId("strip-bars")) return;
  paints("strip", paint);
  on("change", (changes) => {
    const known = changes.filter((c) => c.incident);
    known.forEach((c) => remember(c.incident));
    if (known.length) mark("strip");
  });
  on("reset", () => {
    model.incidents.forEach(remember);
    mark("strip");
  });
  setInterval(() => mark("strip"), 15000);
  document.addEventListener("gwanje:ready", past, { once: true });
}
