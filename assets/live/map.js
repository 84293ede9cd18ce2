// The live map: base and moving objects on canvas, open incidents as at most 100 shapes in the document.

import { byId, byTest, h, setAttr, shape } from "./dom.js";
import { canvasLayer, drawBase, drawLabels, rem } from "./base.js";
import { ask } from "./city.js";
import * as say from "./describe.js";
import { on as onLink, watch } from "./link.js";
import { mark, painted, paints } from "./loop.js";
import { isCalling, isNew, model, on, ordered } from "./model.js";
import { drawObjects, forget, pixelMs, takeFrames } from "./objects.js";
import { choose } from "./queue.js";
import * as layersOf from "./layers.js";
import * as risk from "./risk.js";
import { lang } from "./words.js";

const SHAPES = 100;
const NEAR = 18; // zoom at which a crosswalk's moving objects can be told apart
const WIDE = 16; // a home is known by its 100 m cell: nothing to see nearer
let map = null;
let labels = [];
let labelled = true;
let follow = true;
let layers = null;
let pressed = null;
let bounds = null;
const markers = new Map();
const WORDS = { rem: 11, px: 52 }; // width and height of a pin that speaks (50-handed.css)
let spoken = null;

/**
 * Pins say `says(view)` (kind, state) beside their shape while `shown()`; `calls(view)` is what has colour, `press(id)`
 * what a press does.
 */
export function pinsSpeak(how) {
  spoken = how;
}

/** Calls `fn({lon, lat, outside})` at each click on the map (`outside` of the city), until called with null. */
export function onMapClick(fn) {
  pressed = fn;
}

/** Moves the map to an incident's place, near enough to see what moves there. */
export function flyTo(view) {
  if (!map || !view || !view.place) return;
  const at = [view.place.lat, view.place.lon];
  const area = view.place.radius_m; // of a bare dong: all of it, or one street of it looks like the place
  const zoom = view.place.site ? NEAR : area ? map.getBoundsZoom(window.L.latLng(at).toBounds(2 * area)) : WIDE;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const near = map.getZoom() === zoom && map.getBounds().pad(1).contains(at); // another zoom is a cut: nothing swells
  map.setView(at, zoom, { animate: !still && near });
}

/** What part of the city is seen, as a text that is the same as long as nobody moves the map. */
export const sight = () => (map ? `${map.getZoom()} ${map.getCenter()}` : "");
let whole = ""; // the view that showed the whole city last

/** Shows the whole city. */
export function showCity() {
  if (!map || !bounds) return;
  map.fitBounds(bounds, { padding: [8, 8], animate: false });
  whole = sight();
}

/** The pane has another size: where the whole city was seen it still is. */
function resized() {
  const still = sight() === whole;
  map.invalidateSize({ animate: false });
  if (still) showCity();
}

/** Frames these incidents, the whole city with null. */
export function fit(views) {
  if (!map) return;
  const spots = (views || []).filter((v) => v.place).map((v) => [v.place.lat, v.place.lon]);
  if (!spots.length) return showCity();
  map.fitBounds(window.L.latLngBounds(spots).pad(0.3), { maxZoom: spots.length > 1 ? 15 : 17, animate: false });
}

function label(view) {
  return [say.priority(view), ...(spoken ? spoken.says(view) : [say.kind(view)]), say.place(view)].join(" ");
}

/** Where shapes at one place stand: the first on it, the next beside it. */
function spread(views) {
  const seen = new Map();
  return views.map((v) => {
    const key = `${v.place.lat.toFixed(4)},${v.place.lon.toFixed(4)}`;
    const n = seen.get(key) || 0;
    seen.set(key, n + 1);
    return [v, n];
  });
}

/** Words need room: what would lie over the words of another stands below them, as many lines as it takes. */
function apart(views) {
  const [wide, laid] = [WORDS.rem * rem(), []];
  return views.map((v) => {
    const { x, y } = map.latLngToLayerPoint([v.place.lat, v.place.lon]);
    const taken = (n) => laid.some((o) => Math.abs(o.x - x) < wide && Math.abs(o.y - y - n * WORDS.px) < WORDS.px);
    let n = 0;
    while (taken(n)) n += 1;
    laid.push({ x, y: y + n * WORDS.px });
    return [v, n];
  });
}

/** A shape of the document at a place. Moved in two dimensions: in three, each would be a layer of its own to compose. */
function pin(v) {
  const L = window.L;
  const el = h("button", { type: "button", class: "pin", tabindex: -1 });
  el.addEventListener("click", (e) => {
    e.stopPropagation();
    if (spoken) spoken.press(v.id);
    else choose(v.id);
  });
  const m = L.marker([v.place.lat, v.place.lon], {
    icon: L.divIcon({ html: el, className: "pin-host", iconSize: null }),
    keyboard: false,
    interactive: false,
  });
  m.el = el;
  if (spoken) el.addEventListener("focus", () => map.panInside(m.getLatLng(), { padding: [WORDS.px, WORDS.px] }));
  m._setPos = (at) => {
    m._icon._leaflet_pos = at;
    m._icon.style.transform = `translate(${at.x}px, ${at.y}px)`;
    m._zIndex = at.y + m.options.zIndexOffset;
    m._resetZIndex();
  };
  return m.addTo(map);
}

