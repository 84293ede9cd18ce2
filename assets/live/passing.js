// What moved at the selected crosswalk at the moment shown, from the tape, on the map's own layer of moving objects.

import { mark } from "./loop.js";
import { model, on } from "./model.js";
import { takeFrames } from "./objects.js";
import * as time from "./time.js";

const PIECE_S = 10; // seconds of the tape asked for at once
const HOLD_MS = 1500; // a frame older than this says nothing about the moment
const PIECES_MAX = 30;
let site = null;
let pieces = new Map(); // number of the piece -> frames [{at_ms, flat}], null while they are asked for
let moment = null;

async function learn(n) {
  if (pieces.has(n)) return;
  const of = pieces;
  of.set(n, null);
  if (of.size > PIECES_MAX) of.delete(of.keys().next().value);
  const q = new URLSearchParams({ site, from: time.iso(n * PIECE_S * 1000), seconds: PIECE_S });
  const answer = await fetch(`/api/v1/replay/objects?${q}`);
  of.set(n, answer.ok ? (await answer.json()).items : []);
  if (of === pieces && moment !== null) show(moment);
}

/** Draws what the crosswalk's sensors saw last at `at` (ms); nothing where the tape has nothing. */
export function show(at) {
  moment = at;
  if (!site) return;
  const n = Math.floor(at / (PIECE_S * 1000));
  learn(n);
  if (at - n * PIECE_S * 1000 > (PIECE_S * 1000) / 2) learn(n + 1); // what comes next is there in time
  const frames = [...(pieces.get(n - 1) || []).slice(-10), ...(pieces.get(n) || [])];
  const last = frames.findLast((f) => f.at_ms <= at && at - f.at_ms <= HOLD_MS);
  takeFrames({ sites: { [site]: last ? last.flat : [] } }, Infinity);
  mark("objects");
}

function choose() {
  const place = model.selected && model.selected.place;
  const now = (place && place.site) || null;
  if (now === site) return;
  if (site) takeFrames({ sites: { [site]: [] } }, 0);
  site = now;
  pieces = new Map();
  if (model.past !== null) show(model.past);
}

/** Follows the selected incident. */
export function start() {
  on("change", choose);
  on("reset", choose);
}
