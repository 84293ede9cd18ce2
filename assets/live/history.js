// What a home's sensors said in the last 24 hours, each beside what is usual there: bars and lines over a grey band.

import { h, once, svg } from "./dom.js";
import { model } from "./model.js";
import * as time from "./time.js";
import { code, lang, t } from "./words.js";

const WIDE = 480;
const TALL = { life: 46, sum: 34, level: 38, state: 15, ticks: 15 };
const DAY = 86400e3;
const HOUR = 3600e3;
const KST = 9 * HOUR;
const AGAIN_MS = 300e3; // of a past moment that moves: so often it is asked for anew
const KEEP_MS = 900e3; // who comes back to an incident within this sees the same picture: each question is a look at a home
const told = new Map(); // key -> {at, of}
let room = 380; // pixels of the last one drawn: kept free while the next is asked for, so that nothing below it jumps

const x = (of, at) => ((Math.min(of.to_ms, Math.max(of.from_ms, at)) - of.from_ms) / DAY) * WIDE;
const hourX = (i) => (i / 24) * WIDE;

/** The heights of a lane: least and most of all it shows, an empty one still a line. */
function range(lane) {
  const all = [...lane.hours, ...lane.band.flat(), ...(lane.form === "level" ? lane.marks.map((m) => m[1]) : [])];
  const known = all.filter((n) => typeof n === "number");
  const most = Math.max(...known, lane.form === "level" ? -Infinity : 1);
  const least = lane.form === "level" ? Math.min(...known) : 0;
  const room = Math.max(most - least, 1) * 0.08;
  return [lane.form === "level" ? least - room : 0, most + room];
}

/** What is usual: a grey step from hour to hour; where a sensor only tells of moments, the hours it is usually used in. */
function band(lane, y, tall) {
  const flat = lane.form === "state" || lane.form === "ticks";
  const box = (i, top, bottom) =>
    svg("rect", { x: hourX(i), y: top, width: hourX(1) + 0.4, height: Math.max(1.5, bottom - top) });
  const one = (_, i) => {
    if (flat) return lane.often[i] ? box(i, 0, tall) : null;
    return lane.band[i] && box(i, y(lane.band[i][1]), y(lane.band[i][0]));
  };
  return svg("g", { class: "history-usual" }, Array.from({ length: 24 }, one));
}

const FORMS = {
  life: (of, lane, y, tall) =>
    lane.hours.map((n, i) => (n ? svg("rect", { x: hourX(i) + 4, y: y(n), width: hourX(1) - 8, height: tall - y(n) }) : null)),
  ticks: (of, lane, y, tall) => lane.marks.map(([at]) => svg("rect", { x: x(of, at) - 1, y: 2, width: 2, height: tall - 4 })),
  state: (of, lane, y, tall) =>
    lane.marks.map(([from, to]) =>
      svg("rect", { x: x(of, from), y: 3, width: Math.max(2, x(of, to) - x(of, from)), height: tall - 6 }),
    ),
  level(of, lane, y) {
    const points = lane.marks;
    if (!points.length) return null;
    const steps = points.map(([at, n], i) => `${i ? `H${x(of, at)}V` : `M${x(of, at)} `}${y(n)}`);
    return svg("path", { d: `${steps.join("")}H${WIDE}` });
  },
};
FORMS.sum = FORMS.life;

const rounded = (n) => Math.round(n * 10) / 10;
const UNIT = { temperature: "°C", humidity: "%", heart_rate: "bpm" };
const unit = (lane) => (lane.unit === "C" ? "°C" : lane.unit || UNIT[lane.what] || "");

/** A lane's figure in words: how much, what is usual, and whether it is out of it. */
function figure(lane) {
  const many = (n) => (lane.form === "level" || lane.form === "sum" ? `${rounded(n)}${unit(lane)}` : t("history.times", { n }));
  const [low, high] = lane.usual || [];
  const usual = lane.usual && t(rounded(low) === rounded(high) ? "history.usual_one" : "history.usual", { low: rounded(low), high: many(high) });
  const out = lane.out && h("b", { class: "history-out" }, `${lane.out === "low" ? "▼" : "▲"} ${t(`history.${lane.out}`)}`);
  const now = lane.what === "life" ? t("history.recent", { n: lane.now }) : lane.now === null ? t("history.unheard") : many(lane.now);
  return [h("span", {}, now), usual && h("em", {}, usual), out];
}

const name = (lane) =>
  lane.what === "life"
    ? t("history.life")
    : [code("value", lane.what), lane.location && code("value", lane.location)].filter(Boolean).join(" · ");

