// Devices: what each source says of itself, what needs a person first; and messages put aside (quarantine).

import { byId, h } from "../live/dom.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { fill, items } from "./table.js";

const ORDER = ["silent", "offline", "unregistered", "degraded", "unknown", "", "online"];
let rows = [];
let only = "";

const stateOf = (d) => d.status || "unknown";
const lastOf = (d) => d.last_ms ?? d.noted_ms ?? d.last_seen_ms ?? (d.last_at ? time.ms(d.last_at) : null);

function line(d) {
  const last = lastOf(d);
  const state = stateOf(d);
  return {
    attrs: { "data-device": d.id, "data-status": state },
    cells: [
      h("span", { class: `dot dot-${state}` }, code("device", state)),
      d.id,
      d.of || d.type || "",
      last ? `${time.hms(last)} (${time.age(last)})` : "–",
      d.battery_pct !== undefined && d.battery_pct !== null ? `${Math.round(d.battery_pct)}%` : "",
      d.clock_offset_ms ? t("devices.ms", { n: Math.round(d.clock_offset_ms) }) : "",
      d.gap_count || (d.gaps && d.gaps.length) ? String(d.gap_count || d.gaps.length) : "",
    ],
  };
}

function draw() {
  const sums = new Map();
  for (const d of rows) sums.set(stateOf(d), (sums.get(stateOf(d)) || 0) + 1);
  const names = [...sums.keys()].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const chip = (name, n, word) => h("button", { type: "button", "aria-pressed": only === name ? "true" : "false", onclick: () => { only = name; draw(); } }, `${word} ${n}`);
  byId("sums").replaceChildren(chip("", rows.length, t("devices.all")), ...names.map((n) => chip(n, sums.get(n), code("device", n))));
  const shown = rows.filter((d) => !only || stateOf(d) === only);
  shown.sort((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)) || (a.id < b.id ? -1 : 1));
  fill("device-table", shown.map(line));
}

export async function start() {
  rows = await items("/api/v1/devices");
  draw();
  on("reset", draw); // with the first word of the server its time is known, and the ages
  document.addEventListener("gwanje:lang", draw);
}
