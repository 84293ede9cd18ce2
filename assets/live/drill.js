// Drills: the word on every screen of a drill's own console; on the real ones the way into it, and who begins and ends it.

import { byId, h, setText } from "./dom.js";
import { on as onLink } from "./link.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

const API = "/api/v1/drills";
const STAFF = ["operator", "supervisor"];
const headers = { "Content-Type": "application/json" };
let state = null; // the drill that goes on, as the beat tells it
let changed = () => {};

export const isDrill = () => Boolean(document.body.dataset.drill);
const address = (of, path) => `${location.protocol}//${location.hostname}:${of.port}${path}`;

/** The way into a drill's console, or to the look back at it. */
function way(of, more = {}) {
  const [path, name] = of.over ? ["/replay", "drill.review"] : ["/", "drill.invite"];
  return h("a", { class: "drill-link", href: address(of, path), target: "_blank", rel: "noopener", ...more }, t(name));
}

/** The word stays in the page when the language changes: one that is made anew is gone for a moment. */
function word() {
  const el = byId("drill-word") || h("b", { id: "drill-word", role: "status" });
  if (!el.isConnected) byId("simulated").before(el);
  setText(el, `${t("drill.word")} · ${code("drill", document.body.dataset.drill)}`);
}

/** The way into the drill, in the bar of who is drilled and of who leads it. */
function invite() {
  const user = document.body.dataset.user;
  const mine = state && (state.by === user || (state.who === user && !state.over));
  const old = byId("drill-link");
  if (old && (!mine || old.dataset.of !== `${state.port} ${state.over}`)) old.remove();
  if (!mine || byId("drill-link")) return;
  byId("simulated").before(way(state, { id: "drill-link", "data-of": `${state.port} ${state.over}` }));
}

function select(name, options, said) {
  return h(
    "label",
    {},
    h("span", {}, t(`drill.${name}`)),
    h("select", { name }, options.map((one) => h("option", { value: one }, said(one)))),
  );
}

async function post(path, body, form) {
  const button = form.querySelector("button");
  button.disabled = true;
  setText(form.querySelector("[role=status]"), path ? "" : t("drill.opening"));
  const answer = await fetch(`${API}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const problem = answer.ok ? null : await answer.json();
  button.disabled = false;
  setText(form.querySelector("[role=status]"), problem ? t(`refusal.${problem.code}`, { detail: problem.detail || "" }) : "");
  if (answer.ok) changed();
}

function going(known) {
  const said = { who: known.who, until: time.hms(known.until_ms).slice(0, 5) };
  const form = h(
    "form",
    { class: "training-form" },
    h("p", {}, `${code("drill", known.story)} · ${t(known.over ? "drill.ended" : "drill.running", said)}`),
    h("div", { class: "drill-acts" }, way(known), h("button", { type: "submit" }, t(known.over ? "drill.close" : "drill.end"))),
    h("p", { role: "status" }),
  );
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    post("/end", {}, form);
  });
  return form;
}

function beginning(stories, people) {
  const form = h(
    "form",
    { class: "training-form drill-form" },
    select("story", stories, (one) => code("drill", one)),
    select("who", people, (one) => one),
    h("label", {}, h("span", {}, t("drill.minutes")), h("input", { name: "minutes", type: "number", min: 5, max: 240, value: 30, required: true })),
    h("button", { type: "submit" }, t("drill.begin")),
    h("p", { role: "status" }),
  );
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const { story, who, minutes } = e.target.elements;
    post("", { story: story.value, who: who.value, minutes: Number(minutes.value) }, form);
  });
  return form;
}

/** The supervisor's part of the look back: begin a drill, or see and end the one that goes on; `again` redraws it. */
export async function panel(again) {
  changed = again;
  const [told, room] = await Promise.all([fetch(API), fetch("/api/v1/people")]);
  const known = told.ok ? await told.json() : { stories: [], state: null };
  const people = room.ok ? (await room.json()).items : [];
  const others = people.map((p) => p.user).filter((user) => user !== document.body.dataset.user);
  const form = known.state ? going(known.state) : beginning(known.stories, others);
  return [form, h("p", { class: "hint" }, t("drill.about"))];
}

/** Marks a drill's own console; elsewhere listens for one. */
export function start() {
  if (isDrill()) {
    word();
    document.addEventListener("gwanje:lang", word);
  }
  if (!STAFF.includes(document.body.dataset.role)) return;
  onLink("beat", (beat) => {
    if (!beat || beat.drill === undefined) return;
    state = beat.drill;
    invite();
  });
}
