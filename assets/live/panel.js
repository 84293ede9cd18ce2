// The incident panel: what, where, actions, why, evidence, procedure, reports, timeline. Drawn from the view at once;
// the timeline and the steps come from the API on selection and after each change of this incident.

import { byTest, h, once, setAttr, setText } from "./dom.js";
import { acknowledge, send } from "./commands.js";
import { card } from "./report.js";
import { deed } from "./deed.js";
import { evidence } from "./evidence.js";
import { factors } from "./factors.js";
import { head, marks } from "./head.js";
import { history } from "./history.js";
import { askMore } from "./more.js";
import { media } from "./media.js";
import { note, takeFocus } from "./note.js";
import { people } from "./people.js";
import { scene } from "./scene.js";
import { askAgency, askAssign, askResolve, help } from "./sheets.js";
import { steady } from "./steady.js";
import { steps } from "./steps.js";
import { talks } from "./talk.js";
import { on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { isClosed, isNew, model, on } from "./model.js";
import { openTexts, textOf, textsOf } from "./texts.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

let detail = null; // {id, timeline, procedure_steps} of the selected incident
const MOVED_PX = 8; // less leaves the button under the pointer: half a line of text
let asked = "";
let trouble = ""; // the incident whose detail could not be had
let parts = null;

/** Fetches what the panel shows beyond the view; a late answer for another incident or moment is dropped. */
async function fetchDetail(view) {
  const stamp = `${view.id}/${view.revision}/${view.updated_ms}/${view.state}`;
  if (stamp === asked) return;
  asked = stamp;
  const then = model.past === null ? "" : `?at=${encodeURIComponent(time.iso(model.past))}`;
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(view.id)}${then}`).catch(() => null);
  if (asked !== stamp || !model.selected || model.selected.id !== view.id) return;
  trouble = answer && answer.ok ? "" : view.id;
  if (!trouble) detail = await answer.json();
  mark("panel");
}

const button = (name, key, hot, press, extra = {}) =>
  h(
    "button",
    { type: "button", "data-testid": extra.test, "data-act": name, class: extra.class, onclick: press },
    key,
    hot ? h("kbd", {}, hot) : null,
  );

function actions() {
  const on_ = (fn) => () => model.selected && fn(model.selected);
  return h(
    "div",
    { class: "actions" },
    button("ack", t("verb.acknowledge"), "A", on_(acknowledge), { test: "ack", class: "primary" }),
    button(
      "119",
      t("panel.report", { agency: code("agency", "119") }),
      "9",
      on_((v) => askAgency(v, "119")),
      { test: "escalate-119" },
    ),
    button(
      "112",
      t("panel.report", { agency: code("agency", "112") }),
      "2",
      on_((v) => askAgency(v, "112")),
      { test: "escalate-112" },
    ),
    button(
      "take",
      t("panel.take"),
      "I",
      on_((v) => send(v, "assign", { to: document.body.dataset.user || model.user })),
    ),
    button("assign", t("verb.assign"), "W", on_(askAssign)),
    button("note", t("verb.note"), "N", takeFocus),
    button("more", t("panel.more"), "E", on_(askMore)),
    button(
      "resolve",
      t("verb.resolve"),
      "X",
      on_((v) => askResolve(v, "confirmed")),
    ),
    button(
      "false", // the farthest from "acknowledge": a press too many must not end anything
      t("disposition.false_alarm"),
      null,
      on_((v) => askResolve(v, "false_alarm")),
    ),
  );
}

/** Follows the height of the head: when the buttons have moved, a click that was on its way does nothing. */
function follow(head_, acts) {
  const moved = steady(acts);
  let high = null;
  new ResizeObserver(([{ contentRect }]) => {
    if (high !== null && Math.abs(contentRect.height - high) > MOVED_PX) moved();
    high = contentRect.height;
  }).observe(head_);
}

function again() {
  asked = "";
  mark("panel");
}

function build(host) {
  parts = {
    head: h("header", { class: "panel-head" }),
    acts: actions(), // nothing that comes later stands above them: they must not move under the hand
    trouble: h("p", { class: "panel-trouble", role: "status", hidden: true }, h("span", {}, t("panel.detail_broken")), h("button", { type: "button", onclick: again }, t("load.again"))),
    marks: h("div", { class: "panel-marks" }),
    near: h("p", { class: "panel-near" }),
    people: h("section", { class: "people" }),
    reports: h("div", { class: "reports" }),
    talk: h("section", { class: "talks" }),
    why: h("section", { class: "why" }),
    evidence: h("section", { class: "evidence" }),
    history: h("section", { class: "history", hidden: true }),
    scene: h("section", { class: "scene-host" }),
    media: h("section", { class: "media-host", hidden: true }),
    steps: h("section", { class: "steps" }),
    note: note(),
    timeline: h(
      "section",
      {},
      h("h3", {}, t("panel.timeline")),
      h("ol", { class: "timeline", "data-testid": "timeline" }),
    ),
  };
  host.replaceChildren(...Object.values(parts));
  follow(parts.head, parts.acts);
}

/** The nearest station of each agency, in a straight line. */
function stations(v) {
  const list = (detail && detail.id === v.id && detail.nearest) || [];
  const metres = (n) => (n < 1000 ? t("unit.metres", { n }) : t("unit.km", { n: (n / 1000).toFixed(1) }));
  const said = list.map((s) => `${code("agency", s.agency)} ${s.name} ${metres(s.metres)}`).join(" · ");
  setText(parts.near, said && t("panel.nearest", { list: said }));
}

function timeline(v) {
  const all = (detail && detail.id === v.id && detail.timeline) || [];
  const rows = model.past === null ? all : all.filter((r) => r.at_ms <= model.past); // nobody knew more at that moment
  const list = byTest("timeline");
  const opened = (textsOf(v.id) || []).length;
  once(list, `${v.id} ${opened} ${rows.length} ${rows.length && rows.at(-1).n} ${document.documentElement.lang}`, () =>
    drawTimeline(list, rows, v.id),
  );
}

/** The words of a note where it stands; until somebody opens them, the way to do so. */
function written(id, row) {
  if (row.kind !== "incident.noted") return null;
  const text = textOf(id, row);
  const read = () => openTexts(model.selected);
  if (text === undefined)
    return model.past === null ? h("button", { type: "button", class: "note-sealed", onclick: read }, t("people.sealed")) : null;
  return h("p", { class: "note-text", dir: "auto" }, text ?? t("people.erased"));
}

function drawTimeline(list, rows, id) {
  list.replaceChildren(
    ...rows.map((r) =>
      h(
        "li",
        { "data-kind": r.kind },
        h("time", {}, time.hms(r.at_ms ?? time.ms(r.at))),
        h("span", {}, deed(r)),
        h("em", {}, code("by", r.by)),
        written(id, r),
      ),
    ),
  );
}

/** Which buttons can be pressed: none in replay; on a closed incident only "more" (to open it again). */
function liveness(v) {
  const past = model.past !== null;
  for (const el of parts.acts.children) {
    const act = el.dataset.act;
    const over = isClosed(v) && act !== "more" && act !== "note";
    const done = (act === "ack" && !isNew(v)) || (act === "take" && v.assigned_to === model.user);
    const dead = past || over || done;
    if (dead && el === document.activeElement) byTest("incident-panel").focus({ preventScroll: true }); // Tab goes on here
    setAttr(el, "disabled", dead); // dead, not gone: the others keep their places
  }
}

function empty(host) {
  parts = null;
  const keys = [
    ["J K", "help.move"],
    ["A", "verb.acknowledge"],
    ["9 · 2", "help.report"],
  ];
  host.replaceChildren(
    h(
      "div",
      { class: "panel-empty" },
      h("p", {}, t("panel.empty")),
      h(
        "dl",
        {},
        keys.map(([k, w]) => [h("dt", {}, h("kbd", {}, k)), h("dd", {}, t(w))]),
        h("dt", {}, h("kbd", {}, "?")),
        h("dd", {}, h("button", { type: "button", onclick: help }, t("help.title"))),
      ),
    ),
  );
}

let drawnFor = "";

function paint() {
  const host = byTest("incident-panel");
  if (!host) return;
  const v = model.selected;
  if (!v) {
    const nothing = `nothing ${document.documentElement.lang}`;
    if (drawnFor !== nothing) empty(host);
    drawnFor = nothing;
    return;
  }
  const face = `${v.id} ${document.documentElement.lang}`;
  if (drawnFor !== face || !parts) {
    drawnFor = face;
    build(host);
  }
  setAttr(host, "data-id", v.id);
  head(parts.head, v);
  marks(parts.marks, v);
  liveness(v);
  setAttr(parts.trouble, "hidden", trouble !== v.id);
  stations(v);
  card(parts.reports, v);
  talks(parts.talk, v);
  factors(parts.why, v);
  people(parts.people, v);
  evidence(parts.evidence, v);
  history(parts.history, v);
  scene(parts.scene, v);
  media(parts.media, v);
  steps(parts.steps, v, (detail && detail.id === v.id && detail.procedure_steps) || []);
  timeline(v);
  fetchDetail(v);
}

export function start() {
  paints("panel", paint);
  byTest("incident-panel").tabIndex = -1; // can be given the keyboard, is no stop of its own
  on("change", (changes) => {
    const host = byTest("incident-panel");
    if (model.selected && host.dataset.id !== model.selected.id) host.scrollTop = 0; // now: once it is built anew, it would cost a layout
    if (!changes.length || changes.some((c) => model.selected && c.id === model.selected.id)) mark("panel");
  });
  on("reset", () => {
    asked = "";
    mark("panel");
  });
  onLink("beat", (beat) => beat && model.selected && mark("panel")); // ages, waiting, the time left to undo
  mark("panel");
}
