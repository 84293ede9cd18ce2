// The incident panel: what, where, actions, why, evidence, procedure, reports, timeline. Drawn from the view at once;
// the timeline and the steps come from the API on selection and after each change of this incident.

import { byTest, h, icon, setAttr, setText, shape } from "./dom.js";
import { acknowledge, send } from "./commands.js";
import * as say from "./describe.js";
import { card } from "./report.js";
import { evidence } from "./evidence.js";
import { note, takeFocus } from "./note.js";
import { askAgency, askAssign, askResolve } from "./sheets.js";
import { mark, paints } from "./loop.js";
import { isClosed, isNew, model, on, openedMs, TARGET_S, waiting } from "./model.js";
import * as time from "./time.js";
import { code, has, t } from "./words.js";

let detail = null; // {id, timeline, procedure_steps} of the selected incident
let asked = "";
let parts = null;

/** Fetches what the panel shows beyond the view; a late answer for another incident is dropped. */
async function fetchDetail(view) {
  const stamp = `${view.id}/${view.revision}/${view.updated_ms}/${view.state}`;
  if (stamp === asked) return;
  asked = stamp;
  const at = model.past === null ? "" : `?at=${encodeURIComponent(time.iso(model.past))}`;
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(view.id)}${at}`);
  if (!answer.ok || !model.selected || model.selected.id !== view.id) return;
  detail = await answer.json();
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
      "false",
      t("disposition.false_alarm"),
      null,
      on_((v) => askResolve(v, "false_alarm")),
    ),
    button(
      "resolve",
      t("verb.resolve"),
      "X",
      on_((v) => askResolve(v, "confirmed")),
    ),
    button(
      "take",
      t("panel.take"),
      null,
      on_((v) => send(v, "assign", { to: document.body.dataset.user || model.user })),
    ),
    button("assign", t("verb.assign"), null, on_(askAssign)),
    button("note", t("verb.note"), "N", takeFocus),
  );
}

function build(host) {
  parts = {
    head: h("header", { class: "panel-head" }),
    acts: actions(),
    reports: h("div", { class: "reports" }),
    why: h("section", { class: "why" }),
    evidence: h("section", { class: "evidence" }),
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
}

function head(v) {
  parts.head.replaceChildren(
    h(
      "div",
      { class: "panel-title", "data-calling": isNew(v) ? "1" : "0" },
      shape(v.p),
      h("h2", {}, say.kind(v)),
      h("span", { class: "panel-score" }, `${say.priority(v)} ${v.score}`),
    ),
    h("div", { class: "panel-place" }, say.place(v)),
    h(
      "div",
      { class: "panel-line" },
      [say.state(v), v.assigned_to, `${time.hms(openedMs(v))} (${time.age(openedMs(v))})`, v.id]
        .filter(Boolean)
        .join(" · "),
    ),
    ...marks(v),
  );
}

function marks(v) {
  const all = [...(v.marks || []), v.unplaced ? "unplaced" : null, v.unrecorded ? "unrecorded" : null].filter(Boolean);
  const known = [...new Set(all)].map((m) =>
    h("span", { class: `tag ${m === "unrecorded" ? "tag-bad" : ""}` }, code("mark", m)),
  );
  return known.length ? [h("div", { class: "panel-marks" }, ...known)] : [];
}

/** The bar of factors: each as wide as its points, named, with its reason; what is missing to the next priority. */
function why(v) {
  const list = [
    ...(v.factors || []),
    ...(waiting(v)
      ? [
          {
            name: "waiting",
            why: "waiting",
            args: { s: Math.round((time.now() - openedMs(v)) / 1000), target_s: TARGET_S[v.p] },
            points: waiting(v),
          },
        ]
      : []),
  ];
  const good = list.filter((f) => f.points > 0);
  const bar = h(
    "div",
    { class: "factor-bar", "aria-hidden": "true" },
    good.map((f) => h("i", { style: `flex-grow:${f.points}`, "data-factor": f.name })),
  );
  const rows = list.map((f) =>
    h(
      "li",
      { "data-factor": f.name },
      h("b", {}, `${f.points > 0 ? "+" : ""}${f.points}`),
      h("span", {}, say.factor(f)),
      h("em", {}, say.why(f)),
    ),
  );
  const next = { 2: 70, 3: 45, 4: 25 }[v.p];
  const sum = list.reduce((n, f) => n + f.points, 0);
  const more =
    next && next > sum
      ? h("p", { class: "hint" }, t("panel.next", { points: next - sum, priority: t(`priority.P${v.p - 1}`) }))
      : null;
  parts.why.replaceChildren(
    ...[h("h3", {}, t("panel.why")), bar, h("ul", { class: "factors" }, rows), more].filter(Boolean),
  );
}

function steps(v) {
  const list = (detail && detail.id === v.id && detail.procedure_steps) || [];
  const done = new Set(v.steps || []);
  const rows = list.map((s) => {
    const box = h("input", {
      type: "checkbox",
      disabled: model.past !== null || isClosed(v),
      onchange: () => send(model.selected, "check", { step: s.n, done: box.checked }, { part: `${s.n}${box.checked}` }),
    });
    box.checked = done.has(s.n) || (s.done && !v.steps);
    return h("li", {}, h("label", {}, box, h("span", {}, s.text ?? (has(s.key) ? t(s.key) : s.key))));
  });
  const title = h(
    "h3",
    {},
    t("panel.steps"),
    " ",
    h("span", { class: "quiet" }, list.length ? `${list.filter((s) => done.has(s.n)).length}/${list.length}` : ""),
  );
  parts.steps.replaceChildren(
    title,
    list.length ? h("ol", { class: "step-list" }, rows) : h("p", { class: "hint" }, t("panel.no_steps")),
  );
}

function timeline(v) {
  const rows = (detail && detail.id === v.id && detail.timeline) || [];
  const list = byTest("timeline");
  list.replaceChildren(
    ...rows.map((r) =>
      h(
        "li",
        { "data-kind": r.kind },
        h("time", {}, time.hms(r.at_ms ?? time.ms(r.at))),
        h("span", {}, t(r.key, say.words(r.args || {}))),
        h("em", {}, code("by", r.by)),
      ),
    ),
  );
}

/** Which buttons can be pressed: none in replay, none on a closed incident, acknowledge once. */
function liveness(v) {
  const dead = model.past !== null || isClosed(v);
  for (const el of parts.acts.children) {
    const act = el.dataset.act;
    setAttr(el, "disabled", dead || (act === "ack" && !isNew(v)));
    setAttr(el, "hidden", act === "take" && v.assigned_to === model.user);
  }
}

function empty(host) {
  parts = null;
  const keys = [
    ["J K", "help.move"],
    ["A", "verb.acknowledge"],
    ["9 · 2", "help.report"],
    ["?", "help.title"],
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
    drawnFor = "";
    return empty(host);
  }
  const face = `${v.id} ${document.documentElement.lang}`;
  if (drawnFor !== face || !parts) {
    drawnFor = face;
    build(host);
    host.scrollTop = 0;
  }
  setAttr(host, "data-id", v.id);
  head(v);
  liveness(v);
  parts.reports.replaceChildren(...card(v));
  why(v);
  evidence(parts.evidence, v);
  steps(v);
  timeline(v);
  fetchDetail(v);
}

export function start() {
  paints("panel", paint);
  on("change", (changes) => {
    if (!changes.length || changes.some((c) => model.selected && c.id === model.selected.id)) mark("panel");
  });
  on("reset", () => {
    asked = "";
    mark("panel");
  });
  mark("panel");
}
