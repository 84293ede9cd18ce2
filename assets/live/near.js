// How near incidents are to one another: what happened at the same place comes first, then by metres.

const METRES = 111320; // a degree of latitude

/** Metres between two places, on the plane at their latitude: sizes for a list, not for a decision. */
export function metres(a, b) {
  const east = (b.lon - a.lon) * METRES * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(east, (b.lat - a.lat) * METRES);
}

const samePlace = (a, b) =>
  (a.subject && a.subject === b.subject) ||
  (a.place && b.place && ["site", "household"].some((k) => a.place[k] && a.place[k] === b.place[k]));

/** The others by nearness: [{view, metres (null: one has no place), same}]. */
export function near(v, others) {
  const told = others.map((o) => ({
    view: o,
    same: Boolean(samePlace(v, o)),
    metres: v.place && o.place ? metres(v.place, o.place) : null,
  }));
  const order = (x) => (x.same ? -1 : (x.metres ?? Infinity));
  return told.sort((a, b) => order(a) - order(b) || 0);
}
