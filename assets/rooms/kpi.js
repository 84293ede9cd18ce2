// The indicators: a tile each with its definition one click away. The figures are the server's fold; nothing is summed here.

import { byId, h } from "../live/dom.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, lang, t } from "../live/words.js";
import { toast } from "../live/toast.js";

const HOURS = { shift: 8, day: null, week: 168, month: 720 }; // a day begins at midnight in Korea
// What a tile shows: its name, where in the answer, and in which unit.
const TILES = [
  ["popup", (k) => k.detection_to_popup_ms, "ms"],
  ["ack", (k) => k.popup_to_ack_s, "s"],
  ["ack_p1", (k) => k.p1_popup_to_ack_s, "s"],
  ["response", (k) => k.alarm_to_response_s, "s"],
  ["notice", (k) => k.popup_to_delivered_s, "s"],
  ["delivery", (k) => k.confirm_to_delivered_s, "s"],
  ["arrival", (k) => k.accepted_to_arrived_s, "s"],
  ["resolve", (k) => k.opened_to_resolved_s, "s"],
  ["false_alarms", (k) => k.false_alarms && k.false_alarms.all, "rate"],
  ["missed", (k) => k.missed, "rate"],
  ["early", (k) => k.early_detection, "rate"],
  ["contact_24", (k) => k.first_contact && k.first_contact.within_24h, "rate"],
  ["contact_48", (k) => k.first_contact && k.first_contact.within_48h, "rate"],
  ["unworked", (k) => k.first_contact && { n: k.first_contact.unworked }, "count"],
  ["load", (k) => k.load, "load"],
  ["recovery", (k) => k.recovery_s, "s"],
  ["silent", (k) => ({ n: k.silent_now }), "count"],
  ["reports", (k) => k.reports, "count"],
  ["recurring", (k) => k.reports && { n: k.reports.recurring }, "count"],
];
let figures = null;
let span = "day";

function duration(s) {
  if (s >= 7200) return t("unit.hours", { n: Math.round(s / 360) / 10 });
  return s >= 120
    ? t("unit.minutes", { n: Math.round(s / 6) / 10 })
    : t("unit.seconds", { n: Math.round(s * 10) / 10 });
}

const amount = (value, unit) => (unit === "ms" ? t("unit.ms", { n: Math.round(value) }) : duration(value));
const share = (value) => `${Math.round(value * 1000) / 10}%`;

// How a figure of each unit is told: [what stands large, what stands beside it].
const TELL = {
  ms: (f) => spread(f, "ms"),
  s: (f) => spread(f, "s"),
  rate: (f) =>
    f.rate === null
      ? ["–", t("kpi.none")]
      : [share(f.rate), t("kpi.interval", { k: f.k, n: f.n, low: share(f.low), high: share(f.high) })],
  count: (f) => [String(f.n ?? "–"), ""],
  load: (f) => [String(f.mean ?? "–"), t("kpi.load_more", { n: f.n, worst: f.worst, flood: f.flood_slots })],
};

function spread(f, unit) {
  if (!f.n) return ["–", t("kpi.none")];
  const more = [
    ["p95", f.p95],
    ["p99", f.p99],
  ].filter(([, v]) => v !== undefined && v !== null);
  return [
    amount(f.p50, unit),
    `${more.map(([name, v]) => `${name} ${amount(v, unit)}`).join(" · ")} · ${t("kpi.of", { n: f.n })}`,
  ];
}

function tile([name, pick, unit]) {
  const figure = pick(figures);
  const [large, small] = figure ? TELL[unit](figure) : ["–", t("kpi.none")];
  return h(
    "div",
    {
      class: "tile",
      "data-testid": `kpi-${name}`,
      "data-value": figure ? (figure.p50 ?? figure.rate ?? figure.mean ?? figure.n ?? null) : null,
    },
    h("span", { class: "tile-name" }, t(`kpi.${name}`)),
    h("b", { class: "tile-n" }, large),
    h("span", { class: "quiet" }, small),
    h("details", {}, h("summary", {}, t("kpi.definition")), h("p", {}, t(`kpi.${name}_is`))),
  );
}

/** Rules by how often they fired, with their false-alarm rate: what to mend first. */
function rules() {
  const road = Object.entries(figures.road || {}).sort((a, b) => b[1].n - a[1].n);
  const verdicts = (figures.false_alarms && figures.false_alarms.by_rule) || {};
  const rows = road.map(([rule, row]) => {
    const v = verdicts[rule];
    return h(
      "tr",
      {},
      h("td", {}, code("rule", rule)),
      h("td", {}, String(row.n)),
      h("td", {}, v && v.rate !== null ? `${share(v.rate)} (${v.k}/${v.n})` : "–"),
    );
  });
  byId("kpi-rules-rows").replaceChildren(
    ...(rows.length ? rows : [h("tr", {}, h("td", { colspan: 3, class: "empty" }, t("table.empty")))]),
  );
}

function draw() {
  for (const b of document.querySelectorAll("[data-span]"))
    b.setAttribute("aria-pressed", b.dataset.span === span ? "true" : "false");
  if (!figures) return;
  byId("kpi-tiles").replaceChildren(...TILES.map(tile));
  rules();
}

/** From when to when the chosen span goes, ms of the server's clock. */
function bounds() {
  const to = time.live();
  const midnight = Date.parse(`${time.full(to).slice(0, 10)}T00:00:00+09:00`);
  return [HOURS[span] ? to - HOURS[span] * 3600e3 : midnight, to];
}

async function load() {
  const [from, to] = bounds();
  const answer = await fetch(
    `/api/v1/kpi?from=${encodeURIComponent(time.iso(from))}&to=${encodeURIComponent(time.iso(to))}`,
  );
  if (!answer.ok) return toast(t("error.unknown"), "bad");
  figures = await answer.json();
  draw();
  // The graphs are Dash's: asked for by this person's choice, never by time passing.
  window.dash_clientside.set_props("kpi-asked", { data: { from: Math.round(from), to: Math.round(to), lang: lang() } });
}

export async function start() {
  for (const b of document.querySelectorAll("[data-span]")) {
    b.addEventListener("click", () => {
      span = b.dataset.span;
      load();
    });
  }
  document.addEventListener("gwanje:lang", load);
  draw();
  await new Promise((done) => {
    let first = true;
    on("reset", () => {
      if (!first) return; // a new snapshot is no question of a person
      first = false;
      load().then(done);
    });
  });
}
