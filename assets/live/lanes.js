// The time strip of a look back: five lanes on one canvas, from records and the tape; a press or a drag goes there.

import { byId, h, setAttr, setText } from "./dom.js";
import { mark, paints } from "./loop.js";
import { model } from "./model.js";
import * as time from "./time.js";
import { t } from "./words.js";

const LANES = ["sensor", "ruling", "incident", "operator", "agency"];
const SPANS_MIN = [10, 60, 360];
const BINS = 240;
const AXIS = 18; // pixels below for the hours
const INK = { text: "#aab3ba", faint: "#8a949c", line: "#3a4147", bar: "#6d777f", past: "#c77dd1" };
const CALLS = { P1: "#ff5a52", P2: "#f08c3a", P3: "#8a949c", P4: "#6d777f" };
let span = 60;
let told = null; // {from_ms, to_ms, bins, lanes}
let asking = false;
let marks = [];
let canvas = null;
let label = 64; // pixels on the left for the lanes' names

/** Takes the openings to be marked: [{at_ms, id, priority}]. */
export function opened(list) {
  marks = list;
  mark("lanes");
}

/** What part of the day is shown ([from, to] in ms): stays while the moment is inside it. */
export function shown() {
  const long = span * 60000;
  const inside = told && told.to_ms - told.from_ms === long && model.past >= told.from_ms && model.past <= told.to_ms;
  if (inside) return [told.from_ms, told.to_ms];
  const from = Math.floor((model.past - long / 2) / 10000) * 10000;
  return [from, from + long];
}

async function learn() {
  const [from, to] = shown();
  if (asking || (told && told.from_ms === from && told.to_ms === to)) return;
  asking = true;
  const q = new URLSearchParams({ from: time.iso(from), to: time.iso(to), bins: BINS });
  const answer = await fetch(`/api/v1/replay/strip?${q}`);
  asking = false;
  if (!answer.ok) return;
  told = await answer.json();
  document.dispatchEvent(new CustomEvent("gwanje:span"));
  mark("lanes");
}

const room = () => canvas.clientWidth - label - 8;
const xOf = (at) => label + ((at - told.from_ms) / (told.to_ms - told.from_ms)) * room();
const atOf = (x) => told.from_ms + ((x - label) / room()) * (told.to_ms - told.from_ms);

function axis(ctx, high) {
  const minutes = { 10: 1, 60: 10, 360: 60 }[span];
  ctx.fillStyle = INK.faint;
  ctx.textAlign = "center";
  for (let at = Math.ceil(told.from_ms / (minutes * 60000)) * minutes * 60000; at < told.to_ms; at += minutes * 60000) {
    const x = xOf(at);
    ctx.fillRect(x, 0, 1, 3);
    if (x > label + 20 && x < canvas.clientWidth - 20) ctx.fillText(time.hms(at).slice(0, 5), x, high + AXIS / 2 + 2);
  }
}

/** Bars of a lane: the height is the logarithm of the count, so that one deed is seen beside a thousand readings. */
function bars(ctx, counts, y, tall) {
  const top = Math.log1p(Math.max(1, ...counts));
  const wide = room() / counts.length;
  ctx.fillStyle = INK.bar;
  counts.forEach((n, i) => {
    if (!n) return;
    const up = Math.max(3, (Math.log1p(n) / top) * (tall - 5));
    ctx.fillRect(label + i * wide, y + tall - up - 1, Math.max(1.5, wide - 0.5), up);
  });
}

function calls(ctx, y, tall) {
  for (const m of marks) {
    if (m.at_ms < told.from_ms || m.at_ms > told.to_ms) continue;
    ctx.fillStyle = CALLS[m.priority] || INK.bar;
    ctx.fillRect(xOf(m.at_ms) - 1.5, y + 3, 3, tall - 5);
  }
}

function paint() {
  if (!canvas || model.past === null) return;
  learn();
  const scale = window.devicePixelRatio || 1;
  const [w, all] = [canvas.clientWidth, canvas.clientHeight];
  if (!w || !told) return;
  canvas.width = Math.round(w * scale);
  canvas.height = Math.round(all * scale);
  const ctx = canvas.getContext("2d");
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.font = '12px "Pretendard Variable", "Noto Sans CJK KR", sans-serif';
  ctx.textBaseline = "middle";
  label = Math.max(...LANES.map((name) => ctx.measureText(t(`lane.${name}`)).width)) + 20;
  const high = all - AXIS;
  const tall = high / LANES.length;
  LANES.forEach((name, i) => {
    const y = i * tall;
    ctx.textAlign = "left";
    ctx.fillStyle = INK.text;
    ctx.fillText(t(`lane.${name}`), 8, y + tall / 2 + 1);
    ctx.fillStyle = INK.line;
    ctx.fillRect(label, Math.round(y + tall) - 1, room(), 1);
    bars(ctx, told.lanes[name], y, tall);
    if (name === "incident") calls(ctx, y, tall);
  });
  axis(ctx, high);
  ctx.fillStyle = INK.past;
  ctx.fillRect(Math.round(xOf(model.past)) - 1, 0, 2, high + 3);
  setAttr(canvas, "aria-label", t("lane.title", { from: time.hms(told.from_ms), to: time.hms(told.to_ms) }));
}

/** What lies under the pointer, in words. */
function say(e) {
  if (!told) return;
  const at = atOf(e.offsetX);
  const i = Math.floor(((at - told.from_ms) / (told.to_ms - told.from_ms)) * told.bins);
  if (i < 0 || i >= told.bins) return setText(byId("strip-sum"), "");
  const counts = LANES.map((name) => `${t(`lane.${name}`)} ${told.lanes[name][i].toLocaleString("en-US")}`);
  setText(byId("strip-sum"), `${time.hms(at)} · ${counts.join(" · ")}`);
}

function spans() {
  const choice = (n) =>
    h("button", { type: "button", "data-span": n, "aria-pressed": String(n === span), onclick: () => zoom(n) }, t(`lane.min_${n}`));
  return h("span", { class: "lane-spans", role: "group", "aria-label": t("lane.span") }, SPANS_MIN.map(choice));
}

function zoom(n) {
  span = n;
  for (const el of document.querySelectorAll("[data-span]"))
    setAttr(el, "aria-pressed", String(Number(el.dataset.span) === span));
  mark("lanes");
}

function head() {
  const host = document.querySelector(".strip-head");
  host.replaceChildren(h("span", {}, t("lane.head")), spans(), h("span", { id: "strip-sum" }));
}

/** Puts the lanes where the last hour's bars are; `seek(ms)` is called by a press and while it is dragged. */
export function start(seek) {
  paints("lanes", paint);
  canvas = h("canvas", { class: "lanes", role: "img", "data-testid": "lanes" });
  byId("strip-bars").replaceChildren(canvas);
  head();
  const press = (e) => {
    if (told && e.offsetX >= label) seek(Math.round(Math.min(told.to_ms, Math.max(told.from_ms, atOf(e.offsetX)))));
  };
  canvas.addEventListener("pointerdown", (e) => {
    canvas.setPointerCapture(e.pointerId);
    press(e);
  });
  canvas.addEventListener("pointermove", (e) => (e.buttons ? press(e) : say(e)));
  new ResizeObserver(() => mark("lanes")).observe(canvas);
  document.addEventListener("gwanje:lang", () => {
    head();
    mark("lanes");
  });
  mark("lanes");
}
