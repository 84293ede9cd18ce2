// The supervisor's side of a look back: how long the incident took, who did and saw what, and notes for training.

import { deed } from "./deed.js";
import { byId, h, setAttr } from "./dom.js";
import * as drill from "./drill.js";
import * as lanes from "./lanes.js";
import { model, on } from "./model.js";
import { textField } from "./text.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

const PARTS = ["figures", "deeds", "notes", "drill"];
const API = "/api/v1/replay";
let seek = null;
let part = "figures";
let scope = "incident"; // what the deeds and notes are of: this incident, or the span of the strip
let person = "";
let turn = 0; // an answer that comes after a newer question is not drawn

const selected = () => (model.selected ? model.selected.id : "");
const ofIncident = () => Boolean(selected()) && scope === "incident";

async function get(path, query) {
  const answer = await fetch(`${API}/${path}?${new URLSearchParams(query)}`);
  return answer.ok ? (await answer.json()).items : [];
}

/** The query that names what is looked at. */
function about() {
  const [from, to] = lanes.shown();
  return { from: time.iso(from), to: time.iso(to), ...(ofIncident() ? { incident: selected() } : {}) };
}

const jump = (at, incident = "") =>
  h("button", { type: "button", class: "jump", title: t("review.jump"), onclick: () => seek(at, incident) }, time.hms(at));

const none = (key) => h("p", { class: "hint" }, t(key));

// A popup is the browser's own figure in milliseconds; what people do is counted in minutes.
const length = (m) => (m.name === "popup" ? t("review.ms", { n: Math.round(m.ms) }) : time.age(0, m.ms));

async function figures() {
  const id = selected();
  if (!id) return [none("review.choose")];
  const answer = await fetch(`${API}/incidents/${encodeURIComponent(id)}`);
  const rows = answer.ok ? (await answer.json()).items : [];
  const row = (m) =>
    h(
      "tr",
      { "data-moment": m.name },
      h("th", { scope: "row" }, t(`review.${m.name}`)),
      h("td", {}, m.name === "opened" ? "" : length(m)),
      h("td", {}, jump(m.at_ms, id)),
      h("td", { class: "quiet", title: m.by && m.name !== "opened" ? null : t("help.sign_record") }, m.by && m.name !== "opened" ? code("by", m.by) : `#${m.seq}`),
    );
  return [
    h("p", { class: "hint" }, `${id} · ${t("review.from_opening")}`),
    h("table", { class: "moments" }, h("tbody", {}, rows.map(row))),
  ];
}

function choices(rows) {
  const people = [...new Set([...rows.map((r) => r.by), person].filter(Boolean))].sort();
  const whole = h("select", {
    "aria-label": t("review.scope"),
    onchange: (e) => {
      scope = e.target.value;
      refresh();
    },
  });
  whole.append(
    h("option", { value: "incident", selected: ofIncident(), disabled: !selected() }, t("review.this")),
    h("option", { value: "span", selected: !ofIncident() }, t("review.span")),
  );
  if (part !== "deeds") return h("div", { class: "review-choice" }, whole);
  const who = h("select", {
    "aria-label": t("review.who"),
    onchange: (e) => {
      person = e.target.value;
      refresh();
    },
  });
  who.append(
    h("option", { value: "" }, t("review.everyone")),
    ...people.map((name) => h("option", { value: name, selected: name === person }, name)),
  );
  return h("div", { class: "review-choice" }, whole, who);
}

const looked = (args) => ["what", "purpose", "code"].map((k) => args[k] && code("access", args[k])).filter(Boolean);

function said(r) {
  const more = r.kind === "paint.noted" ? [t("review.ms", { n: Math.round(r.args.ms) })] : looked(r.args || {});
  return [deed(r), ...more].join(" · ");
}

async function deeds() {
  const rows = await get("deeds", about());
  const shown = rows.filter((r) => !person || r.by === person);
  const row = (r) =>
    h(
      "li",
      { "data-kind": r.kind },
      jump(r.at_ms, r.kind.startsWith("incident.") ? r.subject : ""),
      h("b", {}, r.by),
      h("span", {}, said(r)),
      ofIncident() ? null : h("em", {}, r.subject),
    );
  return [choices(rows), shown.length ? h("ol", { class: "deeds" }, shown.map(row)) : none("review.no_deeds")];
}

async function keep(e) {
  e.preventDefault();
  const field = e.target.elements.text;
  const body = { at: time.iso(model.past), text: field.value, incident: ofIncident() ? selected() : "" };
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${API}/notes`, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.ok) {
    field.drop();
    return refresh();
  }
  const problem = await answer.json();
  e.target.querySelector("[role=alert]").textContent = t(`refusal.${problem.code}`, { detail: problem.detail || "" });
}

async function notes() {
  const rows = await get("notes", about());
  const [field, long] = textField(t("review.note"), 3, "", "training note"); // stays when something else is looked at
  field.name = "text";
  field.required = true;
  const row = (r) =>
    h(
      "li",
      {},
      jump(r.about_ms, r.incident),
      h("b", {}, r.by),
      r.incident && !ofIncident() ? h("em", {}, r.incident) : null,
      h("p", {}, r.text ?? t("people.erased")),
    );
  return [
    choices(rows),
    h("ol", { class: "deeds training" }, rows.map(row)),
    h(
      "form",
      { class: "training-form", onsubmit: keep },
      field,
      long,
      h("button", { type: "submit" }, t("review.keep")),
      h("p", { role: "alert", class: "changed-word" }),
    ),
    none("review.note_where"),
  ];
}

const DRAW = { figures, deeds, notes, drill: () => drill.panel(refresh) };

async function refresh() {
  const host = byId("review-body");
  const mine = ++turn;
  const drawn = await DRAW[part]();
  if (mine === turn) host.replaceChildren(...drawn);
}

function open(name) {
  part = name;
  for (const el of document.querySelectorAll("#review [role=tab]"))
    setAttr(el, "aria-selected", String(el.dataset.part === name));
  refresh();
}

function frame() {
  const tab = (name) =>
    h("button", { type: "button", role: "tab", "data-part": name, onclick: () => open(name) }, t(`review.tab_${name}`));
  const host = byId("review");
  const fold = h("button", { type: "button", "aria-expanded": "true", title: t("review.fold"), "aria-label": t("review.fold") }, "–");
  fold.addEventListener("click", () => {
    const folded = host.dataset.folded === "1";
    setAttr(host, "data-folded", folded ? null : "1");
    setAttr(fold, "aria-expanded", String(folded));
    fold.textContent = folded ? "–" : "+";
  });
  host.setAttribute("aria-label", t("review.title"));
  host.replaceChildren(
    h("div", { class: "review-head" }, h("div", { class: "review-tabs", role: "tablist" }, PARTS.filter((name) => name !== "drill" || !drill.isDrill()).map(tab)), fold),
    h("div", { id: "review-body" }),
  );
  open(part);
}

/** Opens the panel over the map; `go(ms, incident)` goes to a moment. */
export function start(go) {
  seek = go;
  const host = h("aside", { id: "review", "data-testid": "review" });
  document.querySelector(".map-area").append(host);
  frame();
  let last = selected();
  const again = () => {
    if (selected() === last) return;
    last = selected();
    refresh();
  };
  on("change", again);
  on("reset", again);
  document.addEventListener("gwanje:span", () => ofIncident() || part === "figures" || refresh());
  document.addEventListener("gwanje:lang", frame);
}
