// The notice over the map of new P1 and of what is called to this screen since nobody looked: one for all (the topmost,
// and how many more), stays until acknowledged, not modal. In a look back `alert.js` writes here what calls meanwhile.

import { anew, byId, byTest, h, setAttr, setText, shape } from "./dom.js";
import { acknowledge } from "./commands.js";
import * as say from "./describe.js";
import { on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { isCalledHere, isUrgent, model, nextToAcknowledge, on, ordered, openedMs } from "./model.js";
import { choose } from "./queue.js";
import { flyTo } from "./map.js";
import { steady } from "./steady.js";
import * as time from "./time.js";
import { t } from "./words.js";

let drawn = "";
let first = null; // the incident whose line stands there
let moved = () => {};

const urgent = () => ordered("new").filter(isUrgent);

/** A press here leads to the panel, and the keyboard with it: Tab then goes on from this incident, not to the next one's. */
const lead = (view, then) => () => {
  choose(view.id);
  byTest("incident-panel").focus({ preventScroll: true });
  then(view);
};

function line(view, keys) {
  const n = (view.detections || []).length;
  const hint = (key) => (keys.includes(key) ? h("kbd", {}, key) : null);
  return h(
    "div",
    { class: "notice-line", "data-called": isCalledHere(view) ? view.call : null },
    shape(view.p),
    h("b", {}, say.kind(view)),
    h("span", { class: "notice-priority" }, say.priority(view)),
    isCalledHere(view) ? h("span", { class: "tag" }, t(`notice.call_${view.call}`)) : null,
    h("span", { class: "notice-place" }, say.place(view)),
    h("span", { class: "notice-n" }, t("notice.evidence", { n })),
    h("span", { class: "notice-age" }, time.age(openedMs(view))),
    h("button", { type: "button", class: "primary", onclick: lead(view, acknowledge) }, t("verb.acknowledge"), hint("A")),
    h("button", { type: "button", onclick: lead(view, flyTo) }, t("notice.map"), hint("M")),
  );
}

/** The keys that act on this very incident now. */
function keysOf(view) {
  const next = nextToAcknowledge();
  const chosen = model.selected && model.selected.id === view.id;
  return `${next && next.id === view.id ? "A" : ""}${chosen ? "M" : ""}`;
}

function paint() {
  const host = byId("notice");
  if (!host || model.past !== null) return;
  const views = urgent();
  setAttr(host, "hidden", !views.length);
  const [view] = views;
  if (first && (!view || view.id !== first)) moved();
  first = view ? view.id : null;
  if (!view) return;
  const keys = keysOf(view);
  const stamp = [view.id, view.kind, view.p, view.call, say.place(view), (view.detections || []).length, views.length, keys];
  stamp.push(document.documentElement.lang);
  if (stamp.join() !== drawn) {
    drawn = stamp.join();
    setAttr(host, "data-p", view.p);
    const rest = views.length > 1 ? h("div", { class: "notice-rest" }, t("notice.rest", { n: views.length - 1 })) : "";
    anew(host, () => host.replaceChildren(line(view, keys), rest));
  }
  setText(host.querySelector(".notice-age"), time.age(openedMs(view)));
}

export function start() {
  if (byId("notice")) moved = steady(byId("notice"));
  paints("notice", paint);
  for (const what of ["change", "reset"]) on(what, () => mark("notice"));
  onLink("beat", (beat) => {
    if (beat) mark("notice");
  });
}
