// Devices: what asks for a person first, then what is well; what was never heard is folded. Searched by any word of a row.

import { byId, h } from "../live/dom.js";
import * as say from "../live/describe.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import * as suppressed from "./suppressed.js";
import { choice, fill, items, post, twice } from "./table.js";

const SETTLED = ["replaced", "repaired", "set_up", "registered", "nothing_found", "other"];
const STATES = ["unknown", "silent", "offline", "degraded", "unregistered"]; // these end by themselves, the others are tickets
// What a row is counted and folded by: it asks for a person, it is well, it was never heard.
const GROUPS = ["asks", "well", "unheard"];
const OPEN_MOST = 60; // rows of a group that is not searched: more are asked for
let rows = [];
let text = "";
let only = "";
let open = { asks: true, well: true, unheard: false };

const groupOf = (d) => (d.asks.length ? "asks" : d.state === "unknown" ? "unheard" : "well");
const tickets = (d) => d.asks.filter((name) => !STATES.includes(name) || (d.tickets || {})[name]);

/** Why it asks for a look, or its state: each in a word, a ticket with how often and since when. */
function told(d) {
  const names = d.asks.length ? d.asks : [d.state];
  const n = (name) => ((d.tickets || {})[name] > 1 ? ` ${d.tickets[name]}` : "");
  const strange = (d.tickets || {}).unknown_signal ? (d.unknown_signals || []).join(", ") : "";
  const parts = names.map((name) => `${code("device", name)}${n(name)}`);
  const since = d.silent_since || d.asked_at;
  return [...parts, strange, since ? t("devices.since", { age: time.age(time.ms(since)) }) : ""].filter(Boolean).join(" · ");
}

/** Its record: false alarms of all verdicts, and why they were false. */
function record({ judged, false_alarms, reasons } = {}) {
  if (!judged) return "";
  const whys = Object.entries(reasons).map(([name, n]) => `${code("reason", name)} ${n}`);
  return [t("devices.false_of", { n: false_alarms, of: judged }), ...whys].join(" · ");
}

/** A ticket is settled with what was done; any device can be put under maintenance, in the form above. */
function acts(d) {
  const parts = [];
  if (Object.keys(d.tickets || {}).length) {
    const reason = choice(SETTLED, t("devices.settle_how"), (r) => code("reason", r));
    const settle = async () => {
      if (await post("/api/v1/devices/settle", { device: d.id, reason: reason.value })) await load();
    };
    parts.push(reason, twice(t("devices.settle"), t("admin.sure"), settle, { "data-act": "settle" }));
  }
  if (!d.window_until) {
    const name = `${t("devices.maintain")} ${d.id}`;
    parts.push(h("button", { type: "button", "data-act": "maintain", "aria-label": name, onclick: () => suppressed.maintain(d.id) }, t("devices.maintain")));
  }
  return h("div", { class: "acts" }, parts);
}

function line(d) {
  const told_at = d.heard_at || d.noted_at;
  const last = told_at ? time.ms(told_at) : null;
  const number = (value) => value !== undefined && value !== null;
  const first = d.asks[0] || d.state;
  return {
    attrs: { "data-device": d.id, "data-status": first },
    cells: [
      h("span", { class: `dot dot-${d.asks.length ? "asks" : first}` }, told(d)),
      h("span", { translate: "no", title: d.id }, say.source(d.id)),
      [d.of, d.kind && code("source", d.kind)].filter(Boolean).join(" · "),
      last ? `${time.hms(last)} (${time.age(last)})` : "–",
      number(d.battery_pct) ? `${Math.round(d.battery_pct)}%` : "",
      number(d.clock_offset_ms) ? t("devices.ms", { n: Math.round(d.clock_offset_ms) }) : "",
      d.gap_count ? String(d.gap_count) : "",
      record(d.verdicts),
      d.window_until ? t("devices.window_until", { at: time.full(time.ms(d.window_until)).slice(5, 16) }) : "",
      acts(d),
    ],
  };
}

/** Everything of a row that a person reads, to search in. */
const hay = (d) => `${d.id} ${d.of || ""} ${d.kind ? code("source", d.kind) : ""} ${d.firmware || ""} ${told(d)}`.toLowerCase();

/** The head of a group: how many, and a button that folds it. */
function head(group, n) {
  const flip = () => {
    open = { ...open, [group]: !open[group] };
    draw();
  };
  const label = t(`devices.group_${group}`, { n });
  const button = h("button", { type: "button", "data-group": group, "aria-expanded": String(open[group]), onclick: flip }, `${open[group] ? "▾" : "▸"} ${label}`);
  return { attrs: { class: "group" }, cells: [button], span: true };
}

function order(a, b) {
  const grave = (d) => ["silent", "offline", "unregistered", "degraded"].indexOf(d.asks[0]);
  const rank = (d) => (grave(d) < 0 ? 9 : grave(d));
  return rank(a) - rank(b) || tickets(b).length - tickets(a).length || (a.id < b.id ? -1 : 1);
}

function draw() {
  const asked = text.toLowerCase();
  const found = rows.filter((d) => (!only || d.asks.includes(only) || (only === "window" && d.window_until)) && (!asked || hay(d).includes(asked)));
  const shown = [];
  for (const group of GROUPS) {
    const members = found.filter((d) => groupOf(d) === group).sort(order);
    if (!members.length && group !== "asks") continue;
    shown.push(head(group, members.length));
    if (open[group] || asked || only) shown.push(...members.slice(0, asked || only ? members.length : most[group]).map(line));
    if (open[group] && !asked && !only && members.length > most[group]) shown.push(rest(group, members.length - most[group]));
  }
  fill("device-table", rows.length ? shown : []); // without any it says whether there is none or none could be had
  sums();
}

let most = { asks: 500, well: OPEN_MOST, unheard: OPEN_MOST };
function rest(group, n) {
  const all = () => {
    most = { ...most, [group]: Infinity };
    draw();
  };
  return { attrs: {}, cells: [h("button", { type: "button", onclick: all }, t("devices.rest", { n }))], span: true };
}

/** How many ask for what: pressed, only they are shown. */
function sums() {
  const counts = new Map();
  for (const d of rows) for (const name of [...d.asks, ...(d.window_until ? ["window"] : [])]) counts.set(name, (counts.get(name) || 0) + 1);
  const chip = (name, n, word) => {
    const press = () => {
      only = only === name ? "" : name;
      draw();
    };
    return h("button", { type: "button", "data-sum": name, "aria-pressed": only === name ? "true" : "false", onclick: press }, `${word} ${n}`);
  };
  byId("sums").replaceChildren(chip("", rows.length, t("devices.all")), ...[...counts].map(([name, n]) => chip(name, n, code("device", name))));
}

function search() {
  const input = h("input", { type: "search", size: 28, value: text, placeholder: t("devices.search"), "aria-label": t("devices.search") });
  input.addEventListener("input", () => {
    text = input.value.trim();
    draw();
  });
  byId("device-search").replaceChildren(input);
}

async function load() {
  rows = await items("/api/v1/devices", 20_000);
  draw();
}

export async function start() {
  search();
  await load();
  await suppressed.start(rows, load);
  on("reset", draw); // with the first word of the server its time is known, and the ages
  document.addEventListener("gwanje:lang", () => {
    search();
    draw();
  });
}
