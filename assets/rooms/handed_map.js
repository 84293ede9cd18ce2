// The map of what was handed to this agency, and of nothing else: each open one by its shape and in words, those without
// a place named in a corner; a press opens the card.

import { byId, h, once, setAttr, shape } from "../live/dom.js";
import * as say from "../live/describe.js";
import { fit, pinsSpeak, sight } from "../live/map.js";
import { model, on, ordered } from "../live/model.js";
import { lang, t } from "../live/words.js";
import { reportOf, stateOf } from "./handed_list.js";

const CALLS = ["sent", "delivered", "unknown"]; // nobody of this agency has answered yet
let whose = "";
let press = null;
let framed = ""; // the sight that showed all of them; whoever moved the map since keeps theirs

const state = (v) => {
  const report = reportOf(v, whose);
  return report ? stateOf(report) : "";
};

const calls = (v) => CALLS.includes((reportOf(v, whose) || {}).state);

/** Moves the map so that all lie on it. */
export function frame() {
  fit(ordered("all"));
  framed = sight();
}

/** Names those that no place is known of: nobody looks for them in vain. */
export function lost() {
  const host = byId("map-lost");
  const views = ordered("all").filter((v) => !v.place);
  setAttr(host, "hidden", !views.length);
  once(host, `${views.map((v) => [v.id, v.priority, state(v)])} ${lang()}`, () => {
    const row = (v) =>
      h(
        "button",
        { type: "button", "data-lost": v.id, "data-p": v.p, "data-calling": calls(v) ? "1" : "0", onclick: () => press(v) },
        shape(v.p),
        `${say.kind(v)} · ${state(v)}`,
      );
    host.replaceChildren(h("span", {}, t("panel.unplaced")), ...views.map(row));
  });
}

/** `shown()`: whether the map is the page now; `open(view)` opens a card. */
export function start(agency, shown, open) {
  whose = agency;
  press = open;
  pinsSpeak({
    shown,
    says: (v) => [say.kind(v), state(v)],
    calls,
    press: (id) => open(model.incidents.get(id) || model.selected),
  });
  byId("map-all").addEventListener("click", frame);
  const again = () => shown() && sight() === framed && frame();
  on("reset", again);
  on("fresh", again);
}
