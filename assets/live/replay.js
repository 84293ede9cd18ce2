// A past moment on the same screen: magenta frame, dead buttons, a time conductor; the moment stands in the address.

import { byId, h, setAttr, setText } from "./dom.js";
import * as lanes from "./lanes.js";
import { connect, go, on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { model, on } from "./model.js";
import * as passing from "./passing.js";
import { choose } from "./queue.js";
import * as time from "./time.js";
import { t } from "./words.js";

const SPEEDS = [1, 4, 16];
const HOUR = 3600e3;
const STEP_MS = 1000;
const TICK_MS = 100; // what moves is drawn so often while it plays
const ASK_MS = { 1: 1000, 4: 500, 16: 500 }; // how often the board is asked for meanwhile
let range = null; // {first, last, marks}
let slider = null;
let playing = null; // {timer, drawn, asked}
let speed = 1;
let wanted = null; // the incident to select when its moment has come

/** The moment that the address asks for, ms, or null for the present. */
export function asked() {
  const text = new URLSearchParams(location.search).get("at");
  if (!text) return null;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text.replace(" ", "+"));
  return Number.isFinite(at) ? at : null;
}

function draw(at) {
  model.past = at;
  time.hold(at);
  passing.show(at);
  mark("replay", "lanes", "bar");
}

/** Goes to a moment (ms); with an incident's id that one is selected there. */
export function show(at, incident = "") {
  const address = new URL(location.href);
  address.searchParams.set("at", time.iso(at));
  history.replaceState(null, "", address);
  if (incident) wanted = incident;
  draw(at);
  go(at);
}

let due = null;
function showSoon(at) {
  draw(at);
  clearTimeout(due);
  due = setTimeout(() => show(at), 60); // while the slider is drawn, not each pixel is a question
}

/** The slider's end, in whole steps: an end between two steps could not be reached. */
function reachTo(last) {
  const first = Math.floor(range.first);
  setAttr(slider, "max", first + Math.ceil((last - first) / STEP_MS) * STEP_MS);
}

async function known() {
  const answer = await fetch("/api/v1/replay/range").catch(() => null);
  return answer && answer.ok ? answer.json() : {};
}

/** Where a look back begins that names no moment: at the last opening, which is then chosen; a minute ago without one. */
async function recent() {
  const told = await known();
  const last = (told.marks || []).at(-1);
  wanted = last ? last.id : null;
  if (last) return last.at_ms + 1; // the whole ms after it holds its record
  return (told.last_ms ?? Date.now()) - 60000; // this machine's clock may be days off: the records' goes first
}

async function learnRange() {
  const told = await known();
  const live = Number.isFinite(time.live()) ? time.live() : Math.max(told.last_ms || 0, model.past);
  range = {
    first: Math.min(told.first_ms ?? model.past - HOUR, model.past),
    last: Math.max(told.last_ms || 0, live, model.past),
    marks: told.marks || [],
  };
  lanes.opened(range.marks);
  setAttr(slider, "min", Math.floor(range.first));
  reachTo(range.last);
  slider.value = String(model.past);
  mark("replay", "lanes");
}

function tick() {
  const now = performance.now();
  const at = Math.min(range ? range.last : Infinity, model.past + (now - playing.drawn) * speed);
  playing.drawn = now;
  if (now - playing.asked < ASK_MS[speed] && (!range || at < range.last)) return draw(at);
  playing.asked = now;
  show(at);
  if (range && at >= range.last) play();
}

function play() {
  if (playing) {
    clearInterval(playing.timer);
    playing = null;
  } else {
    const now = performance.now();
    playing = { timer: setInterval(tick, TICK_MS), drawn: now, asked: now };
  }
  mark("replay");
}

function step(direction) {
  const stops = ((range && range.marks) || []).map((m) => m.at_ms).sort((a, b) => a - b);
  const found = direction > 0 ? stops.find((at) => at > model.past + 1) : stops.findLast((at) => at < model.past - 1);
  if (found !== undefined) show(found);
}

/** To the record after (or before) the moment, whatever it is of. */
async function stepRecord(way) {
  const answer = await fetch(`/api/v1/replay/step?way=${way}&at=${encodeURIComponent(time.iso(model.past))}`);
  const there = answer.ok ? await answer.json() : {};
  if (there.at_ms === null || there.at_ms === undefined) return;
  setText(byId("replay-record"), `#${there.seq}`);
  show(there.at_ms);
}

