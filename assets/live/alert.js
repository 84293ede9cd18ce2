// What calls for a person now, on every page of who may see the queue: the strip of the office pages, the notice over a
// look back (where all else is past), the badge of the tab and the words that are read aloud.

import { byId, h, setAttr, setText, shape } from "./dom.js";
import * as say from "./describe.js";
import { on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { calling, isCalledHere, isCalling, isTold, isUrgent, model, on, openedMs } from "./model.js";
import * as time from "./time.js";
import { t } from "./words.js";

const DESK = "gwanje-desk"; // one window for all these ways: what stands half-written on this page stays
let drawn = "";

const urgent = () => calling().filter(isUrgent).sort((a, b) => a.p - b.p || openedMs(a) - openedMs(b));
const way = (v) => `/?incident=${encodeURIComponent(v.id)}`;

function line(view) {
  return h(
    "a",
    { class: "alert-line", href: way(view), target: DESK, "data-alert": view.id, "data-p": view.p },
    h("b", { class: "alert-live" }, t("alert.live")),
    shape(view.p),
    h("b", {}, `${say.priority(view)} · ${say.kind(view)}`),
    h("span", { class: "alert-place", "data-cut": "whole", title: say.place(view) }, say.place(view)),
    isCalledHere(view) ? h("span", {}, t(`notice.call_${view.call}`)) : null,
    h("span", { class: "alert-age", "data-opened": openedMs(view) }),
    h("span", { class: "alert-way" }, t("alert.open")),
  );
}

/** The most urgent one, and how many more there are: where a line stands, work goes on. */
function first(found) {
  const one = line(found[0]);
  if (found.length > 1) one.lastChild.before(h("span", {}, t("alert.more", { n: found.length - 1 })));
  return one;
}

/** What the strip says while nothing is urgent: how much waits, by priority. */
function calm() {
  const waits = ["P1", "P2", "P3"].map((p) => [p, isTold() ? ((model.counts[p] || {}).new ?? 0) : "–"]);
  return h(
    "a",
    { class: "alert-calm", href: "/", target: DESK },
    t("alert.waits"),
    waits.map(([p, n]) => h("span", {}, shape(Number(p[1])), ` ${t(`priority.${p}`)} `, h("b", {}, String(n)))),
  );
}

function paint() {
  const strip = byId("alert");
  const host = strip || (model.past === null ? null : byId("notice"));
  if (!host) return;
  const found = urgent();
  const content = found.length ? [first(found)] : strip ? [calm()] : [];
  setAttr(host, "data-urgent", found.length ? "1" : "0");
  if (!strip) setAttr(host, "hidden", !found.length);
  const stamp = content.map((el) => el.textContent + (el.dataset.alert || "")).join("|");
  if (stamp !== drawn) host.replaceChildren(...content);
  drawn = stamp;
  for (const el of host.querySelectorAll(".alert-age")) setText(el, time.age(Number(el.dataset.opened), time.live()));
}

/** Hangs on the socket's event, not on paint: frames stop in hidden tabs. */
function badge() {
  const n = calling().length;
  const title = `${n ? `(${n}) ` : ""}${t("bar.title")}`;
  if (document.title !== title) document.title = title;
}

function speak(views, first) {
  const loud = views.filter((v) => isCalling(v) && v.p <= 2);
  if (first || !loud.length) return;
  const said = loud.slice(0, 3).map((v) => `${say.priority(v)} ${say.kind(v)} ${say.place(v)}`);
  setText(byId("spoken"), said.join(". "));
}

function changed() {
  badge();
  mark("alert");
}

export function start() {
  const strip = byId("alert");
  if (strip && !["operator", "supervisor"].includes(document.body.dataset.role)) return strip.remove();
  paints("alert", paint);
  for (const what of ["change", "reset", "elsewhere"]) on(what, changed);
  for (const what of ["fresh", "louder"]) on(what, speak);
  onLink("beat", (beat) => beat && mark("alert"));
  document.addEventListener("gwanje:lang", changed);
  mark("alert");
}
