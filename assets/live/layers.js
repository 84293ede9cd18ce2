// What lies on the map beside incidents, each to be switched: cameras, stations of 112 and 119, moving objects; in the
// corners what has no place, and what the weather says. The choice stays in this browser.

import { byId, h, once, setAttr, setText, shape } from "./dom.js";
import { canvasLayer, rem } from "./base.js";
import * as say from "./describe.js";
import { on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { isCalling, model, on, ordered } from "./model.js";
import { choose } from "./queue.js";
import * as time from "./time.js";
import { code, lang, t } from "./words.js";

const STORE = "map layers";
const NAMES = ["cameras", "agencies", "objects"];
const LOST = 5; // incidents without a place that are named; the rest is counted
const NEAR = 14; // zoom from which a camera is drawn larger
let shown = { cameras: false, agencies: true, objects: true };
let points = { cameras: [], agencies: [] };
let canvas = null;
let objects = null;

/** Whether a layer is switched on. */
export const isOn = (name) => shown[name];

function remembered() {
  try {
    const given = JSON.parse(localStorage.getItem(STORE) || "{}");
    for (const name of NAMES) if (typeof given[name] === "boolean") shown[name] = given[name];
  } catch {
    /* the usual ones */
  }
}

function camera(ctx, p, size) {
  ctx.strokeStyle = "#8a949c";
  ctx.fillStyle = "#14171a";
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  ctx.rect(p.x - size, p.y - size * 0.7, size * 1.4, size * 1.4);
  ctx.moveTo(p.x + size * 0.4, p.y - size * 0.3);
  ctx.lineTo(p.x + size, p.y - size * 0.7);
  ctx.lineTo(p.x + size, p.y + size * 0.7);
  ctx.lineTo(p.x + size * 0.4, p.y + size * 0.3);
  ctx.fill();
  ctx.stroke();
}

function station(ctx, p, word, px) {
  ctx.font = `600 ${px}px "Pretendard Variable", "Noto Sans CJK KR", sans-serif`;
  const w = ctx.measureText(word).width / 2 + 4;
  ctx.fillStyle = "#262b30";
  ctx.strokeStyle = "#8a949c";
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.rect(p.x - w, p.y - px * 0.75, 2 * w, px * 1.5);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = "#e4e8eb";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(word, p.x, p.y + 0.5);
}

const inside = (p, size) => p.x > -20 && p.y > -20 && p.x < size.x + 20 && p.y < size.y + 20;

function draw(map) {
  return (ctx, to, size) => {
    const px = rem();
    const wide = map.getZoom() >= NEAR ? 0.42 : 0.26;
    if (!shown.cameras && !shown.agencies) return false;
    for (const one of shown.cameras ? points.cameras : []) {
      const p = to(one.lat, one.lon);
      if (inside(p, size)) camera(ctx, p, wide * px);
    }
    for (const one of shown.agencies ? points.agencies : []) {
      const p = to(one.lat, one.lon);
      if (inside(p, size)) station(ctx, p, one.agency, 0.72 * px);
    }
    return true;
  };
}

function flip(name) {
  shown = { ...shown, [name]: !shown[name] };
  localStorage.setItem(STORE, JSON.stringify(shown));
  switches();
  canvas.redraw();
  objects();
}

function switches() {
  const host = byId("layer-list");
  if (!host) return;
  const button = (name) =>
    h(
      "button",
      { type: "button", "data-layer": name, "aria-pressed": String(shown[name]), onclick: () => flip(name) },
      t(`map.${name}`),
    );
  const held = document.activeElement && document.activeElement.dataset.layer;
  host.replaceChildren(...NAMES.map(button));
  if (held) host.querySelector(`[data-layer="${held}"]`).focus();
}

/** Open incidents that no place is known of: a corner of the map is theirs, so that nobody looks for them in vain. */
function lost() {
  const host = byId("unplaced");
  if (!host) return;
  const views = ordered("all").filter((v) => !v.place);
  const picked = model.selected && model.selected.id;
  setAttr(host, "hidden", !views.length);
  const stamp = `${views.map((v) => `${v.id}/${v.state}/${v.p}`)} ${picked} ${lang()}`;
  once(host, stamp, () => {
    const row = (v) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", "data-p": v.p, "data-calling": isCalling(v) ? "1" : "0", "aria-current": v.id === picked ? "true" : null, onclick: () => choose(v.id) },
          shape(v.p),
          say.kind(v),
        ),
      );
    const more = views.length > LOST ? [h("li", { class: "hint" }, t("shift.more", { n: views.length - LOST }))] : [];
    host.replaceChildren(h("h3", {}, `${t("panel.unplaced")} ${views.length}`), h("ul", {}, views.slice(0, LOST).map(row), more));
  });
}

/** Weather and events that hold now; heat and cold stand in the bar. */
function weather() {
  const host = byId("weather");
  if (!host) return;
  const rows = model.weather || [];
  setAttr(host, "hidden", !rows.length);
  const word = (r) => (r.level ? t(`weather.${r.level}`, { what: code("why", r.value) }) : code("why", r.value));
  const until = (r) => (r.until_ms ? t("weather.until", { time: time.hms(r.until_ms).slice(0, 5) }) : "");
  setText(host, rows.map((r) => [word(r), r.area, until(r)].filter(Boolean).join(" · ")).join("\n"));
}

/** Puts the layers on the map; `again` draws the moving objects anew. */
export function adopt(map, city, again) {
  remembered();
  objects = again;
  const of = (kind) =>
    city.features
      .filter((f) => f.properties.kind === kind && f.geometry.type === "Point")
      .map((f) => ({ ...f.properties, lon: f.geometry.coordinates[0], lat: f.geometry.coordinates[1] }));
  points = { cameras: of("camera"), agencies: of("agency") };
  const button = byId("map-layers");
  if (!button) shown = { ...shown, cameras: false, agencies: false, objects: true }; // a page without switches
  canvas = canvasLayer(map, "places", 340, draw(map));
  if (!button) return;
  button.addEventListener("click", () => {
    const hidden = !byId("layer-list").hidden;
    setAttr(byId("layer-list"), "hidden", hidden);
    setAttr(button, "aria-expanded", String(!hidden));
  });
  switches();
  paints("corners", () => {
    lost();
    weather();
  });
  on("change", () => mark("corners"));
  on("reset", () => mark("corners"));
  onLink("beat", (beat) => beat && mark("corners"));
  document.addEventListener("gwanje:lang", () => {
    switches();
    mark("corners");
  });
  mark("corners");
}
