// The head of the incident panel: what, how urgent, where, in whose hands. Its height does not hang on the state, so
// that the buttons below it stand still when the incident is acknowledged; what comes and goes stands under the buttons.

import { h, once, setText, shape } from "./dom.js";
import * as say from "./describe.js";
import { isNew, openedMs } from "./model.js";
import { waiting } from "./talk.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

const FACE = ["id", "kind", "priority", "score", "state", "assigned_to"];
const MARKED = ["id", "state", "marks", "call", "shelved_until_ms", "unplaced", "unrecorded", "revision"];

const stamp = (v, names) => [...names.map((name) => v[name]), document.documentElement.lang].join(" ");

/** Draws the head; its age goes on by itself. */
export function head(host, v) {
  once(host, stamp(v, FACE), () => draw(host, v));
  setText(host.querySelector(".panel-age"), `${time.hms(openedMs(v))} (${time.age(openedMs(v))})`);
}

function draw(host, v) {
  const hands = [say.state(v), v.assigned_to].filter(Boolean).join(" · ");
  host.replaceChildren(
    h(
      "div",
      { class: "panel-title", "data-calling": isNew(v) ? "1" : "0" },
      shape(v.p),
      h("h2", {}, say.kind(v)),
      h("span", { class: "panel-score" }, `${say.priority(v)} ${v.score}`),
    ),
    h("div", { class: "panel-place" }, say.place(v)),
    h("div", { class: "panel-line" }, h("span", { class: "panel-hands", title: hands }, hands)),
    h("div", { class: "panel-line" }, h("span", { class: "panel-age" }), h("span", {}, v.id)),
  );
}

/** An agency's word without an answer: leads to the field for one. */
function waits(agency) {
  const answer = () => document.querySelector(`.talk[data-agency="${agency}"] textarea`)?.focus();
  return h("button", { type: "button", class: "tag tag-waits", onclick: answer }, `${code("agency", agency)} ${t("talk.waits")}`);
}

/** Draws what is special about the incident: its marks, who is called, until when it is put aside. */
export function marks(host, v) {
  const asked = waiting(v);
  once(host, `${asked} ${stamp(v, MARKED)}`, () => {
    const call = v.call ? `call_${v.call}` : null;
    const all = [call, ...(v.marks || []), v.unplaced ? "unplaced" : null, v.unrecorded ? "unrecorded" : null].filter(Boolean);
    const known = [...new Set(all)].map((m) =>
      h("span", { class: `tag ${m === "unrecorded" ? "tag-bad" : ""}` }, code("mark", m)),
    );
    if (v.state === "shelved") known.unshift(h("span", { class: "tag" }, say.shelved(v)));
    host.replaceChildren(...asked.map(waits), ...known);
  });
}
