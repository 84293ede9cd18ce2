// A liaison's tablet: what was handed to this agency, in four tabs that share what is chosen. The tab stands in the
// address, so that back leads back to it.

import { byId, setAttr, setText } from "../live/dom.js";
import * as say from "../live/describe.js";
import { mark, paints } from "../live/loop.js";
import { flyTo, showCity } from "../live/map.js";
import { adopt, isTold, model, on, select } from "../live/model.js";
import { unread } from "../live/talk.js";
import { t } from "../live/words.js";
import { draw } from "./handed.js";
import { list, looked, reportOf, talked } from "./handed_list.js";
import * as onMap from "./handed_map.js";
import * as past from "./handed_past.js";

const TABS = ["open", "map", "talk", "past"];
const KEYS = { ArrowRight: 1, ArrowLeft: -1, Home: -TABS.length, End: TABS.length };
let agency = "";
let tab = "open";
const kept = { live: null, past: null }; // what was chosen of the open ones, and of those that are over

const asked = () => TABS.find((name) => location.hash === `#tab=${name}`) || "open";
const sort = (name) => (name === "past" ? "past" : "live");

/** Shows a card: of what is open or of what is over. */
function open(v) {
  looked.add(v.id);
  if (model.incidents.has(v.id)) select(v.id);
  else adopt(v);
  mark("page");
}

/** Opens a card from the map: back leads to the map again. */
function openCard(v) {
  go("open");
  open(v);
}

/** The map is as large as its tab leaves it only when that has been laid out: the next frame but one. */
const laidOut = (fn) => requestAnimationFrame(() => requestAnimationFrame(fn));

function framed() {
  const { selected } = model;
  laidOut(() => (tab === "map" ? onMap.frame() : selected && !selected.place ? showCity() : flyTo(selected)));
}

function swap(from, to) {
  if (sort(from) === sort(to)) return;
  kept[sort(from)] = model.selected;
  const v = kept[sort(to)];
  if (!v) select(null);
  else if (model.incidents.has(v.id)) select(v.id);
  else adopt(v);
}

function show(name) {
  const before = tab;
  tab = name;
  setAttr(document.querySelector(".liaison"), "data-tab", tab);
  setAttr(byId("handed-panel"), "aria-labelledby", `tab-${tab}`);
  setAttr(byId("past-bar"), "hidden", tab !== "past");
  for (const el of document.querySelectorAll("[data-tab][role=tab]")) {
    setAttr(el, "aria-selected", String(el.dataset.tab === tab));
    setAttr(el, "tabindex", el.dataset.tab === tab ? 0 : -1);
  }
  swap(before, tab);
  if (tab === "past") past.find();
  if (before !== tab) framed();
  mark("page", "map");
}

/** Goes to a tab by hand: one step of the browser's history. */
function go(name) {
  if (name !== tab) history.pushState(null, "", name === "open" ? location.pathname : `#tab=${name}`);
  show(name);
}

/** Arrows lead from tab to tab; only Enter opens one, so that passing the records asks for nothing. */
function step(e) {
  const by = KEYS[e.key];
  if (!by || e.isComposing) return;
  e.preventDefault();
  const tabs = [...e.currentTarget.children];
  const at = tabs.indexOf(document.activeElement) + by;
  tabs[Math.abs(by) > 1 ? (by < 0 ? 0 : tabs.length - 1) : (at + tabs.length) % tabs.length].focus();
}

function counts() {
  const views = [...model.incidents.values()];
  const n = { open: views.length, map: views.filter((v) => v.place).length, talk: talked(agency).length };
  for (const name of TABS) setText(byId(`tab-${name}`).children[0], t(`liaison.tab_${name}`, { n: isTold() ? n[name] : "–" }));
  const fresh = views.reduce((sum, v) => sum + unread(v, "desk", agency), 0);
  setText(byId("tab-talk").children[1], fresh ? t("liaison.unread", { n: fresh }) : "");
}

function paint() {
  counts();
  if (tab === "map") onMap.lost();
  else list(byId("cards"), tab, agency, open);
  const v = model.selected;
  const known = Boolean(v && reportOf(v, agency));
  setAttr(document.querySelector(".handed-one"), "data-chosen", known ? "1" : "0");
  const some = tab === "map" || document.querySelector("#cards .card"); // "choose on the left" beside an empty list is no help
  setText(byId("choose"), some ? t(`liaison.choose_${tab === "map" ? "open" : tab}`) : "");
  if (known && tab !== "map") draw(byId("handed"), v, agency, tab === "talk");
}

export function start() {
  agency = document.getElementById("page").dataset.agency;
  paints("page", paint);
  onMap.start(agency, () => tab === "map", openCard);
  past.start(byId("past-bar"));
  on("change", (changes) => {
    const told = changes.find((c) => kept.live && c.incident && c.incident.id === kept.live.id);
    if (told) kept.live = told.incident;
    mark("page");
  });
  on("reset", () => mark("page"));
  on("fresh", (views, first) => {
    if (!first) setText(byId("spoken"), views.map((v) => `${t("liaison.fresh")}: ${say.kind(v)} ${say.place(v)}`).join(". "));
  });
  for (const el of document.querySelectorAll("[data-tab][role=tab]")) el.addEventListener("click", () => go(el.dataset.tab));
  document.querySelector(".liaison > .tabs").addEventListener("keydown", step);
  addEventListener("popstate", () => show(asked()));
  document.addEventListener("gwanje:lang", () => mark("page"));
  paints("ages", () => mark("page"));
  let flown = null;
  on("change", () => {
    const id = model.selected && model.selected.id;
    if (id === flown) return;
    flown = id;
    if (tab !== "map") framed();
  });
  show(asked());
}
