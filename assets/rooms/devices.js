// Devices: what each source says of itself, what needs a person first; and messages put aside (quarantine).

import { byId, h } from "../live/dom.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import * as suppressed from "./suppressed.js";
import { fill, items } from "./table.js";

const ORDER = ["silent", "offline", "unregistered", "degraded", "unknown", "", "online"];
let rows = [];
let only = "";

const stateOf = (d) => (d.registered === false ? "unregistered" : d.state || "unknown");

/** The state in a word, with what asks for a look: chattering 3, tampering 1. */
function told(d) {
  const tickets = Object.entries(d.tickets || {})
    .filter(([name]) => name !== stateOf(d))
    .map(([name, n]) => `${code("device", name)} ${n}`);
  const strange = (d.unknown_signals || []).join(", ");
  return [code("device", stateOf(d)), ...tickets, strange].filter(Boolean).join(" · ");
}

/** Its record: false alarms of all verdicts, and why they were false. */
function record({ judged, false_alarms, reasons } = {}) {
  if (!judged) return "";
  const whys = Object.entries(reasons).map(([name, n]) => `${code("reason", name)} ${n}`);
  return [t("devices.false_of", { n: false_alarms, of: judged }), ...whys].join(" · ");
}

function line(d) {
  const last = d.noted_at ? time.ms(d.noted_at) : null;
  const number = (value) => value !== undefined && value !== null;
  return {
    attrs: { "data-device": d.id, "data-status": stateOf(d) },
    cells: [
      h("span", { class: `dot dot-${stateOf(d)}` }, told(d)),
      d.id,
      [d.of, d.kind && code("source", d.kind)].filter(Boolean).join(" · "),
      last ? `${time.hms(last)} (${time.age(last)})` : "–",
      number(d.battery_pct) ? `${Math.round(d.battery_pct)}%` : "",
      number(d.clock_offset_ms) ? t("devices.ms", { n: Math.round(d.clock_offset_ms) }) : "",
      d.gap_count ? String(d.gap_count) : "",
      record(d.verdicts),
    ],
  };
}

function draw() {
  const sums = new Map();
  for (const d of rows) sums.set(stateOf(d), (sums.get(stateOf(d)) || 0) + 1);
  const names = [...sums.keys()].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const chip = (name, n, word) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": only === name ? "true" : "false",
        onclick: () => {
          only = name;
          draw();
        },
      },
      `${word} ${n}`,
    );
  byId("sums").replaceChildren(
    chip("", rows.length, t("devices.all")),
    ...names.map((n) => chip(n, sums.get(n), code("device", n))),
  );
  const shown = rows.filter((d) => !only || stateOf(d) === only);
  shown.sort((a, b) => ORDER.indexOf(stateOf(a)) - ORDER.indexOf(stateOf(b)) || (a.id < b.id ? -1 : 1));
  fill("device-table", shown.map(line));
}

export async function start() {
  rows = await items("/api/v1/devices");
  draw();
  await suppressed.start(rows);
  on("reset", draw); // with the first word of the server its time is known, and the ages
  document.addEventListener("gwanje:lang", draw);
}