/** Draws what a pin says; what it says already is left alone. */
function paintPin(m, v, n, loud) {
  const picked = model.selected && model.selected.id === v.id ? "1" : "0";
  if (m.view === v && m.n === n && m.picked === picked && m.lang === lang() && m.loud === loud) return;
  const at = m.getLatLng();
  if (at.lat !== v.place.lat || at.lng !== v.place.lon) m.setLatLng([v.place.lat, v.place.lon]);
  const calls = spoken ? spoken.calls(v) : isCalling(v);
  const offset = (calls ? 4000 : 0) + (4 - v.p) * 500 - n;
  if (m.options.zIndexOffset !== offset) m.setZIndexOffset(offset);
  if (m.el.dataset.p !== String(v.p) || spoken) m.el.replaceChildren(shape(v.p), ...(loud ? said(v) : []));
  setAttr(m.el, "data-p", v.p);
  setAttr(m.el, "data-calling", calls ? "1" : "0");
  setAttr(m.el, "data-new", isNew(v) ? "1" : "0");
  setAttr(m.el, "data-selected", picked);
  setAttr(m.el, "title", label(v));
  setAttr(m.el, "aria-label", label(v));
  if (m.n !== n) m.el.style.setProperty("--n", n);
  if (spoken) setAttr(m.el, "tabindex", loud ? 0 : -1);
  Object.assign(m, { view: v, n, picked, loud, lang: lang() });
}

const said = (v) => spoken.says(v).flatMap((words, i) => (i ? [" ", h("span", {}, words)] : [h("b", {}, words)]));

function paintShapes() {
  if (!map) return;
  const { selected } = model;
  const over = spoken && selected && !model.incidents.has(selected.id) ? [selected] : []; // its card has this map
  const views = [...ordered("all"), ...over].filter((v) => v.place).slice(0, SHAPES);
  const loud = Boolean(spoken && spoken.shown());
  const wanted = new Set(views.map((v) => v.id));
  for (const [id, m] of markers) {
    if (wanted.has(id)) continue;
    m.remove();
    markers.delete(id);
  }
  for (const [v, n] of loud ? apart(views) : spread(views)) {
    if (!markers.has(v.id)) markers.set(v.id, pin(v));
    paintPin(markers.get(v.id), v, n, loud);
  }
}

/** What moves is shown where the selected incident is; without one, a sample of the city. */
function watchSites() {
  const place = model.selected && model.selected.place;
  watch(place && place.site ? [place.site] : ["*"]);
}

let drawn = 0; // when the moving objects were drawn last

function drawMoving(ctx, to, size) {
  drawn = performance.now();
  return layersOf.isOn("objects") && drawObjects(ctx, to, size, map.getZoom());
}

async function adopt(found) {
  map = found;
  map.attributionControl && map.removeControl(map.attributionControl);
  const tiles = document.body.dataset.tiles;
  if (tiles) window.L.tileLayer(tiles, { maxZoom: 20 }).addTo(map);
  const city = await ask();
  const area = window.L.geoJSON({
    type: "FeatureCollection",
    features: city.features.filter((f) => ["boundary", "site", "school"].includes(f.properties.kind)),
  });
  if (area.getLayers().length) bounds = area.getBounds();
  map.invalidateSize({ animate: false });
  showCity(); // before anything lies on it, so that nothing is placed twice
  labels = drawBase(map, city);
  layers = {
    labels: canvasLayer(map, "labels", 350, (ctx, to, size) => labelled && drawLabels(ctx, to, size, labels, rem())),
    objects: canvasLayer(map, "objects", 450, drawMoving),
  };
  risk.adopt(map);
  layersOf.adopt(map, city, () => mark("objects"));
  const near = () => setAttr(map.getContainer(), "data-near", map.getZoom() >= 17 ? "1" : null);
  map.on("zoomend", () => {
    near();
    if (spoken) mark("map"); // words lie elsewhere now
  });
  near();
  const outside = (at) => Boolean(bounds) && !bounds.contains(at);
  map.on("click", (e) => pressed && pressed({ lon: e.latlng.lng, lat: e.latlng.lat, outside: outside(e.latlng) }));
  new ResizeObserver(resized).observe(map.getContainer());
  document.fonts.ready.then(() => layers.labels.redraw());
  setAttr(byTest("map"), "data-drawn", "1");
  mark("map", "objects");
}

export function start() {
  const pane = byTest("map");
  if (!pane) return Promise.resolve();
  paints("map", paintShapes);
  paints("objects", () => layers && layers.objects.redraw());
  let last = null;
  on("change", () => {
    const now = model.selected && model.selected.id;
    if (now !== last) {
      last = now;
      watchSites();
      if (now && follow) painted(() => model.selected && model.selected.id === now && flyTo(model.selected)); // first the panel
    }
    mark("map");
  });
  on("reset", () => {
    watchSites();
    mark("map");
  });
  onLink("frames", (frames) => {
    takeFrames(frames);
    if (map && performance.now() - drawn >= pixelMs(map.getZoom())) mark("objects");
  });
  onLink("beat", () => forget() && mark("objects"));
  const press = (id, fn) => byId(id) && byId(id).addEventListener("click", fn);
  press("map-city", showCity);
  press("map-follow", (e) => {
    follow = !follow;
    setAttr(e.currentTarget, "aria-pressed", String(follow));
  });
  press("map-labels", (e) => {
    labelled = !labelled;
    setAttr(e.currentTarget, "aria-pressed", String(labelled));
    layers && layers.labels.redraw();
  });
  return new Promise((done) => {
    const take = (m) =>
      adopt(m).then(done, (error) => {
        console.error("map", error);
        done();
      });
    if (window.gwanjeMaps.length) take(window.gwanjeMaps[0]);
    else document.addEventListener("gwanje:map", (e) => take(e.detail), { once: true });
  });
}
