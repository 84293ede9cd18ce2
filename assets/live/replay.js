// A past moment on the same screen: magenta frame, dead buttons, a slider; the moment stands in the address.

import { byId, h, setAttr, setText } from "./dom.js";
import { connect, go, on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { model, on } from "./model.js";
import * as time from "./time.js";
import { t } from "./words.js";

const SPEEDS = [1, 4, 16, 60];
const HOUR = 3600e3;
const STEP_MS = 1000;
let range = null; // {first, last}
let slider = null;
let playing = null;
let speed = 1;

/** The moment that the address asks for, ms, or null for the present. */
export function asked() {
  const text = new URLSearchParams(location.search).get("at");
  if (!text) return null;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text.replace(" ", "+"));
  return Number.isFinite(at) ? at : null;
}

function show(at) {
  const address = new URL(location.href);
  address.searchParams.set("at", time.iso(at));
  history.replaceState(null, "", address);
  go(at);
  mark("replay");
}

let due = null;
function showSoon(at) {
  model.past = at;
  mark("replay");
  clearTimeout(due);
  due = setTimeout(() => show(at), 60); // while the slider is drawn, not each pixel is a question
}

/** The slider's end, in whole steps: an end between two steps could not be reached. */
function reachTo(last) {
  const first = Math.floor(range.first);
  setAttr(slider, "max", first + Math.ceil((last - first) / STEP_MS) * STEP_MS);
}

async function learnRange() {
  const answer = await fetch("/api/v1/replay/range");
  const known = answer.ok ? await answer.json() : {};
  const live = Number.isFinite(time.live()) ? time.live() : Math.max(known.last_ms || 0, model.past);
  range = {
    first: Math.min(known.first_ms ?? model.past - HOUR, model.past),
    last: Math.max(known.last_ms || 0, live, model.past),
    marks: known.marks || [],
  };
  setAttr(slider, "min", Math.floor(range.first));
  reachTo(range.last);
  slider.value = String(model.past);
  mark("replay");
}

function play() {
  if (playing) {
    clearInterval(playing);
    playing = null;
  } else {
    playing = setInterval(() => {
      const at = Math.min(range.last, model.past + 500 * speed);
      show(at);
      if (at >= range.last) play();
    }, 500);
  }
  mark("replay");
}

function step(direction) {
  const stops = (range.marks || []).map((m) => m.at_ms).sort((a, b) => a - b);
  const found = direction > 0 ? stops.find((at) => at > model.past + 1) : stops.findLast((at) => at < model.past - 1);
  if (found !== undefined) show(found);
}

function typed(e) {
  e.preventDefault();
  const day = time.full(model.past).slice(0, 10);
  const text = e.target.elements[0].value.trim();
  const at = Date.parse(
    /^\d{1,2}:\d{2}/.test(text)
      ? `${day}T${text.padStart(5, "0").length === 5 ? `${text.padStart(5, "0")}:00` : text.padStart(8, "0")}+09:00`
      : `${text.replace(" ", "T")}+09:00`,
  );
  if (Number.isFinite(at)) show(at);
}

function paint() {
  if (model.past === null) return;
  if (slider && document.activeElement !== slider) slider.value = String(model.past);
  setText(byId("replay-at"), time.full(model.past));
  setText(byId("replay-play"), t(playing ? "replay.pause" : "replay.play"));
  setText(byId("replay-speed"), `${speed}×`);
}

function conductor() {
  slider = h("input", {
    type: "range",
    "data-testid": "replay-slider",
    min: model.past - HOUR,
    max: model.past,
    step: STEP_MS,
    "aria-label": t("replay.slider"),
  });
  slider.value = String(model.past);
  slider.addEventListener("input", () => showSoon(Number(slider.value)));
  const host = byId("slider");
  host.hidden = false;
  host.replaceChildren(
    h("button", { type: "button", onclick: () => step(-1), title: t("replay.previous") }, "◀"),
    h("button", { type: "button", id: "replay-play", onclick: play }),
    h("button", { type: "button", onclick: () => step(1), title: t("replay.next") }, "▶"),
    h("button", {
      type: "button",
      id: "replay-speed",
      title: t("replay.speed"),
      onclick: () => {
        speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
        mark("replay");
      },
    }),
    slider,
    h(
      "form",
      { onsubmit: typed },
      h("input", { type: "text", size: 9, placeholder: "HH:MM:SS", "aria-label": t("replay.typed") }),
    ),
  );
  byId("past-word").hidden = false;
  byId("replay-live").hidden = false;
  byId("replay-back").hidden = true;
}

/** Opens the line at the asked moment; `/replay` without one starts a minute ago. */
export function start(page) {
  paints("replay", paint);
  const at = asked() ?? (page === "replay" ? "first" : null);
  const back = byId("replay-back");
  const leave = byId("replay-live");
  if (back)
    back.addEventListener("click", () => {
      location.href = `/?at=${encodeURIComponent(time.iso(time.live() - 60000))}`;
    });
  if (leave)
    leave.addEventListener("click", () => {
      location.href = "/";
    });
  if (at === null) return connect();
  connect(at === "first" ? Date.now() - 60000 : at);
  document.body.dataset.past = "1";
  if (!byId("slider")) return;
  conductor();
  learnRange();
  onLink("beat", (beat) => {
    if (beat && range) reachTo(Math.max(range.last, time.live() || 0));
  });
  on("reset", () => mark("replay"));
  document.addEventListener("gwanje:lang", () => {
    conductor();
    learnRange();
  });
}
