// What this screen knows: incidents by id, folded from one snapshot and the deltas after it. Nothing else holds state.

import * as time from "./time.js";

export const model = {
  incidents: new Map(), // id -> view, open ones
  seq: 0,
  run: null,
  mode: "live",
  build: null,
  role: "",
  user: "",
  lang: "",
  counts: {},
  latency: {},
  health: {},
  sources: null,
  ageMs: 0,
  selected: null, // the view on the panel; stays when it leaves the queue
  past: null, // the moment shown, in replay
  filter: "all",
};

const listeners = { change: [], reset: [], fresh: [] };

/** Calls `fn` on `change` (ids), `reset` (a snapshot came), `fresh` (views new to this screen). */
export function on(what, fn) {
  listeners[what].push(fn);
}

function tell(what, ...args) {
  for (const fn of listeners[what]) fn(...args);
}

function keepSelected(view) {
  if (model.selected && view.id === model.selected.id) model.selected = view;
}

// Derived once a view: `p` is the priority as a number.
function read(view) {
  view.p = Number(String(view.priority).slice(1)) || 4;
  return view;
}

/** Takes a snapshot: it replaces everything, so no row is missed or repeated after a lost link. */
export function reset(snapshot) {
  const known = model.incidents;
  model.incidents = new Map(snapshot.incidents.map((v) => [v.id, read(v)]));
  for (const name of ["seq", "run", "build", "mode", "role", "user", "lang", "counts", "latency", "health"]) {
    if (snapshot[name] !== undefined) model[name] = snapshot[name];
  }
  if (model.selected) {
    const view = model.incidents.get(model.selected.id);
    if (view) model.selected = view;
  }
  tell("reset", snapshot);
  const fresh = snapshot.incidents.filter((v) => !known.has(v.id));
  if (fresh.length) tell("fresh", fresh, true);
}

/** Takes a delta; false when one is missing before it (the caller asks for a snapshot). */
export function apply(delta) {
  if (delta.prev !== model.seq) return delta.seq <= model.seq;
  model.seq = delta.seq;
  const fresh = [];
  if (delta.counts) model.counts = delta.counts;
  for (const change of delta.changes) {
    if (change.incident) read(change.incident);
    if (change.op === "put") {
      if (!model.incidents.has(change.id)) fresh.push(change.incident);
      model.incidents.set(change.id, change.incident);
      keepSelected(change.incident);
    } else {
      model.incidents.delete(change.id);
      if (change.incident) keepSelected(change.incident);
    }
  }
  tell("change", delta.changes);
  if (fresh.length) tell("fresh", fresh, false);
  return true;
}

/** Takes one incident as an answer to a command gave it, before its delta comes. */
export function take(view) {
  read(view);
  if (model.incidents.has(view.id) && !CLOSED.has(view.state)) model.incidents.set(view.id, view);
  keepSelected(view);
  tell("change", [{ op: "put", id: view.id, incident: view }]);
}

/** Shows an incident that need not be in the queue (a page of its own). */
export function adopt(view) {
  model.selected = model.incidents.get(view.id) || read(view);
  tell("change", []);
}

const CLOSED = new Set(["resolved", "closed"]);
export const isNew = (v) => v.state === "new";
export const isClosed = (v) => CLOSED.has(v.state);
export const isNotice = (v) => v.annunciated === false;
/** An unacknowledged, annunciated incident is what colour and sound are for. */
export const isCalling = (v) => isNew(v) && !isNotice(v);

const FILTERS = {
  new: (v) => isCalling(v), // a notice asks for nobody
  work: (v) => !isNew(v) && v.state !== "shelved",
  all: () => true,
};

export const TARGET_S = { 1: 15, 2: 60, 3: 300, 4: 1800 }; // as stream/order.py
const STEP = 5; // waiting moves a row in steps, so that rows don't trade places each second

/** Points for waiting while nobody has seen it, as `stream.order.waiting`. */
export function waiting(v, at = time.now()) {
  if (!isNew(v)) return 0;
  const waited = Math.max(0, at - openedMs(v)) / 1000;
  return Math.min(10, Math.floor((waited * STEP) / TARGET_S[v.p])) || 0;
}

const band = (v) => (v.state === "shelved" ? 2 : v.p === 1 ? 0 : 1);

/** Order of the queue, as `stream.order.rank`: P1, the others, the shelved; in each by points, then age. */
function sorted(views) {
  const at = time.now();
  const keyed = views.map((v) => [band(v), -(v.score + Math.floor(waiting(v, at) / STEP) * STEP), openedMs(v), v]);
  keyed.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || (a[3].id < b[3].id ? -1 : 1));
  return keyed.map((k) => k[3]);
}

/** Views that pass the filter, in order. */
export function ordered(filter = model.filter) {
  return sorted([...model.incidents.values()].filter(FILTERS[filter]));
}

/** How many views each filter holds. */
export function tally() {
  const out = { new: 0, work: 0, all: 0 };
  for (const v of model.incidents.values()) for (const name in out) out[name] += FILTERS[name](v) ? 1 : 0;
  return out;
}

/** Selects an incident by id (null clears). */
export function select(id) {
  const view =
    id === null
      ? null
      : model.incidents.get(id) || (model.selected && model.selected.id === id ? model.selected : null);
  model.selected = view;
  tell("change", []);
}

export const openedMs = (v) => v.opened_ms ?? time.ms(v.opened_at);
