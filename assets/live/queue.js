// The queue: a keyed list. It never jumps under the hand: new rows wait at its end, a pill counts them and those whose
// place has changed; what becomes an unacknowledged P1 goes on top at once.

import { byId, byTest, h, keyed, setAttr, setText, shape } from "./dom.js";
import * as say from "./describe.js";
import * as filter from "./filter.js";
import { on as onLink } from "./link.js";
import { flush, mark, paints } from "./loop.js";
import { isCalling, isNew, isNotice, isTold, model, on, ordered, openedMs, select, tally } from "./model.js";
import { glance } from "./factors.js";
import * as time from "./time.js";
import { unread, waiting as asked } from "./talk.js";
import { lang, t } from "./words.js";

const PAGE = 200; // rows in the document at first (CONTRACT section 5)
const rows = new Map();
let shown = []; // ids in the order on the screen
let waiting = new Set(); // ids that came while the hand was on the list
let urgent = new Set(); // unacknowledged P1 as drawn last
let stray = 0; // rows that the hand keeps from their place
let under = false;
let limit = PAGE;

const held = () => under || model.selected !== null;

/** What tab and conditions leave, in order; an unacknowledged P1 is left by all of them. */
function shownOf() {
  const tab = new Set(ordered().map((v) => v.id));
  return ordered("all").filter((v) => (v.p === 1 && isCalling(v)) || (tab.has(v.id) && filter.passes(v)));
}

/** An unacknowledged P1: what goes on top also under the hand. */
const isUrgent = (v) => v.p === 1 && isCalling(v);

/** Order to show: as ranked, or, under the hand, the old order with what became an urgent P1 on top, other new rows at the end. */
function order() {
  const ranked = shownOf();
  const place = new Map(shown.map((id, i) => [id, i]));
  const known = urgent;
  urgent = new Set(ranked.filter(isUrgent).map((v) => v.id));
  stray = 0;
  if (!held() || !shown.length) {
    waiting.clear();
    return ranked;
  }
  const top = ranked.filter((v) => isUrgent(v) && !(place.has(v.id) && known.has(v.id))); // new, risen, or back again
  const later = ranked.filter((v) => !place.has(v.id) && !top.includes(v));
  later.forEach((v) => waiting.add(v.id));
  for (const id of waiting) if (!model.incidents.has(id) || urgent.has(id)) waiting.delete(id);
  const stay = ranked.filter((v) => place.has(v.id) && !top.includes(v));
  const chosen = model.selected && model.selected.id; // its own hand moves it: no news
  stray = strays(stay.filter((v) => v.id !== chosen && !waiting.has(v.id)).map((v) => place.get(v.id)));
  stay.sort((a, b) => place.get(a.id) - place.get(b.id));
  return [...top, ...stay, ...later];
}

/** How many of these places (in the order of rank) would have to move: all but the longest run that stands in order. */
function strays(places) {
  const ends = []; // ends[n]: the least place at which a run of n + 1 can end
  for (const place of places) {
    if (!ends.length || place > ends.at(-1)) ends.push(place);
    else ends[ends.findIndex((end) => end > place)] = place;
  }
  return places.length - ends.length;
}

function make(view) {
  const row = h(
    "div",
    { class: "row", role: "option", tabindex: -1, "data-incident": view.id },
    h("span", { class: "row-shape", role: "img" }),
    h("span", { class: "row-kind" }),
    h("span", { class: "row-state" }),
    h("span", { class: "row-age" }),
    h("span", { class: "row-place" }),
    h("span", { class: "row-score" }),
    h("span", { class: "row-brief" }),
    h("span", { class: "row-who" }),
    h("span", { class: "row-factors" }),
  );
  row.addEventListener("click", () => choose(view.id));
  return row;
}

function update(row, view) {
  setAttr(row, "aria-selected", model.selected && model.selected.id === view.id ? "true" : "false");
  if (row.view === view && row.dataset.stamp.endsWith(lang())) return; // a view that changed is another object
  row.view = view;
  const stamp = `${view.revision}|${view.state}|${view.priority}|${view.score}|${view.assigned_to}|${view.updated_ms}|${lang()}`;
  if (row.dataset.stamp === stamp) return;
  row.dataset.stamp = stamp;
  setAttr(row, "data-priority", view.priority);
  setAttr(row, "data-state", view.state);
  setAttr(row, "data-calling", isCalling(view) ? "1" : "0");
  const [mark_, kind, state, , place, score, brief, who, parts] = row.children;
  mark_.replaceChildren(shape(view.p));
  setAttr(mark_, "aria-label", say.priority(view));
  setText(kind, say.kind(view));
  const n = unread(view, "room");
  const waits = asked(view).length;
  setAttr(row, "data-waits", waits ? "1" : null);
  setText(state, [chip(view), waits ? t("talk.waits") : n ? t("talk.badge", { n }) : ""].filter(Boolean).join(" · "));
  setText(place, say.place(view));
  setText(score, t("queue.points", { n: view.score }));
  glance(parts, view);
  const aside = view.state === "shelved";
  setText(brief, aside ? say.shelved(view) : say.brief(view));
  setAttr(row, "data-call", isCalling(view) && view.call ? view.call : null);
  setText(who, aside ? "" : view.assigned_to || view.acknowledged_by || "");
}

