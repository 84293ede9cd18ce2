// What was handed over as cards for a thumb: the open ones, those with a talk, those that are over.

import { byId, h, once, setAttr, setText, shape } from "../live/dom.js";
import * as say from "../live/describe.js";
import { isClosed, isTold, model, openedMs, ordered } from "../live/model.js";
import { talkOf, unread } from "../live/talk.js";
import * as time from "../live/time.js";
import { code, lang, t } from "../live/words.js";
import * as past from "./handed_past.js";

const LOOKED = "liaison looked"; // ids this tab has opened
const ids = () => new Set(JSON.parse(sessionStorage.getItem(LOOKED) || "[]"));

/** Which cards this tab of the browser has opened. */
export const looked = {
  has: (id) => ids().has(id),
  add: (id) => sessionStorage.setItem(LOOKED, JSON.stringify([...ids(), id].slice(-500))),
};

/** The report of this incident to this agency that was made last. */
export const reportOf = (v, agency) => (v.escalations || []).filter((e) => e.agency === agency).at(-1);

/** How far it is, to the agency's own eyes: what nobody has answered is theirs to confirm, not to phone about. */
export const stateOf = (report) => (report.state === "unknown" ? t("liaison.unconfirmed") : code("escalation", report.state));

/** The open ones about which something was said, the latest word first. */
export function talked(agency) {
  const at = (v) => talkOf(v, agency).at_ms || 0;
  return [...model.incidents.values()].filter(at).sort((a, b) => at(b) - at(a));
}

const UNDER_WAY = ["dispatched", "arrived", "closed", "rejected"]; // somebody has answered: it is no new request

const minute = (at) => time.full(at).slice(5, 16);

// Of each list: its incidents, and the time on a card.
const LISTS = {
  open: { views: () => ordered("all"), when: (v) => time.age(openedMs(v)) },
  talk: { views: talked, when: (v, agency) => minute(talkOf(v, agency).at_ms) },
  past: { views: () => past.found.items, when: (v, agency) => minute(time.ms(reportOf(v, agency).requested_at)) },
};

function tags(v, report, agency) {
  const n = unread(v, "desk", agency);
  return [
    report ? h("span", { class: "tag", "data-report": report.state }, stateOf(report)) : null,
    report && report.exercise ? h("span", { class: "tag" }, t("bar.exercise")) : null,
    looked.has(v.id) || isClosed(v) || (report && UNDER_WAY.includes(report.state)) ? null : h("span", { class: "tag tag-new" }, t("liaison.fresh")),
    n ? h("span", { class: "tag tag-new" }, t("talk.badge", { n })) : null,
    talkOf(v, agency).asked ? h("span", { class: "tag" }, t("liaison.waits")) : null,
  ];
}

function card(v, agency, open) {
  const chosen = model.selected && model.selected.id === v.id;
  const report = reportOf(v, agency);
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
    h("span", { class: "card-head" }, shape(v.p), h("b", {}, say.kind(v)), h("span", { class: "card-age" })),
    h("span", { class: "card-place" }, v.place ? say.place(v) : t("panel.unplaced")),
    h("span", { class: "card-tags" }, tags(v, report, agency)),
  );
}

function face(v) {
  return `${v.id} ${v.priority} ${v.kind} ${JSON.stringify([v.escalations, v.talk])} ${looked.has(v.id)}`;
}

function empty(tab) {
  const waits = tab === "past" ? past.found.state : isTold() ? "done" : "waiting";
  return h("p", { class: "empty" }, t(waits === "done" ? `liaison.empty_${tab}` : `load.${waits}`));
}

/** Draws the cards of a tab into `host`; `open(view)` is what a press does. */
export function list(host, tab, agency, open) {
  const { views: of, when } = LISTS[tab];
  const views = of(agency);
  setAttr(host, "data-total", views.length);
  const stamp = [lang(), tab, isTold(), past.found.state, model.selected && model.selected.id, ...views.map(face)].join("|");
  once(host, stamp, () => {
    const focused = document.activeElement && document.activeElement.dataset.handed;
    host.replaceChildren(...(views.length ? views.map((v) => card(v, agency, open)) : [empty(tab)]));
    const again = focused && host.querySelector(`[data-handed="${CSS.escape(focused)}"]`);
    if (again) again.focus();
  });
  views.forEach((v, i) => setText(host.children[i].querySelector(".card-age"), when(v, agency)));
  if (tab === "past") past.bar(byId("past-bar"));
}