/** The clock hours 0, 6, 12, 18 within the day that is shown; not at its very edge. */
function ticks(of) {
  const first = Math.ceil((of.from_ms + KST) / (6 * HOUR)) * 6 * HOUR - KST;
  const all = Array.from({ length: 5 }, (_, i) => first + i * 6 * HOUR);
  return all.filter((at) => at > of.from_ms + HOUR / 2 && at < of.to_ms - HOUR / 2);
}

function picture(of, lane) {
  const tall = TALL[lane.form];
  const [least, most] = range(lane);
  const y = (n) => tall - 1 - ((n - least) / (most - least)) * (tall - 2);
  const hours = ticks(of).map((at) => svg("line", { class: "history-rule", x1: x(of, at), x2: x(of, at), y1: 0, y2: tall }));
  const alarm =
    of.at_ms >= of.from_ms && svg("line", { class: "history-alarm", x1: x(of, of.at_ms), x2: x(of, of.at_ms), y1: 0, y2: tall });
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${tall}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    hours,
    band(lane, y, tall),
    svg("g", { class: `history-own history-${lane.form}` }, FORMS[lane.form](of, lane, y, tall)),
    alarm,
  );
}

/** The hours below: where the rules stand. */
function axis(of) {
  const word = (at) => {
    const el = h("span", {}, t("rhythm.clock", { n: Math.floor((at + KST) / HOUR) % 24 }));
    el.style.left = `${(x(of, at) / WIDE) * 100}%`;
    return el;
  };
  return h("div", { class: "history-axis", "aria-hidden": "true" }, ticks(of).map(word));
}

/** What a figure does not tell: since when nobody moved, since when a door stands open. */
function since(of, lane) {
  if (lane.what === "life")
    return lane.last_ms && t("history.last", { time: time.hms(lane.last_ms).slice(0, 5), ago: time.age(lane.last_ms, of.to_ms) });
  const open = lane.form === "state" && lane.marks.at(-1);
  if (!open || open[1] < of.to_ms) return null;
  return t(lane.what === "bed" ? "history.in_bed" : "history.open", { ago: time.age(open[0], of.to_ms) });
}

function row(of, lane) {
  const head = h("figcaption", {}, h("b", {}, name(lane)), ...figure(lane).filter(Boolean));
  const more = since(of, lane);
  return h(
    "figure",
    { "data-lane": lane.what, "data-out": lane.out || null },
    head,
    more && h("p", { class: "history-last" }, more),
    picture(of, lane),
  );
}

function draw(host, of) {
  host.style.minHeight = "";
  host.hidden = !of.lanes.length;
  if (host.hidden) return host.replaceChildren();
  const until = t("risk.at", { time: time.hms(of.to_ms).slice(0, 5) });
  const learned = of.days >= 4 ? t("history.learned", { n: of.days }) : t("history.learning", { n: of.days + 1 });
  host.replaceChildren(
    h("h3", {}, t("history.title"), " ", h("span", { class: "quiet" }, `${until} · ${learned}`)),
    h("div", { class: "history-lanes" }, of.lanes.map((lane) => row(of, lane)), axis(of)),
    h("p", { class: "hint history-key" }, h("i", { class: "key-usual" }), t("history.key"), h("i", { class: "key-alarm" }), t("history.alarm")),
  );
  room = host.offsetHeight || room;
}

async function ask(host, v, key) {
  const at = model.past === null ? "" : `?at=${encodeURIComponent(time.iso(model.past))}`;
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(v.id)}/history${at}`).catch(() => null);
  if (!host.isConnected || host.dataset.of !== key) return; // another one was chosen meanwhile
  if (answer && answer.ok) {
    const of = await answer.json();
    told.delete(key);
    told.set(key, { at: performance.now(), of });
    if (told.size > 50) told.delete(told.keys().next().value);
    return draw(host, of);
  }
  host.hidden = false;
  host.style.minHeight = "";
  host.replaceChildren(h("h3", {}, t("history.title")), h("p", { class: "hint" }, t("history.broken")));
}

/** The part of the panel about a home's sensors; gone on the road and where nothing was heard. */
export function history(host, v) {
  const past = model.past === null ? "" : Math.floor(model.past / AGAIN_MS);
  const key = `${v.id} ${(v.detections || []).length} ${past}`;
  once(host, `${key} ${lang()}`, () => {
    host.dataset.of = key;
    const has = told.get(key);
    if (has && performance.now() - has.at < KEEP_MS) return draw(host, has.of); // nor is another language another look
    if (!host.dataset.shown) {
      host.dataset.shown = "1";
      host.hidden = v.domain === "road" || !(v.place && v.place.household);
      host.style.minHeight = host.hidden ? "" : `${room}px`;
      host.replaceChildren(h("h3", {}, t("history.title")));
    }
    if (v.domain !== "road") ask(host, v, key);
  });
}