/** The state's word; with a report on its way, what is known of that. */
function chip(view) {
  const report = view.escalations && view.escalations.at(-1);
  if (report && report.state !== "cancelled") return `${report.agency} ${t(`escalation.${report.state}`)}`;
  if (isNew(view) && isNotice(view)) return t("priority.P4");
  if (isCalling(view) && view.call > 1) return t(`notice.call_${view.call}`);
  return say.state(view);
}

/** Open incidents: what is held here, or, past the 2,000 of a snapshot, what the server counts. */
function total() {
  const here = model.incidents.size;
  return here >= 2000 && model.past === null ? Math.max(here, model.counts.total || 0) : here;
}

function paint() {
  const list = byTest("queue");
  if (!list) return;
  const views = order();
  shown = views.map((v) => v.id);
  setAttr(list, "data-total", total());
  const part = views.slice(0, Math.max(limit, PAGE));
  const wanted = part.map((v) => ({ key: v.id, make: () => make(v), update: (el) => update(el, v) }));
  if (!views.length)
    wanted.push({
      key: "empty",
      make: () => h("p", { class: "empty", role: "option", "aria-disabled": "true" }),
      update: (el) => setText(el, t(isTold() ? (filter.count() ? "filter.none" : `queue.empty_${model.filter}`) : "load.waiting")),
    });
  if (views.length > part.length)
    wanted.push({
      key: "more",
      make: more,
      update: (el) => setText(el, t("queue.more", { n: views.length - part.length })),
    });
  keyed(list, rows, wanted);
  ages();
  tabs();
  pill();
}

function more() {
  return h("button", {
    type: "button",
    role: "option",
    class: "more",
    onclick: () => {
      limit += PAGE;
      mark("queue");
    },
  });
}

function ages() {
  for (const [id, row] of rows) {
    const view = model.incidents.get(id);
    if (view) setText(row.children[3], time.age(openedMs(view)));
  }
}

function tabs() {
  const all = tally();
  const found = filter.count() ? tally(filter.passes) : all; // of a search each tab counts what is found, the open one also of how many
  for (const tab of document.querySelectorAll("[data-filter]")) {
    const name = tab.dataset.filter;
    const n = found !== all && model.filter === name ? `${found[name]}/${all[name]}` : found[name];
    setText(tab, t(`queue.tab_${name}`, { n: isTold() ? n : "–" }));
    setAttr(tab, "aria-selected", model.filter === name ? "true" : "false");
  }
}

function pill() {
  const button = byId("pill");
  const said = [waiting.size ? t("queue.pill", { n: waiting.size }) : "", stray ? t("queue.stray", { n: stray }) : ""].filter(Boolean);
  setAttr(button, "hidden", !said.length);
  setText(button, said.join(" · "));
  const n = filter.urgentOutside();
  setAttr(byId("urgent-outside"), "hidden", !n);
  setText(byId("urgent-outside"), t("filter.outside", { n }));
}

/** Puts the waiting rows where they belong. */
export function settle() {
  waiting.clear();
  shown = [];
  byTest("queue").scrollTop = 0;
  mark("queue");
}

/** Selects a row and brings it into view. */
export function choose(id) {
  select(id);
  flush(); // the next key may be meant for what was just chosen
  const row = rows.get(id);
  if (row) row.scrollIntoView({ block: "nearest" });
}

/** Moves the selection by `step` rows. */
export function move(step) {
  if (!shown.length) return;
  const at = model.selected ? shown.indexOf(model.selected.id) : -1;
  const next = at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, at + step));
  choose(shown[next]);
}

export function start() {
  const list = byTest("queue");
  if (!list) return;
  list.addEventListener("pointermove", () => {
    under = true;
  });
  list.addEventListener("pointerleave", () => {
    under = false;
    if (!held()) mark("queue");
  });
  byId("pill").addEventListener("click", settle);
  filter.begin(() => {
    limit = PAGE;
    settle();
  });
  for (const tab of document.querySelectorAll("[data-filter]")) {
    tab.addEventListener("click", () => {
      model.filter = tab.dataset.filter;
      limit = PAGE;
      settle();
    });
  }
  paints("queue", paint);
  paints("ages", ages);
  onLink("beat", (beat) => {
    if (beat && !held()) mark("queue");
  }); // waiting moves rows up
  on("change", () => mark("queue"));
  on("reset", () => {
    shown = [];
    mark("queue");
  });
  mark("queue");
}
