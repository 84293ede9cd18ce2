// The indicators: tiles, tables and what the plots are asked for. The figures are the server's fold; nothing is summed here.

import { byId, h, setText } from "../live/dom.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, lang, t } from "../live/words.js";
import { asFiles } from "./kpi_files.js";
import { share, tile } from "./kpi_tiles.js";

const HOURS = { shift: 8, week: 168, month: 720 };
const GROUPS = ["response", "quality", "load", "devices", "school", "welfare", "use", "protection"];
const ALARMS = ["annunciated", "worst", "flood_minutes", "standing", "stale", "fleeting", "chattering"];
const asked = { span: "day", by: "day", area: "", name: "popup" };
let figures = null;
let bounds = null;

function row(...cells) {
  return h("tr", {}, ...cells.map((text) => h("td", {}, text)));
}

function fill(id, rows, columns) {
  const none = h("tr", {}, h("td", { colspan: columns, class: "empty" }, t("table.empty")));
  byId(id).replaceChildren(...(rows.length ? rows : [none]));
}

/** Rules by how often they fired, with their false-alarm rate: what to mend first. */
function rules() {
  const verdicts = figures.false_alarms.by_rule;
  const rows = Object.entries(figures.road).sort((a, b) => b[1].n - a[1].n);
  const told = (v) => (v && v.rate !== null ? `${share(v.rate)} (${v.k}/${v.n}) · ${share(v.low)}–${share(v.high)}` : "–");
  fill("kpi-rules-rows", rows.map(([rule, r]) => row(code("rule", rule), String(r.n), told(verdicts[rule]))), 3);
}

const amount = (value) => (typeof value === "number" ? String(value) : `${value.k} / ${value.n}`);

function alarms() {
  const told = figures.alarm_load;
  fill("kpi-alarms-rows", ALARMS.map((name) => row(t(`kpi.alarm_${name}`), amount(told[name]))), 2);
}

function zones() {
  const name = Object.fromEntries(figures.areas.map((a) => [a.id, a.name]));
  const per = (e) => (e.per_1000 === null ? `${e.n}` : `${e.per_1000} (${e.n})`);
  const rows = Object.entries(figures.school.zones).map(([id, z]) =>
    row(
      name[id] || id,
      z.vehicles.toLocaleString("en-US"),
      z.compliance.rate === null ? "–" : share(z.compliance.rate),
      z.mean_kph === null ? "–" : t("unit.kph", { n: z.mean_kph }),
      per(z.speeding),
      per(z.signal),
      per(z.jaywalking),
      per(z.risk),
    ),
  );
  fill("kpi-zones-rows", rows, 8);
}

/** Crosswalks by how closely people and vehicles passed one another, the closest first. */
function margins() {
  const rows = Object.entries(figures.margins).sort((a, b) => a[1].pet_s.p50 - b[1].pet_s.p50);
  const told = ([site, m]) =>
    row(
      figures.sites[site] || site,
      String(m.n),
      t("unit.seconds", { n: m.pet_s.p50 }),
      `${m.vehicle_first} / ${m.n}`,
      String(m.pcr.danger || 0),
    );
  fill("kpi-margins-rows", rows.map(told), 5);
}

function pickers() {
  for (const [attr, value] of [["span", asked.span], ["by", asked.by]]) {
    for (const b of document.querySelectorAll(`[data-${attr}]`)) {
      b.setAttribute("aria-pressed", b.dataset[attr] === value ? "true" : "false");
    }
  }
  if (!figures) return;
  const option = (id, name) => h("option", { value: id, selected: id === asked.area }, name);
  const kind = (k) => figures.areas.filter((a) => a.kind === k).map((a) => option(a.id, a.name));
  byId("kpi-area").replaceChildren(
    option("", t("kpi.whole_city")),
    h("optgroup", { label: t("kpi.dongs") }, kind("dong")),
    h("optgroup", { label: t("kpi.zones") }, kind("zone")),
  );
}

function draw() {
  pickers();
  if (!figures) return;
  const groups = GROUPS.map((group) => {
    const rows = figures.indicators.filter((f) => f.group === group);
    return h(
      "section",
      {},
      h("h2", {}, t(`kpi.group_${group}`)),
      h("div", { class: "tiles" }, rows.map((f) => tile(f, f.name === asked.name, course))),
    );
  });
  byId("kpi-tiles").replaceChildren(...groups);
  rules();
  alarms();
  zones();
  margins();
}

