// The base map, offline: the city file drawn as canvas layers in three greys, labels placed so that none covers another.

import { h } from "./dom.js";

const GREY = { water: "#1d262e", land: "#1a1e22", line: "#2b3238", road: "#353c43", main: "#454e56", zone: "#5c6670" };
const LABELS = 20; // at most so many at a time (SCREENS section 4)
const SPARE = 0.15; // of the view, drawn around it for a drag: each tenth more is a fifth more to draw at every move
const RANK = { boundary: 1, school: 2, place: 3, agency: 3, zone: 4 };

function style(feature) {
  const p = feature.properties || {};
  if (p.kind === "water")
    return {
      color: GREY.water,
      weight: 6,
      fill: feature.geometry.type !== "LineString",
      fillColor: GREY.water,
      fillOpacity: 1,
      opacity: 1,
    };
  if (p.kind === "boundary")
    return { color: GREY.line, weight: 1.2, fill: true, fillColor: GREY.land, fillOpacity: 1, dashArray: "4 4" };
  if (p.kind === "road")
    return MAIN.has(String(p.rank)) ? { color: GREY.main, weight: 3.5 } : { color: GREY.road, weight: 1.8 };
  if (p.kind === "zone") return { color: GREY.zone, weight: 1.2, fill: true, fillColor: GREY.zone, fillOpacity: 0.1 };
  return { color: GREY.zone, weight: 1, fill: false };
}

// Ranks of the national road file: 101 expressway, 102-104 national and metropolitan roads.
const MAIN = new Set(["101", "102", "103", "104", "motorway", "trunk", "primary"]);
const ORDER = ["boundary", "water", "road", "zone"];

/** Draws the city on `map` and gives back its labelled points: [{name, kind, lat, lon}]. */
export function drawBase(map, city) {
  const L = window.L;
  const thick = rem() / 15; // lines grow with the type
  const renderer = L.canvas({ padding: SPARE, pane: "tilePane" });
  const labels = [];
  for (const kind of ORDER) {
    for (const f of city.features.filter((x) => x.properties.kind === kind)) {
      const plain = style(f);
      const look = { ...plain, weight: plain.weight * thick, renderer, interactive: false, pane: "tilePane" };
      if (kind === "zone" && f.geometry.type === "Point") {
        const [lon, lat] = f.geometry.coordinates;
        L.circle([lat, lon], { ...look, radius: f.properties.radius_m || 300 }).addTo(map);
      } else {
        L.geoJSON(f, { ...look, style: () => look }).addTo(map);
      }
    }
  }
  for (const f of city.features) {
    const at = middle(f);
    if (f.properties.kind === "site") site(map, f, renderer);
    if (at && f.properties.name && RANK[f.properties.kind])
      labels.push({ name: f.properties.name, kind: f.properties.kind, lon: at[0], lat: at[1] });
  }
  labels.sort((a, b) => RANK[a.kind] - RANK[b.kind]);
  return labels;
}

/** A crosswalk: its polygon in the site's metres, put on the map; a small cross where it has none. */
function site(map, f, renderer) {
  const L = window.L;
  const [lon, lat] = f.geometry.coordinates;
  const back = ([x, y]) => [lat + y / 111320, lon + x / (111320 * Math.cos((lat * Math.PI) / 180))];
  const look = { renderer, interactive: false, pane: "tilePane" };
  if (f.properties.crosswalk)
    L.polygon(f.properties.crosswalk.map(back), {
      ...look,
      color: "#7d878f",
      weight: 1,
      fillColor: "#7d878f",
      fillOpacity: 0.35,
    }).addTo(map);
  for (const [x1, y1, x2, y2] of f.properties.stop_lines || [])
    L.polyline([back([x1, y1]), back([x2, y2])], { ...look, color: "#9aa4ac", weight: 2 }).addTo(map);
  L.circleMarker([lat, lon], {
    ...look,
    radius: 2.5,
    color: "#7d878f",
    weight: 1,
    fillColor: "#14171a",
    fillOpacity: 1,
  }).addTo(map);
}

