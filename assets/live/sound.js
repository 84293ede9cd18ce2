// Sound by priority with WebAudio: no files, no delay. A P1 repeats every 10 s until acknowledged, what nobody looks at
// every 30 s and louder. Mute ends by itself, and does not cover what is called to this very screen.

import { byId, icon, setAttr } from "./dom.js";
import { calling, isCalledHere, isCalling, model, on } from "./model.js";
import { mark, paints } from "./loop.js";
import { t } from "./words.js";

const MUTE_MS = 120000; // at most two minutes, and it is shown
const REPEAT_MS = { 1: 10000, 2: 30000, 3: 30000 };
const GAINS = [0.18, 0.3, 0.42, 0.42]; // by level of being unattended
// Notes of a pattern: [start s, length s, Hz]. Urgent is faster and rises (IEC 60601-1-8 in spirit: 10, 3, 1 pulses).
const PATTERNS = {
  1: [
    [0, 0.12, 740],
    [0.18, 0.12, 880],
    [0.36, 0.12, 988],
    [0.72, 0.12, 740],
    [0.9, 0.12, 988],
  ],
  2: [
    [0, 0.18, 660],
    [0.28, 0.18, 660],
    [0.56, 0.18, 784],
  ],
  3: [[0, 0.2, 523]],
};
let audio = null;
let mutedUntil = 0;
const played = { 1: 0, 2: 0, 3: 0 };

const heard = new Map(); // id -> the level that was sounded last

const muted = () => performance.now() < mutedUntil;
const blocked = () => !audio || audio.state !== "running";

/** Whether the browser lets nothing be heard. */
export const isBlocked = blocked;

/** Plays the pattern of a priority, louder by level, unless blocked by the browser or muted (a call here is not). */
export function play(priority, level = 0, here = false) {
  const pattern = PATTERNS[priority];
  if (!pattern || (muted() && !here) || blocked()) return;
  played[priority] = performance.now();
  const loud = GAINS[level];
  const start = audio.currentTime + 0.02;
  for (const [at, length, hertz] of pattern) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(loud, start + at + 0.01);
    gain.gain.setValueAtTime(loud, start + at + length - 0.03);
    gain.gain.linearRampToValueAtTime(0, start + at + length);
    tone.connect(gain).connect(audio.destination);
    tone.start(start + at);
    tone.stop(start + at + length);
  }
}

function wake() {
  if (!audio && window.AudioContext) {
    audio = new AudioContext();
    audio.onstatechange = () => mark("sound");
  }
  if (audio && audio.state === "suspended") audio.resume();
  mark("sound");
}

function paint() {
  const button = byId("sound");
  if (!button) return;
  button.hidden = false;
  const left = Math.ceil((mutedUntil - performance.now()) / 1000);
  const state = blocked() ? "off" : muted() ? "muted" : "on";
  setAttr(button, "data-state", state);
  const text = state === "muted" ? t("bar.sound_muted", { n: left }) : t(`bar.sound_${state}`);
  if (button.textContent !== text) button.replaceChildren(icon(state === "on" ? "volume-2" : "volume-x"), text);
}

function press() {
  if (blocked()) wake();
  else mutedUntil = muted() ? 0 : performance.now() + MUTE_MS;
  mark("sound");
}

function repeat() {
  if (muted() || byId("sound").dataset.state === "muted") mark("sound"); // counts down, and once more when it is over
  const loud = calling().filter((v) => (v.p === 1 || v.call) && REPEAT_MS[v.p]);
  if (!loud.length) return;
  const p = Math.min(...loud.map((v) => v.p)); // one voice at a time, the most urgent
  if (performance.now() - played[p] < REPEAT_MS[p]) return;
  const those = loud.filter((v) => v.p === p);
  play(p, Math.max(...those.map((v) => v.call || 0)), those.some(isCalledHere));
}

/** A level that has just been reached is heard at once. */
function reached(changes) {
  for (const { incident: v } of changes) {
    if (!v || !isCalling(v) || !v.call || heard.get(v.id) === v.call) continue;
    heard.set(v.id, v.call);
    if (model.past === null) play(v.p, v.call, isCalledHere(v));
  }
  for (const id of heard.keys()) if (!model.incidents.has(id)) heard.delete(id);
}

export function start() {
  paints("sound", paint);
  const sound = (views, first) => {
    if (first || model.past !== null) return;
    play(Math.min(...views.filter(isCalling).map((v) => v.p)));
  };
  on("fresh", sound);
  on("louder", sound);
  on("change", reached);
  byId("sound").addEventListener("click", press);
  for (const gesture of ["pointerdown", "keydown"])
    document.addEventListener(gesture, wake, { once: true, capture: true });
  document.addEventListener("gwanje:lang", () => {
    byId("sound").textContent = "";
    mark("sound");
  });
  setInterval(repeat, 1000);
  wake();
}
