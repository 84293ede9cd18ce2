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
  crisis: [], // heat and cold warnings that hold, the gravest first
  sources: null,
  ageMs: 0,
  weather: [], // other warnings of the weather that hold
  shift: [], // hand-overs that wait: [{id, by, to}]
  selected: null, // the view on the panel; stays when it leaves the queue
  past: null, // the moment shown, in replay
  elsewhere: [], // what calls for a person meanwhile, as the server tells a screen that shows the past
  filter: "all",
};

const listeners = { change: [], reset: [], fresh: [], louder: [], elsewhere: [] };

/** Calls `fn` on `change` (ids), `reset` (a snapshot came), `fresh` (views new to this screen), `louder` (known ones that call now and did not, or more urgently), `elsewhere`. */
export function on(what, fn) {
  listeners[what].push(fn);
}

function tell(what, ...args) {
  ranked = null;
  for (const fn of listeners[what]) fn(...args);
}

function keepSelected(view) {
  if (model.selected && view.id === model.selected.id) model.selected = view;
}

// Derived once a view: `p` is the priority as a number.
function read(view) {
  view.p = Number(String(view.priority).slice(1)) || 4;
  view.rank ??= [view.state === "shelved" ? 2 : view.p === 1 ? 0 : 1, -(view.score || 0), view.opened_ms || 0];
  return view;
}

/** Takes a snapshot: it replaces everything, so no row is missed or repeated after a lost link. */
export function reset(snapshot) {
  const known = model.incidents;
  model.incidents = new Map(snapshot.incidents.map((v) => [v.id, read(v)]));
  for (const name of ["seq", "run", "build", "mode", "role", "user", "lang", "counts", "latency", "health", "crisis", "shift", "weather"]) {
    if (snapshot[name] !== undefined) model[name] = snapshot[name];
  }
  if (model.selected) {
    const view = model.incidents.get(model.selected.id);
    if (view) model.selected = view;
  }
  takeOrder(snapshot.incidents.map((v) => v.id));
  tell("reset", snapshot);
  const fresh = snapshot.incidents.filter((v) => !known.has(v.id));
  if (fresh.length) tell("fresh", fresh, true);
}

/** Takes a delta; false when one is missing before it (the caller asks for a snapshot). */
export function apply(delta) {
  if (delta.prev !== model.seq) return delta.seq <= model.seq;
  model.seq = delta.seq;
  const [fresh, louder] = [[], []];
  if (delta.counts) model.counts = delta.counts;
  for (const change of delta.changes) {
    if (change.incident) read(change.incident);
    told.delete(change.id);
    if (change.op === "put") {
      const was = model.incidents.get(change.id);
      if (!was) fresh.push(change.incident);
      else if (isCalling(change.incident) && (!isCalling(was) || change.incident.p < was.p)) louder.push(change.incident);
      model.incidents.set(change.id, change.incident);
      keepSelected(change.incident);
    } else {
      model.incidents.delete(change.id);
      if (change.incident) keepSelected(change.incident);
    }
  }
  tell("change", delta.changes);
  if (fresh.length) tell("fresh", fresh, false);
  if (louder.length) tell("louder", louder);
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

/** Whether the server has told anything yet: before that nothing is known, least of all that all is calm. */
export const isTold = () => model.run !== null;

const CLOSED = new Set(["resolved", "closed"]);
export const isNew = (v) => v.state === "new";
export const isClosed = (v) => CLOSED.has(v.state);
export const isNotice = (v) => v.annunciated === false;
/** An unacknowledged, annunciated incident is what colour and sound are for. */
export const isCalling = (v) => isNew(v) && !isNotice(v);
/** Called to this screen because nobody looked: the supervisors' from the third level on, the others' from the second. */
export const isCalledHere = (v) => isCalling(v) && (v.call || 0) >= (model.role === "supervisor" ? 3 : 2);

/** What may not wait for somebody to look by himself: a P1, or what was called to this screen. */
export const isUrgent = (v) => isCalling(v) && (v.p === 1 || isCalledHere(v));

/** What calls for a person now, also while this screen shows the past. */
export const calling = () => (model.past === null ? [...model.incidents.values()] : model.elsewhere).filter(isCalling);

/** Takes what calls now while this screen shows the past. */
export function takeElsewhere(views) {
  model.elsewhere = views.map(read);
  tell("elsewhere");
}

const FILTERS = {
  new: (v) => isCalling(v), // a notice asks for nobody
  work: (v) => !isNew(v) && v.state !== "shelved",
  shelved: (v) => v.state === "shelved",
  all: () => true,
};

export const TARGET_S = { 1: 15, 2: 60, 3: 300, 4: 1800 }; // as stream/order.py

/** Points for waiting while nobody has seen it, as `stream.order.waiting`. */
export function waiting(v, at = time.now()) {
  if (!isNew(v)) return 0;
  const waited = Math.max(0, at - openedMs(v)) / 1000;
  return Math.min(10, Math.floor((waited * 5) / TARGET_S[v.p])) || 0;
}

// The queue's order is the server's: a snapshot and `beat.order` tell it; what came or changed since stands by its rank.
let told = new Map(); // id -> place in the order that the server told last

/** Takes the server's order (ids, the first of them). */
export function takeOrder(ids) {
  ranked = null;
  told = new Map(ids.map((id, i) => [id, i]));
}

const ranks = (a, b) =>
  a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2] || (a.id < b.id ? -1 : 1);

function sorted(views) {
  const known = views.filter((v) => told.has(v.id)).sort((a, b) => told.get(a.id) - told.get(b.id));
  const others = views.filter((v) => !told.has(v.id)).sort(ranks);
  const out = [];
  let i = 0;
  for (const v of others) {
    while (i < known.length && ranks(known[i], v) <= 0) out.push(known[i++]);
    out.push(v);
  }
  return out.concat(known.slice(i));
}

// Sorted once a change, however many parts of the screen ask.
let ranked = null;

/** Views that pass the filter, in order. */
export function ordered(filter = model.filter) {
  ranked ??= sorted([...model.incidents.values()]);
  return ranked.filter(FILTERS[filter]);
}

/** What the key A acknowledges: the chosen one; with none chosen the topmost that calls. */
export function nextToAcknowledge() {
  if (model.selected) return isNew(model.selected) ? model.selected : null;
  return ordered("new")[0] || null;
}

/** How many views each filter holds, of those that pass. */
export function tally(passes = () => true) {
  const out = { new: 0, work: 0, shelved: 0, all: 0 };
  for (const v of model.incidents.values()) for (const name in out) out[name] += FILTERS[name](v) && passes(v) ? 1 : 0;
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
