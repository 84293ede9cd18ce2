// The wall: read from five metres, touched by nobody. Counts, the oldest unacknowledged, nine rows, a map that follows.

import { byId, h, setAttr, setText, shape } from "../live/dom.js";
import * as say from "../live/describe.js";
import { link, on as onLink } from "../live/link.js";
import { mark, paints } from "../live/loop.js";
import { fit } from "../live/map.js";
import { isCalling, isNew, isTold, model, on, ordered, openedMs, TARGET_S } from "../live/model.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { duration } from "./kpi_tiles.js";

const ROWS = 9;
const BAND_MS = 15000; // a new P1 takes the full width for so long
const TURN_MS = 20000; // hot spots change so often when nothing new calls
const GLYPH_MM = 25; // height of body type that is read at 5 m: at least 23 (SCREENS section 4)
const BODY_REM = 1.3; // size of a row's kind in 30-rooms.css
const DAY_MS = 86400000; // a screen that runs for weeks starts afresh once a day
const FIGURES_MS = 300000; // today's response times are asked for so often
const FIGURES = ["ack", "notice", "resolve"];
// A tile for each kind of life that is watched, and one for what is of several or of none.
const AREAS = ["road", "care", "welfare", "other"];
const areaOf = (v) => (AREAS.includes(v.domain) ? v.domain : "other");
let figures = [];
let bandUntil = 0;
let bandFor = null;
let turn = 0;

/** Size of type from the screen's diagonal (inches) and the distance (metres) it is read from. */
function scale() {
  const { diagonal, distance } = document.querySelector(".wall").dataset;
  const inches = Number(diagonal);
  if (!(inches > 0)) return;
  const metres = Number(distance) > 0 ? Number(distance) : 5;
  const width = (inches * 25.4 * 16) / Math.hypot(16, 9); // mm, of a 16:9 screen
  const px = (GLYPH_MM * (metres / 5) * screen.width) / width / 0.72; // a capital is about 0.72 of the type's size
  document.documentElement.style.fontSize = `${Math.max(14, Math.min(px, innerHeight / 14) / BODY_REM).toFixed(1)}px`;
}

function counts() {
  const host = byId("wall-counts");
  host.replaceChildren(
    ...["P1", "P2", "P3"].map((p) => {
      const c = model.counts[p] || { new: 0, seen: 0, work: 0, oldest_ms: null };
      const late = c.oldest_ms && time.now() - c.oldest_ms > TARGET_S[p[1]] * 1000;
      return h(
        "div",
        { class: "wall-count", "data-calling": c.new ? "1" : "0", "data-late": late ? "1" : "0" },
        shape(Number(p[1])),
        h("span", { class: "wall-n" }, isTold() ? String(c.new) : "–"),
        h("span", { class: "wall-word" }, t(`priority.${p}`)),
        h("span", { class: "wall-rest" }, t("wall.in_work", { n: isTold() ? c.seen + c.work : "–" })),
      );
    }),
  );
  const waiting = ordered("new")
    .filter(isCalling)
    .sort((a, b) => openedMs(a) - openedMs(b))[0];
  setText(
    byId("wall-oldest"),
    waiting
      ? t("wall.oldest", { age: time.age(openedMs(waiting)), kind: say.kind(waiting) })
      : t(isTold() ? "wall.calm" : "load.waiting"),
  );
}

/** Grey unless something calls there: then the gravest shape in its colour. The number is what is open. */
function areas() {
  const all = ordered("all");
  byId("wall-areas").replaceChildren(
    ...AREAS.map((area) => {
      const here = all.filter((v) => areaOf(v) === area);
      const p = Math.min(4, ...here.filter(isCalling).map((v) => v.p));
      const calling = here.some(isCalling);
      return h(
        "div",
        { class: "wall-area", "data-area": area, "data-calling": calling ? "1" : "0" },
        calling ? shape(p) : null,
        h("b", {}, isTold() ? String(here.length) : "–"),
        h("span", {}, code("domain", area)),
      );
    }),
  );
}

