// A liaison's tablet: what was handed to this agency as cards, the chosen one with what to know, to do and to say.

import { byId, h, once, setAttr, setText, shape } from "../live/dom.js";
import * as say from "../live/describe.js";
import { mark, paints } from "../live/loop.js";
import { flyTo } from "../live/map.js";
import { adopt, isTold, model, on, ordered, openedMs, select } from "../live/model.js";
import { talkOf, unread } from "../live/talk.js";
import * as time from "../live/time.js";
import { code, lang, t } from "../live/words.js";
import { draw } from "./handed.js";

const LOOKED = "liaison looked"; // ids this tab has opened
let agency = "";
let tab = "open";
let over = []; // what is over, asked for when that tab is opened

const looked = () => new Set(JSON.parse(sessionStorage.getItem(LOOKED) || "[]"));

/** The report of this incident to this agency that was made last. */
export const reportOf = (v) => (v.escalations || []).filter((e) => e.agency === agency).at(-1);

async function open(v) {
  sessionStorage.setItem(LOOKED, JSON.stringify([...looked(), v.id].slice(-500)));
  if (model.incidents.has(v.id)) select(v.id);
  else adopt(v);
  mark("page");
}

function tags(v, report) {
  const n = unread(v, "desk", agency);
  return [
    report ? h("span", { class: "tag", "data-report": report.state }, code("escalation", report.state)) : null,
    report && report.exercise ? h("span", { class: "tag" }, t("bar.exercise")) : null,
    looked().has(v.id) ? null : h("span", { class: "tag tag-new" }, t("liaison.fresh")),
    n ? h("span", { class: "tag tag-new" }, t("talk.badge", { n })) : null,
    talkOf(v, agency).asked ? h("span", { class: "tag" }, t("liaison.waits")) : null,
  ];
}

function card(v) {
  const chosen = model.selected && model.selected.id === v.id;
  const report = reportOf(v);
  return h(
    "button",
    {
      type: "button",
      class: "card",
      "data-handed": v.id,
      "data-priority": v.priority,
      "data-report": report ? report.state : null,
      "aria-current": chosen ? "true" : null,
      onclick: () => open(v),
    },
    h("span", { class: "card-head" }, shape(v.p), h("b", {}, say.kind(v)), h("span", { class: "card-age" }, time.age(openedMs(v)))),
    h("span", { class: "card-place" }, v.place ? say.place(v) : t("panel.unplaced")),
    h("span", { class: "card-tags" }, tags(v, report)),
  );
}

function stamp(views) {
  const face = (v) => `${v.id} ${v.priority} ${v.kind} ${JSON.stringify([v.escalations, v.talk])} ${looked().has(v.id)}`;
  return [lang(), tab, isTold(), model.selected && model.selected.id, ...views.map(face)].join("|");
}

function list() {
  const host = byId("cards");
  const views = tab === "open" ? ordered("all") : over;
  setAttr(host, "data-total", views.length);
  setText(byId("tab-open"), t("liaison.tab_open", { n: isTold() ? model.incidents.size : "–" }));
  setText(byId("tab-over"), t("liaison.tab_over"));
  for (const el of document.querySelectorAll("[data-tab]")) setAttr(el, "aria-selected", String(el.dataset.tab === tab));
  once(host, stamp(views), () => {
    const focused = document.activeElement && document.activeElement.dataset.handed;
    host.replaceChildren(...(views.length ? views.map(card) : [h("p", { class: "empty" }, t(isTold() ? `liaison.empty_${tab}` : "load.waiting"))]));
    const again = focused && host.querySelector(`[data-handed="${CSS.escape(focused)}"]`);
    if (again) again.focus();
  });
  views.forEach((v, i) => setText(host.children[i].querySelector(".card-age"), time.age(openedMs(v))));
}

function paint() {
  list();
  const v = model.selected;
  const known = v && reportOf(v);
  setAttr(document.querySelector(".handed-one"), "data-chosen", known ? "1" : "0");
  if (known) draw(byId("handed"), v, agency);
}

/** What is over: resolved or closed, as the API lists it. */
async function showOver() {
  const answer = await fetch("/api/v1/incidents?limit=100");
  if (!answer.ok) return;
  over = (await answer.json()).items
    .filter((v) => ["resolved", "closed"].includes(v.state))
    .map((v) => ({ ...v, p: Number(v.priority.slice(1)) }));
  mark("page");
}

export function start() {
  agency = document.getElementById("page").dataset.agency;
  paints("page", paint);
  on("change", () => mark("page"));
  on("reset", () => mark("page"));
  on("fresh", (views, first) => {
    if (!first) setText(byId("spoken"), views.map((v) => `${t("liaison.fresh")}: ${say.kind(v)} ${say.place(v)}`).join(". "));
  });
  for (const el of document.querySelectorAll("[data-tab]"))
    el.addEventListener("click", () => {
      tab = el.dataset.tab;
      if (tab === "over") showOver();
      mark("page");
    });
  document.addEventListener("gwanje:lang", () => mark("page"));
  paints("ages", () => mark("page"));
  let flown = null;
  on("change", () => {
    const id = model.selected && model.selected.id;
    if (id === flown) return;
    flown = id;
    requestAnimationFrame(() => requestAnimationFrame(() => flyTo(model.selected)));
  });
  mark("page");
}
