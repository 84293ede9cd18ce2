// The moment again: the crosswalk with what its sensors saw around the detection, played on a person's wish.

import { h, once } from "./dom.js";
import { lang, t } from "./words.js";

const MARGIN_M = 4; // around what there is to see
const REACH_M = 45; // farther away nothing matters for this moment
const SIZE = { vehicle: [4.5, 1.8], bus: [11, 2.5], truck: [8, 2.5], motorcycle: [2.2, 0.8] };
const INK = { ground: "#262b30", cross: "#4a535a", line: "#8a949c", other: "#6d777f", car: "#e4e8eb", who: "#f08c3a" };
let shown = null; // {scene, at, playing, canvas, slider, time}

/** What the picture must hold, in metres: the crosswalk, the objects it is about on their way, no more than REACH_M. */
function extent(scene) {
  const near = ([x, y]) => Math.hypot(x, y) <= REACH_M;
  const points = [
    ...scene.crosswalk,
    ...scene.stop_lines.flatMap(([a, b, c, d]) => [
      [a, b],
      [c, d],
    ]),
  ];
  for (const picture of scene.pictures) {
    for (const [id, , x, y] of picture.objects) if (scene.about.includes(id) && near([x, y])) points.push([x, y]);
  }
  if (!points.length) points.push([-20, -12], [20, 12]);
  const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return [
    Math.min(...xs) - MARGIN_M,
    Math.min(...ys) - MARGIN_M,
    Math.max(...xs) + MARGIN_M,
    Math.max(...ys) + MARGIN_M,
  ];
}

/** Metres of the site (x east, y north) to pixels of the canvas, the whole extent in the middle. */
function projection(canvas, [x0, y0, x1, y1]) {
  const scale = Math.min(canvas.width / (x1 - x0), canvas.height / (y1 - y0));
  const [cx, cy] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const to = (x, y) => [canvas.width / 2 + (x - cx) * scale, canvas.height / 2 - (y - cy) * scale];
  return { to, scale };
}

function path(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
}

function ground(ctx, scene, { to }) {
  ctx.fillStyle = INK.ground;
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  if (scene.crosswalk.length) {
    path(
      ctx,
      scene.crosswalk.map(([x, y]) => to(x, y)),
    );
    ctx.fillStyle = INK.cross;
    ctx.fill();
  }
  ctx.strokeStyle = INK.line;
  ctx.lineWidth = 3;
  for (const [x1, y1, x2, y2] of scene.stop_lines) {
    path(ctx, [to(x1, y1), to(x2, y2)]);
    ctx.stroke();
  }
}

function thing(ctx, [id, cls, x, y, vx, vy], scene, { to, scale }) {
  const about = scene.about.includes(id);
  const [px, py] = to(x, y);
  ctx.fillStyle = about ? INK.who : SIZE[cls] ? INK.other : INK.car;
  ctx.strokeStyle = ctx.fillStyle;
  ctx.lineWidth = 1.5;
  path(ctx, [[px, py], to(x + vx, y + vy)]); // where it will be in a second
  ctx.stroke();
  ctx.save();
  ctx.translate(px, py);
  if (SIZE[cls]) {
    ctx.rotate(-Math.atan2(vy, vx));
    const [length, width] = SIZE[cls].map((m) => m * scale);
    ctx.fillRect(-length / 2, -width / 2, length, width);
  } else {
    ctx.beginPath();
    ctx.arc(0, 0, Math.max(4, 0.5 * scale), 0, 7);
    ctx.fill();
  }
  ctx.restore();
}

function draw() {
  const { scene, canvas, at } = shown;
  const picture = scene.pictures[at];
  const ctx = canvas.getContext("2d");
  const view = projection(canvas, extent(scene));
  ground(ctx, scene, view);
  for (const object of picture.objects) thing(ctx, object, scene, view);
  shown.slider.value = String(at);
  const s = ((picture.at_ms - scene.at_ms) / 1000).toFixed(1);
  shown.time.textContent =
    t("scene.at", { s: s > 0 ? `+${s}` : s }) + (picture.walk ? ` · ${t(`value.${picture.walk}`)}` : "");
}

function stop() {
  if (shown) clearTimeout(shown.playing);
  if (shown) shown.playing = null;
}

/** Plays in the time in which it happened; a person's press starts it, the end stops it. */
function play() {
  const { scene, canvas } = shown;
  if (!canvas.isConnected) return stop(); // another incident is on the panel
  const next = shown.at + 1;
  if (next >= scene.pictures.length) return stop();
  const wait = scene.pictures[next].at_ms - scene.pictures[shown.at].at_ms;
  shown.playing = setTimeout(
    () => {
      shown.at = next;
      draw();
      play();
    },
    Math.min(1000, wait),
  );
}

/** The picture at which it was decided. */
const deciding = (scene) =>
  Math.max(
    0,
    scene.pictures.findLastIndex((p) => p.at_ms <= scene.at_ms),
  );

function player(scene) {
  stop();
  const canvas = h("canvas", { class: "scene", width: 800, height: 440, role: "img", "aria-label": t("scene.title") });
  const slider = h("input", {
    type: "range",
    min: 0,
    max: scene.pictures.length - 1,
    step: 1,
    "aria-label": t("scene.at", { s: "" }),
  });
  shown = { scene, at: deciding(scene), playing: null, canvas, slider, time: h("span", { class: "quiet" }) };
  slider.addEventListener("input", () => {
    stop();
    shown.at = Number(slider.value);
    draw();
  });
  const again = () => {
    stop();
    shown.at = 0;
    draw();
    play();
  };
  const button = h("button", { type: "button", onclick: again }, t("scene.play"));
  draw();
  return [canvas, h("div", { class: "scene-acts" }, button, slider, shown.time)];
}

/** Draws the way to the scene of an incident at a crosswalk; it is asked for by a press. */
export function scene(host, view) {
  host.hidden = !(view.place && view.place.site);
  once(host, `${view.id} ${lang()}`, () => offer(host, view));
}

function offer(host, view) {
  stop();
  const ask = h("button", { type: "button", class: "scene-ask" }, t("scene.show"));
  ask.addEventListener("click", async () => {
    const byKey = document.activeElement === ask; // a button that is dead has no focus any more
    ask.disabled = true;
    const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(view.id)}/scene`);
    const found = answer.ok ? await answer.json() : { pictures: [] };
    if (!ask.isConnected) return; // another incident was chosen meanwhile
    host.replaceChildren(...(found.pictures.length ? player(found) : [h("p", { class: "hint" }, t("scene.none"))]));
    if (byKey && found.pictures.length) host.querySelector("button").focus();
  });
  host.replaceChildren(ask);
}