function row(v) {
  return h(
    "li",
    { "data-priority": v.priority, "data-calling": isCalling(v) ? "1" : "0" },
    shape(v.p),
    h("span", { class: "wall-kind" }, say.kind(v)),
    h("span", { class: "wall-age" }, time.age(openedMs(v))),
    h("span", { class: "wall-place" }, say.place(v)),
    h("span", { class: "wall-state" }, isCalling(v) && v.call ? t("wall.call", { n: v.call }) : say.state(v)),
  );
}

function band() {
  const host = byId("wall-band");
  const shown = bandFor && performance.now() < bandUntil && model.incidents.has(bandFor);
  setAttr(host, "hidden", !shown);
  if (!shown) return;
  const v = model.incidents.get(bandFor);
  host.replaceChildren(
    shape(1),
    h("b", {}, say.kind(v)),
    h("span", {}, say.place(v)),
    h("span", {}, time.age(openedMs(v))),
  );
}

function health() {
  if (!isTold()) return "–";
  return model.health.ok === false ? model.health.faults.map((f) => t(`health.${f}`)).join(", ") : t("wall.healthy");
}

function foot() {
  const l = model.latency || {};
  const s = model.sources;
  const parts = [
    [t("wall.health"), health()], // first: on a narrow wall the end may be cut
    [t("wall.devices"), s ? `${s.well}/${s.total}` : "–"],
    [t("wall.popup"), l.p95 !== null && l.p95 !== undefined ? t("wall.ms", { n: Math.round(l.p95) }) : "–"],
    [t("wall.open"), String(model.counts.total ?? "–")],
    ...figures.map((f) => [t("wall.today", { what: t(`kpi.${f.name}`) }), f.value === null ? "–" : duration(f.value)]),
  ];
  byId("wall-kpi").replaceChildren(
    ...parts.map(([name, value]) => h("div", {}, h("span", {}, name), h("b", {}, value))),
  );
}

/** At most nine rows, and only those that are whole on this screen. */
function rows() {
  const list = byId("wall-rows");
  list.replaceChildren(...ordered("all").slice(0, ROWS).map(row));
  const foot = list.getBoundingClientRect().bottom;
  while (list.lastChild && list.lastChild.getBoundingClientRect().bottom > foot + 1) list.lastChild.remove();
}

function paint() {
  counts();
  areas();
  rows();
  band();
  foot();
}

function look() {
  const urgent = ordered("all").filter((v) => v.place && v.p <= 2 && (isNew(v) || isCalling(v)));
  fit(urgent.length ? urgent : null);
}

/** Today's response times for the foot; what can't be had now stays as it was until the next try. */
async function ask() {
  const answer = await fetch("/api/v1/kpi").catch(() => null);
  if (!answer || !answer.ok) return;
  figures = (await answer.json()).indicators.filter((f) => FIGURES.includes(f.name));
  mark("page");
}

/** Starts the page afresh after a day, as soon as nothing calls, no band stands and the server is there to answer. */
function renew() {
  const calm = !bandFor || performance.now() >= bandUntil;
  if (performance.now() > DAY_MS && link.up && calm && !ordered("new").length) location.reload();
}

export function start() {
  scale();
  document.body.dataset.wall = "1";
  paints("page", paint);
  on("change", () => mark("page"));
  on("reset", () => {
    mark("page");
    look();
  });
  const band = (views, first) => {
    const urgent = views.find((v) => v.p === 1 && isCalling(v));
    if (!urgent || first) return;
    bandFor = urgent.id;
    bandUntil = performance.now() + BAND_MS;
    fit([urgent]);
    mark("page");
  };
  on("fresh", band);
  on("louder", band);
  onLink("beat", (beat) => {
    if (beat) mark("page");
  });
  ask();
  setInterval(ask, FIGURES_MS);
  setInterval(() => {
    renew();
    if (performance.now() < bandUntil) return;
    const spots = ordered("all").filter((v) => v.place && v.p <= 2);
    turn = (turn + 1) % (spots.length + 1);
    if (turn === 0) look();
    else fit([spots[turn - 1]]);
  }, TURN_MS);
  mark("page");
}
