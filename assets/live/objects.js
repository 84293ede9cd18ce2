// Moving objects on one canvas: boxes for vehicles, discs for people, each with where it will be in a second.

const KEEP_MS = 3000; // an object not heard of for so long is not drawn
const FAST_MPS = 20; // the fastest thing in a street, for how often drawing shows something new
const REST_MS = 1000; // the longest between two drawings of what moves less than a pixel meanwhile
const CAR = "#aab3ba";
const PERSON = "#e4e8eb";
const AHEAD = "#6d777f";
const SIZE = { vehicle: [4.5, 1.8], bus: [11, 2.5], truck: [8, 2.5], motorcycle: [2.2, 0.8] };

const sites = new Map(); // site -> {heard, frame, objects: Map(id -> {cls, lon, lat, speed, fromLon, fromLat, frame})}

const metre = (zoom) => 2 ** zoom / 124000; // pixels a metre at 37°N, roughly: sizes and paces only

/** Takes one `frames` message: it replaces the objects of each site it names. `heard`: Infinity for what stays (past). */
export function takeFrames(frames, heard = performance.now()) {
  for (const [name, flat] of Object.entries(frames.sites || {})) {
    const site = sites.get(name) || { frame: 0, objects: new Map() };
    sites.set(name, site);
    site.heard = heard;
    site.frame += 1;
    for (let i = 0; i + 4 < flat.length; i += 5) move(site, flat[i], flat[i + 1], flat[i + 2], flat[i + 3], flat[i + 4]);
    for (const [id, object] of site.objects) if (object.frame !== site.frame) site.objects.delete(id);
  }
}

function move(site, id, cls, lon, lat, speed) {
  let object = site.objects.get(id);
  if (!object) site.objects.set(id, (object = { fromLon: null, fromLat: null }));
  else if (object.lon !== lon || object.lat !== lat) {
    object.fromLon = object.lon;
    object.fromLat = object.lat;
  }
  object.cls = cls;
  object.lon = lon;
  object.lat = lat;
  object.speed = speed;
  object.frame = site.frame;
}

/** Forgets the sites not heard of any more; true when there was one, so that it has to go from the screen. */
export function forget(now = performance.now()) {
  let any = false;
  for (const [name, site] of sites) if (now - site.heard > KEEP_MS) any = sites.delete(name);
  return any;
}

/** How many objects are known (for tests and the status line). */
export const count = () => [...sites.values()].reduce((n, s) => n + s.objects.size, 0);

/** Milliseconds in which the fastest thing gets a pixel on: drawing more often at this zoom shows nothing new. */
export const pixelMs = (zoom) => Math.min(REST_MS, 1000 / (FAST_MPS * metre(zoom)));

function heading(object, p, to) {
  if (object.fromLat === null || object.speed < 0.3) return null;
  const from = to(object.fromLat, object.fromLon);
  const length = Math.hypot(p.x - from.x, p.y - from.y);
  return length < 0.01 ? null : [(p.x - from.x) / length, (p.y - from.y) / length];
}

function car(ctx, p, [cos, sin], size, scale, density) {
  const [length, width] = [Math.max(size[0] * scale, 5), Math.max(size[1] * scale, 3)];
  ctx.setTransform(cos * density, sin * density, -sin * density, cos * density, p.x * density, p.y * density);
  ctx.fillStyle = CAR;
  ctx.fillRect(-length / 2, -width / 2, length, width);
  ctx.setTransform(density, 0, 0, density, 0, 0);
}

function person(ctx, p, cls, scale) {
  ctx.beginPath();
  const radius = Math.max(0.45 * scale, 2.5);
  ctx.arc(p.x, p.y, radius, 0, 7);
  ctx.fillStyle = PERSON;
  ctx.fill();
  if (cls !== "child") return;
  ctx.beginPath(); // a child has a ring: told by shape, colour stays for alarms
  ctx.arc(p.x, p.y, radius + 2.5, 0, 7);
  ctx.strokeStyle = PERSON;
  ctx.lineWidth = 1;
  ctx.stroke();
}

function ahead(ctx, p, way, reach) {
  ctx.strokeStyle = AHEAD;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(p.x, p.y);
  ctx.lineTo(p.x + way[0] * reach, p.y + way[1] * reach);
  ctx.stroke();
}

const EAST = [1, 0];

/** Draws all objects that are near the view; false when none is. */
export function drawObjects(ctx, to, size, zoom) {
  const scale = metre(zoom);
  const density = window.devicePixelRatio || 1;
  let any = false;
  forget();
  for (const { objects } of sites.values()) {
    for (const object of objects.values()) {
      const p = to(object.lat, object.lon);
      if (p.x < -40 || p.y < -40 || p.x > size.x + 40 || p.y > size.y + 40) continue;
      any = true;
      const way = heading(object, p, to);
      if (way && zoom >= 17) ahead(ctx, p, way, object.speed * scale);
      if (SIZE[object.cls]) car(ctx, p, way || EAST, SIZE[object.cls], scale, density);
      else person(ctx, p, object.cls, scale);
    }
  }
  return any;
}
