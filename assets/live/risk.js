// The risk index over the map: grey cells under everything else, off by default; its legend; the crosswalks by it.

import { canvasLayer } from "./base.js";
import { byId, h, setAttr } from "./dom.js";
import { model, on } from "./model.js";
import * as sheets from "./sheets.js";
import * as time from "./time.js";
import { t } from "./words.js";

// One grey in five steps, each twice the one before: a shape of an incident stands out on all of them (SCREENS 4).
const STEPS = [1, 2, 4, 8, 16];
const OPACITY = [0.1, 0.2, 0.31, 0.43, 0.56];
const INK = "164, 178, 190";
const CLOSE = 16; // from this zoom on the ground matters more: zebras and lanes show through
const AGAIN_MS = 60e3;
let map = null;
let layer = null;
let shown = false;
let risk = null; // the last answer
let asked = NaN; // the moment it was asked for
let broken = false;

const ink = (i) => `rgba(${INK}, ${OPACITY[i] * (map.getZoom() >= CLOSE ? 0.45 : 1)})`;
const step = (index) => STEPS.findLastIndex((least) => index >= least);

function draw(ctx, toPoint) {
  if (!shown || !risk) return false;
  const [w, hgt] = risk.size.map((d) => d / 2);
  for (const [lon, lat, index] of risk.cells) {
    const a = toPoint(lat + hgt, lon - w);
    const b = toPoint(lat - hgt, lon + w);
    const [x, y] = [Math.round(a.x), Math.round(a.y)];
    ctx.fillStyle = ink(step(index));
    ctx.fillRect(x, y, Math.round(b.x) - x, Math.round(b.y) - y);
  }
  return true;
}

/** One reason in words; the multiple and the count stand in it where the word has a place for them. */
const why = (w) => t(`risk_why.${w.code}`, { x: w.times, n: w.n, years: risk.years });

function goTo(crossing) {
  map.setView([crossing.lat, crossing.lon], 17, { animate: false });
}

function row(crossing) {
  const reasons = crossing.why.flatMap((w, i) => [i ? " · " : null, h("span", {}, why(w))]);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", onclick: () => goTo(crossing), "data-site": crossing.site },
      h("b", { class: "risk-index" }, t("risk.times", { x: crossing.index.toFixed(1) })),
      h("span", { class: "risk-name" }, `${crossing.dong ? `${crossing.dong} · ` : ""}${crossing.name}`),
      h("span", { class: "risk-why" }, reasons),
    ),
  );
}

/** The crosswalks by the index of the moment shown, each with its reasons. */
function order() {
  if (!risk) return;
  sheets.open(
    t("risk.order"),
    h("p", { class: "hint" }, [`${head()}.`, proof(), t("risk.note")].filter(Boolean).join(" ")),
    h("ol", { id: "risk-order" }, risk.crossings.map(row)),
    h(
      "div",
      { class: "sheet-acts" },
      h("button", { type: "button", onclick: sheets.close }, t("risk.close"), h("kbd", {}, "Esc")),
    ),
  );
}

const head = () =>
  `${t("risk.at", { time: time.full(risk.at_ms).slice(0, 16) })} · ${risk.years ? t("risk.of_file", { years: risk.years }) : t("risk.of_city")}`;

/** How good the map was on blocks of the city that it had not seen; nothing for one without accidents of its own. */
const proof = () =>
  risk.held && t("risk.proof", { top: Math.round(risk.held.top.value * 100), auc: risk.held.auc.value.toFixed(2) });

function legend() {
  const host = byId("risk-legend");
  host.hidden = !shown;
  if (!shown) return;
  const swatches = STEPS.map((least, i) =>
    h(
      "span",
      { class: "risk-step" },
      h("i", { style: `background: ${ink(i)}` }),
      STEPS[i + 1] ? `${least}–${STEPS[i + 1]}` : `${least}+`,
    ),
  );
  const parts = risk
    ? [
        h("p", {}, head()),
        h("p", {}, risk.why.map(why).join(" · ")),
        risk.cells.length ? null : h("p", {}, t("risk.calm")),
        h("button", { type: "button", id: "risk-list", onclick: order }, t("risk.order")),
      ].filter(Boolean)
    : [];
  const title = h("p", { class: "risk-title" }, h("b", {}, t("map.risk")), ` ${t("risk.scale")}`);
  host.replaceChildren(title, h("p", { class: "risk-steps" }, swatches), ...parts);
  if (!risk && !broken) host.append(h("p", {}, t("risk.coming")));
  if (broken) host.append(h("p", { role: "alert" }, t("risk.broken")));
}

function paint() {
  legend();
  layer.redraw();
  setAttr(byId("risk-legend"), "data-hour", risk ? risk.hour : null);
}

/** Asks for the index of the moment on the screen; an answer for another moment than the last asked for is not shown. */
async function ask() {
  const at = model.past ?? time.now();
  asked = at;
  const query = model.past === null ? "" : `?at=${encodeURIComponent(time.iso(at))}`;
  const answer = await fetch(`/api/v1/risk${query}`).catch(() => null);
  const told = answer && answer.ok ? await answer.json() : null;
  if (asked !== at) return;
  broken = told === null;
  risk = told;
  paint();
}

/** Asks again when the screen's moment is a minute away from the one that is drawn. */
function look() {
  const now = model.past ?? time.now();
  if (shown && !(Math.abs(now - asked) < AGAIN_MS)) ask();
}

/** Puts the layer on the map of a page that has its switch. */
export function adopt(found) {
  const button = byId("map-risk");
  if (!button) return;
  map = found;
  layer = canvasLayer(map, "risk", 320, draw);
  button.addEventListener("click", () => {
    shown = !shown;
    setAttr(button, "aria-pressed", String(shown));
    asked = NaN;
    paint();
    look();
  });
  map.on("zoomend", legend);
  on("reset", look);
  setInterval(look, 10e3);
}