/** What the two links give: the span on screen as a table, the chosen month as a report. */
function links(query) {
  byId("kpi-csv").href = `/api/v1/kpi/export?${query}&by=${asked.by}`;
  byId("kpi-pdf").href = `/api/v1/kpi/report?month=${byId("kpi-month").value}`;
}

/** The last twelve months; the one that is over first, unless nothing was recorded in it. */
function months() {
  const [year, month] = time.full(time.live()).split("-").map(Number);
  const name = (back) => new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7);
  const empty = figures && figures.first_ms && time.full(figures.first_ms).slice(0, 7) > name(1);
  const backs = [...(empty ? [0, 1] : [1, 0]), ...Array.from({ length: 10 }, (_, n) => n + 2)];
  byId("kpi-month").replaceChildren(...backs.map((back) => h("option", { value: name(back) }, name(back))));
}

/** From when to when the chosen span goes, ms of the server's clock. */
function span() {
  const now = time.live();
  const day = time.full(now).slice(0, 10);
  const midnight = (text) => Date.parse(`${text}T00:00:00+09:00`);
  if (asked.span === "day") return [midnight(day), now];
  if (asked.span === "last_month") {
    const end = midnight(`${day.slice(0, 7)}-01`);
    return [midnight(`${time.full(end - 1).slice(0, 7)}-01`), end];
  }
  return [now - HOURS[asked.span] * 3600e3, now];
}

/** The plots are Dash's: asked for by this person's choice, never by time passing. */
function plot(store, more) {
  const px = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize));
  const data = { from: Math.round(bounds[0]), to: Math.round(bounds[1]), area: asked.area, lang: lang(), px, ...more };
  window.dash_clientside.set_props(store, { data });
}

function course(name) {
  asked.name = name;
  draw();
  plot("kpi-trend", { name, by: asked.by });
  byId("kpi-trend-graph").scrollIntoView({ block: "center" });
}

/** Without figures there are none to be shown, and no table may say that there were none. */
function missing() {
  byId("kpi-tiles").replaceChildren();
  for (const cell of document.querySelectorAll(".sheet-page tbody .empty")) setText(cell, t("load.broken"));
}

async function load() {
  pickers();
  byId("kpi-tiles").setAttribute("aria-busy", "true");
  bounds = span();
  const query = new URLSearchParams({ from: time.iso(bounds[0]), to: time.iso(bounds[1]), area: asked.area });
  links(query);
  const answer = await fetch(`/api/v1/kpi?${query}`).catch(() => null);
  const there = Boolean(answer && answer.ok);
  if (there) figures = await answer.json();
  byId("kpi-error").hidden = there;
  document.querySelector(".plots").hidden = !figures;
  if (there) draw();
  else if (!figures) missing();
  byId("kpi-tiles").setAttribute("aria-busy", "false"); // last: until the tiles stand their place is kept
  if (!there) return;
  plot("kpi-asked", {});
  plot("kpi-trend", { name: asked.name, by: asked.by });
}

function choose(attr) {
  for (const b of document.querySelectorAll(`[data-${attr}]`)) {
    b.addEventListener("click", () => {
      asked[attr] = b.dataset[attr];
      load();
    });
  }
}

export async function start() {
  choose("span");
  choose("by");
  byId("kpi-area").addEventListener("change", (e) => {
    asked.area = e.target.value;
    load();
  });
  byId("kpi-month").addEventListener("change", (e) => {
    byId("kpi-pdf").href = `/api/v1/kpi/report?month=${e.target.value}`;
  });
  byId("kpi-again").addEventListener("click", load);
  asFiles([byId("kpi-csv"), byId("kpi-pdf")], byId("kpi-file"));
  document.addEventListener("gwanje:lang", load);
  pickers();
  await new Promise((done) => {
    let first = true;
    on("reset", () => {
      if (!first) return; // a new snapshot is no question of a person
      first = false;
      load().then(() => {
        months();
        byId("kpi-pdf").href = `/api/v1/kpi/report?month=${byId("kpi-month").value}`;
        done();
      });
    });
  });
}
