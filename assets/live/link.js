// The line to the server: one socket; snapshot, deltas, beats; a gap or a lost line ends in a snapshot.

import { io } from "../vendor/socket.io.esm.min.js";
import { setAttr } from "./dom.js";
import { apply, model, reset, takeElsewhere, takeOrder } from "./model.js";
import * as time from "./time.js";

const DEAD_MS = 2500; // nothing heard for so long: the picture is past (SCREENS section 1)
const OLD_MS = 10000; // data older than this is said aloud (SAFETY I10)
const OVER = ["disabled", "expired"]; // a refusal at the door that no further try will change
const TRY_MS = 5000; // a command without an answer is asked again, by HTTP, with the same id

export const link = { up: false, quietMs: 0, oldMs: 0, refused: "" };
const listeners = { beat: [], frames: [], delta: [], link: [], bye: [] };
let socket = null;
let begun = false;
let lastHeard = 0;
let asking = false;
let watched = [];

export function on(what, fn) {
  listeners[what].push(fn);
}

function tell(what, body) {
  for (const fn of listeners[what]) fn(body);
}

function state(up) {
  setAttr(document.body, "data-link", up ? "up" : "down");
  if (link.up === up) return;
  link.up = up;
  tell("link", up);
}

function hear(body) {
  lastHeard = performance.now();
  if (body && body.now !== undefined) time.heard(body.now);
  state(true);
}

function hello() {
  asking = true;
  const body = { last_seq: model.seq, run: model.run };
  if (model.past !== null) body.at = time.iso(model.past);
  socket.emit("hello", body, (answer) => {
    if (answer && answer.status >= 400) link.refused = answer.problem ? answer.problem.code : String(answer.status);
  });
}

function onSnapshot(snapshot) {
  asking = false;
  hear(snapshot);
  if (model.build && snapshot.build && snapshot.build !== model.build) location.reload();
  if (snapshot.mode === "replay") time.hold(snapshot.at ? time.ms(snapshot.at) : model.past);
  else time.hold(null);
  reset(snapshot);
  if (snapshot.calling) takeElsewhere(snapshot.calling);
  setAttr(document.body, "data-seq", model.seq);
  if (watched.length) socket.emit("watch", { sites: watched });
  tell("beat", snapshot);
}

function onDelta(delta) {
  hear(delta);
  if (asking || model.past !== null) return; // the snapshot that was asked for holds it
  if (!apply(delta)) return hello();
  setAttr(document.body, "data-seq", model.seq);
  tell("delta", delta);
}

function onBeat(beat) {
  hear(beat);
  model.ageMs = beat.age_ms || 0;
  if (beat.latency) model.latency = beat.latency;
  if (beat.sources) model.sources = beat.sources;
  if (beat.health) model.health = beat.health;
  if (beat.crisis) model.crisis = beat.crisis;
  if (beat.weather) model.weather = beat.weather;
  if (beat.shift) model.shift = beat.shift;
  if (beat.order && model.past === null) takeOrder(beat.order);
  if (beat.counts && model.past === null) model.counts = beat.counts;
  if (beat.seq > model.seq && !asking && model.past === null) hello(); // a delta was lost on the way
  tell("beat", beat);
}

function watchTheLine() {
  if (model.past !== null) return watchThePast();
  link.quietMs = lastHeard ? performance.now() - lastHeard : 0;
  link.oldMs = link.quietMs + model.ageMs;
  if (link.quietMs > DEAD_MS) state(false);
  tell("beat", null);
}

/** A past moment does not grow old: there the line is up while the socket is. */
function watchThePast() {
  link.quietMs = link.oldMs = 0;
  state(socket.connected);
  tell("beat", null);
}

/** True when the picture on the screen must say that it is old. */
export const isStale = () => !link.up || link.oldMs > OLD_MS;

/** Opens the line, silent until `connect`: it is up by the time the page has something to draw on. */
export function open() {
  socket = io({ transports: ["websocket"], reconnectionDelay: 300, reconnectionDelayMax: 2000, timeout: 4000 });
  socket.on("connect", () => begun && hello());
  socket.on("disconnect", (reason) => {
    state(false);
    // Cut by the server, the library would stay away for good; after a "bye" the page goes elsewhere anyway.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });
  socket.on("connect_error", (error) => {
    link.refused = error.message;
    state(false);
    if (OVER.includes(error.message)) tell("bye", { reason: error.message }); // said while this line was down
  });
  socket.on("snapshot", onSnapshot);
  socket.on("delta", onDelta);
  socket.on("beat", onBeat);
  socket.on("calling", (body) => {
    hear(body);
    if (model.past !== null) takeElsewhere(body.incidents);
  });
  socket.on("frames", (frames) => {
    lastHeard = performance.now();
    tell("frames", frames);
  });
  socket.on("bye", (body) => tell("bye", body || {}));
}

/** Begins to listen. With `past` (ms) the server is asked for that moment instead of the present. */
export function connect(past = null) {
  model.past = past;
  begun = true;
  if (socket.connected) hello();
  setInterval(watchTheLine, 250); // looks at a clock, asks nobody
}

/** Asks for another moment (ms), or for the present with null. */
export function go(past) {
  model.past = past;
  if (past === null) time.hold(null);
  if (socket && socket.connected) hello();
}

/** Says which sites' moving objects this screen shows. */
export function watch(sites) {
  if (String(sites) === String(watched)) return;
  watched = sites;
  if (socket && socket.connected) socket.emit("watch", { sites });
}

/** Reports when a new incident was painted: both times of this machine's steady clock. */
export function reportPaint(id, paintedMs) {
  const sent = performance.timeOrigin + performance.now();
  if (socket && socket.connected) socket.emit("paint", { id, painted_ms: paintedMs, sent_ms: sent });
}

async function byHttp(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const data = await answer.json();
    return answer.ok ? { status: answer.status, incident: data } : { status: answer.status, problem: data };
  } catch {
    return { status: 0, problem: { code: "no_link" } };
  }
}

/** Sends `event` by the socket; with no answer in time the same, with the same id, goes by HTTP once. */
export async function ask(event, body, path, httpBody = body) {
  if (socket && socket.connected) {
    try {
      return await socket.timeout(TRY_MS).emitWithAck(event, body);
    } catch {
      /* no answer: below */
    }
  }
  return byHttp(path, httpBody);
}
