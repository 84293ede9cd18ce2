// Moving objects on one canvas: boxes for vehicles, discs for people, each with where it will be in a second.

const KEEP_MS = 3000; // an object not heard of for so long is not drawn
const CAR = "#aab3ba";
const PERSON = "#e4e8eb";
const SIZE = { vehicle: [4.5, 1.8], bus: [11, 2.5], truck: [8, 2.5], motorcycle: [2.2, 0.8] };

const sites = new Map(); // site -> {heard, objects: Map(id -> {cls, lon, lat, speed, was: [lon, lat]})}

/** Takes one `frames` message: it replaces the objects of each site it names. `heard`: Infinity for what stays (past). */
export function takeFrames(frames, heard = performance.now()) {
  for (const [site, flat] of Object.entries(frames.sites || {})) {
    const old = sites.get(site);
    const objects = new Map();
    for (let i = 0; i + 4 < flat.length; i += 5) {
      const [id, cls, lon, lat, speed] = flat.slice(i, i + 5);
      const before = old && old.objects.get(id);
      const moved = before && (before.lon !== lon || before.lat !== lat);
      objects.set(id, { cls, lon, lat, speed, was: moved ? [before.lon, before.lat] : before ? before.was : null });
    }
    sites.set(site, { heard, objects });
  }
}

/** How many objects are known (for tests and the status line). */
export const count = () => [...sites.values()].reduce((n, s) => n + s.objects.size, 0);

function heading(object, to) {
  if (!object.was || object.speed < 0.3) return null;
  const [a, b] = [to(object.was[1], object.was[0]), to(object.lat, object.lon)];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  return length < 0.01 ? null : [(b.x - a.x) / length, (b.y - a.y) / length];
}

function car(ctx, p, way, size, scale) {
  const [length, width] = [Math.max(size[0] * scale, 5), Math.max(size[1] * scale, 3)];
  ctx.save();
  ctx.translate(p.x, p.y);
  if (way) ctx.rotate(Math.atan2(way[1], way[0]));
  ctx.fillStyle = CAR;
  ctx.fillRect(-length / 2, -width / 2, length, width);
  ctx.restore();
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

/** Draws all objects that are near the view. */
export function drawObjects(ctx, to, size, zoom) {
  const scale = 2 ** zoom / 124000; // pixels a metre at 37°N, roughly: sizes only
  const now = performance.now();
  for (const [site, { heard, objects }] of sites) {
    if (now - heard > KEEP_MS) {
      sites.delete(site);
      continue;
    }
    for (const object of objects.values()) {
      const p = to(object.lat, object.lon);
      if (p.x < -40 || p.y < -40 || p.x > size.x + 40 || p.y > size.y + 40) continue;
      const way = heading(object, to);
      if (way && zoom >= 17) {
        const reach = object.speed * scale;
        ctx.strokeStyle = "#6d777f";
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(p.x, p.y);
        ctx.lineTo(p.x + way[0] * reach, p.y + way[1] * reach);
        ctx.stroke();
      }
      if (SIZE[object.cls]) car(ctx, p, way, SIZE[object.cls], scale);
      else person(ctx, p, object.cls, scale);
    }
  }
}