function middle(f) {
  const g = f.geometry;
  if (g.type === "Point") return g.coordinates;
  if (g.type !== "Polygon" && g.type !== "MultiPolygon") return null;
  const rings = g.type === "Polygon" ? [g.coordinates[0]] : g.coordinates.map((p) => p[0]);
  const ring = rings.sort((a, b) => b.length - a.length)[0];
  const [xs, ys] = [ring.map((c) => c[0]), ring.map((c) => c[1])];
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

let typeSize = 0;
addEventListener("resize", () => (typeSize = 0));

/** Pixels of one rem; asked of the style once a window size, because asking makes the browser work out all styles. */
export function rem() {
  typeSize ||= parseFloat(getComputedStyle(document.documentElement).fontSize);
  return typeSize;
}

/** From degrees to pixels of the view, without Leaflet's three objects a point: there are 2,000, ten times a second. */
function projector(map) {
  const world = 256 * 2 ** map.getZoom();
  const zero = map.containerPointToLayerPoint([0, 0]).add(map.getPixelOrigin());
  return (lat, lon) => {
    const s = Math.sin((lat * Math.PI) / 180);
    return { x: world * (lon / 360 + 0.5) - zero.x, y: world * (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) - zero.y };
  };
}

/**
 * A canvas over the map that follows it: `draw(ctx, toPoint, size)` is called when the view is another and by
 * `redraw()`. One that answers false drew nothing: its canvas is taken out of what the browser puts together.
 */
export function canvasLayer(map, paneName, zIndex, draw) {
  const pane = map.getPane(paneName) || map.createPane(paneName);
  pane.style.zIndex = zIndex;
  pane.style.pointerEvents = "none";
  const canvas = h("canvas", {});
  pane.append(canvas);
  const ctx = canvas.getContext("2d");
  let drawn = "";
  const view = () => [map.getZoom(), map.getPixelOrigin(), map.containerPointToLayerPoint([0, 0]), map.getSize()].join(" ");
  const redraw = () => {
    const size = map.getSize();
    const scale = window.devicePixelRatio || 1;
    const [w, hgt] = [Math.round(size.x * scale), Math.round(size.y * scale)];
    if (canvas.width !== w || canvas.height !== hgt) {
      canvas.width = w;
      canvas.height = hgt;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    drawn = view();
    window.L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.clearRect(0, 0, size.x, size.y);
    const empty = draw(ctx, projector(map), size) === false;
    if (canvas.hidden !== empty) canvas.hidden = empty;
  };
  map.on("moveend zoomend viewreset resize", () => view() !== drawn && redraw()); // one move tells several of them
  map.on("zoomstart", () => {
    canvas.style.visibility = "hidden";
  });
  map.on("zoomend", () => {
    canvas.style.visibility = "";
  });
  redraw();
  return { redraw };
}

/** Draws labels, the important first, leaving out each that would cover one already there. */
export function drawLabels(ctx, toPoint, size, labels, rem) {
  const boxes = [];
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const label of labels) {
    if (boxes.length >= LABELS) break;
    const p = toPoint(label.lat, label.lon);
    if (p.x < 0 || p.y < 0 || p.x > size.x || p.y > size.y) continue;
    const px = (label.kind === "boundary" ? 0.95 : 0.8) * rem;
    ctx.font = `${label.kind === "boundary" ? 600 : 400} ${px}px "Pretendard Variable", "Noto Sans CJK KR", sans-serif`;
    const w = ctx.measureText(label.name).width / 2 + 6;
    const y = label.kind === "boundary" ? p.y : p.y + px;
    const box = [p.x - w, y - px * 0.8, p.x + w, y + px * 0.8];
    if (boxes.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) continue;
    boxes.push(box);
    ctx.lineWidth = 3;
    ctx.strokeStyle = "#15181b";
    ctx.strokeText(label.name, p.x, y);
    ctx.fillStyle = label.kind === "boundary" ? "#8a949c" : "#aab3ba";
    ctx.fillText(label.name, p.x, y);
  }
}