/** A time of the shown day (`14:02`, `14:02:31`) or of any day (`2026-11-02 14:02:31`), ms; NaN when it is none. */
function read(text) {
  const clock = /^\d{1,2}:\d{2}(:\d{2})?$/.test(text);
  const [day, hour] = clock ? [time.full(model.past).slice(0, 10), text] : text.split(/[ T]+/);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || (hour && !/^\d{1,2}:\d{2}(:\d{2})?$/.test(hour))) return NaN;
  const [hh, mm, ss = "00"] = (hour || "00:00").split(":");
  return Date.parse(`${day}T${hh.padStart(2, "0")}:${mm}:${ss}+09:00`);
}

async function typed(e) {
  e.preventDefault();
  const field = e.target.elements[0];
  const text = field.value.trim();
  const at = read(text);
  if (Number.isFinite(at)) show(at);
  const answer = Number.isFinite(at) || !text ? null : await fetch(`/api/v1/replay/find?what=${encodeURIComponent(text)}`);
  const there = answer && answer.ok ? await answer.json() : null;
  if (there) show(there.at_ms, there.incident);
  const wrong = Boolean(text) && !Number.isFinite(at) && !there;
  setAttr(field, "aria-invalid", wrong ? "true" : null);
  setText(byId("replay-record"), wrong ? t("replay.not_found") : there ? `#${there.seq}` : "");
}

function paint() {
  if (model.past === null) return;
  if (slider && document.activeElement !== slider) slider.value = String(model.past);
  setText(byId("replay-at"), time.full(model.past));
  setText(byId("replay-play"), t(playing ? "replay.pause" : "replay.play"));
  for (const el of document.querySelectorAll("[data-speed]"))
    setAttr(el, "aria-pressed", String(Number(el.dataset.speed) === speed));
}

function speeds() {
  const choice = (n) => h("button", { type: "button", "data-speed": n, onclick: () => pace(n) }, `${n}×`);
  return h("span", { class: "replay-speeds", role: "group", "aria-label": t("replay.speed") }, SPEEDS.map(choice));
}

function pace(n) {
  speed = n;
  mark("replay");
}

function conductor() {
  const button = (key, text, onclick) => h("button", { type: "button", title: t(key), "aria-label": t(key), onclick }, text);
  slider = h("input", {
    type: "range",
    "data-testid": "replay-slider",
    min: model.past - HOUR,
    max: model.past,
    step: STEP_MS,
    "aria-label": t("replay.slider"),
  });
  slider.value = String(model.past);
  slider.addEventListener("input", () => showSoon(Number(slider.value)));
  const field = h("input", { type: "text", placeholder: t("replay.jump"), "aria-label": t("replay.typed") });
  const host = byId("slider");
  host.hidden = false;
  host.replaceChildren(
    h(
      "div",
      { class: "replay-row" },
      button("replay.previous", "◀◀", () => step(-1)),
      button("replay.previous_record", "◀", () => stepRecord("previous")),
      h("button", { type: "button", id: "replay-play", onclick: play }),
      button("replay.next_record", "▶", () => stepRecord("next")),
      button("replay.next", "▶▶", () => step(1)),
      speeds(),
      h("span", { id: "replay-record", role: "status", title: t("help.sign_record") }),
    ),
    h("div", { class: "replay-row" }, slider, h("form", { onsubmit: typed, title: t("replay.typed") }, field)),
  );
  byId("past-word").hidden = false;
  byId("replay-live").hidden = false;
  byId("replay-back").hidden = true;
}

/** The board of the moment is there: who was looked for is chosen. */
function arrived() {
  mark("replay", "lanes");
  if (wanted && model.incidents.has(wanted)) choose(wanted);
  wanted = null;
}

/** Opens the line at the asked moment; `/replay` without one starts at the last opening. */
export async function start(page) {
  paints("replay", paint);
  const at = asked() ?? (page === "replay" ? await recent() : null);
  const press = (id, where) => byId(id) && byId(id).addEventListener("click", () => (location.href = where()));
  press("replay-back", () => `/?at=${encodeURIComponent(time.iso(time.live() - 60000))}`);
  press("replay-live", () => "/");
  on("reset", arrived);
  if (at === null) {
    wanted = new URLSearchParams(location.search).get("incident"); // the way here from another page
    delete document.body.dataset.past; // an address whose moment cannot be read
    return connect();
  }
  connect(at);
  document.body.dataset.past = "1";
  if (!byId("slider")) return;
  conductor();
  learnRange();
  lanes.start(showSoon);
  passing.start();
  if (document.body.dataset.role === "supervisor") (await import("./review.js")).start(show);
  onLink("beat", (beat) => {
    if (beat && range) reachTo(Math.max(range.last, time.live() || 0));
  });
  document.addEventListener("gwanje:lang", () => {
    conductor();
    learnRange();
  });
}
