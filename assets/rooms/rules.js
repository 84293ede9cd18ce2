// The algorithm register: every rule with its purpose, its thresholds and where they come from.

import { anew, byId, h } from "../live/dom.js";
import { code, has, lang, t } from "../live/words.js";
import { amount, nameOf } from "./amount.js";
import { form, logged, pending } from "./proposals.js";
import { items } from "./table.js";

let rules = [];
let open = ""; // the rule whose form is open
let asked = ""; // what is searched for

function threshold([name, value]) {
  return h("tr", {}, h("td", {}, nameOf(name, true)), h("td", {}, amount(name, value)));
}

const percent = (x) => `${(100 * x).toFixed(1)}%`;

/** False alarms of all verdicts on this rule, with the interval; none yet says so. */
function result(r) {
  if (!r || !r.n) return t("rules.no_result");
  return t("rules.result", { k: r.k, n: r.n, rate: percent(r.rate), low: percent(r.low), high: percent(r.high) });
}

const plain = (x) => {
  const last = String(x).split(".").pop();
  return ["match", "value", "rule", "kind", "severity", "when", "evidence"].map((s) => `${s}.${last}`).filter(has).map((k) => t(k))[0] || last;
};

/** What a rule looks at: its [match], as words where there are any. */
function inputs(rule) {
  const lists = Object.entries(rule.match || {}).filter(([name, v]) => Array.isArray(v) && v.length && name !== "parts");
  return lists.map(([name, v]) => `${code("match", name)}: ${v.map(plain).join(", ")}`);
}

function parts(rule) {
  return (rule.match?.parts || []).map((p) => p.kinds.map(plain).join(" / "));
}

function log(rule) {
  const rows = rule.log.filter((p) => p.state !== "pending");
  if (!rows.length) return null;
  return h("details", {}, h("summary", {}, t("rules.log", { n: rows.length })), h("ul", {}, rows.map(logged)));
}

/** Shuts the form without a word to the server; the keyboard goes back to what opened it. */
function shut() {
  const was = open;
  open = "";
  draw();
  document.querySelector(`[data-testid="edit-${was}"]`)?.focus();
}

function edit(rule) {
  if (document.body.dataset.role !== "supervisor" || !rule.changeable.length) return null;
  const waiting = rule.log.find((p) => p.state === "pending");
  if (waiting) return pending(waiting, t("rules.waiting"), load);
  if (open === rule.id) return form(rule, async () => { open = ""; await load(); }, shut);
  const show = () => {
    open = rule.id;
    draw();
    document.querySelector("form.propose input").focus(); // brings the form into view as well
  };
  return h("button", { type: "button", "data-testid": `edit-${rule.id}`, onclick: show }, t("rules.edit"));
}

function clock(hour) {
  const minutes = Math.round(hour * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

// The hours and conditions of a rule that does not hold always, in words; nothing for the others.
function holds(when) {
  const spans = (when.hours || []).map(([from, to]) => `${clock(from)}–${clock(to)}`);
  const parts = [["hours", spans], ...["days", "all", "any", "none"].map((k) => [k, (when[k] || []).map((w) => t(`when.${w}`))])];
  return parts.filter(([, list]) => list.length).map(([name, list]) => t(`when.${name}`, { list: list.join(", ") }));
}

function entry(rule) {
  const known = Object.entries(rule.thresholds || {}).filter(([, value]) => value !== null); // null: not of this rule
  const when = holds(rule.when || {});
  const title = lang() === "ko" ? rule.title : rule.title_en;
  return h(
    "article",
    { class: "rule", "data-rule": rule.id },
    h(
      "header",
      {},
      h("h2", {}, title),
      h("span", { class: "tag" }, code("severity", rule.severity)),
      h(
        "span",
        { class: "quiet" },
        h("span", { translate: "no", title: t("rules.id", { id: rule.id }) }, t("rules.version", { n: rule.version })),
        ` · ${code("pattern", rule.pattern)}`,
      ),
    ),
    lang() === "ko" || !rule.why_en ? h("p", { lang: "ko" }, rule.why) : h("p", {}, rule.why_en),
    when.length ? h("p", { class: "when" }, `${t("when.title")}: ${when.join(" · ")}`) : null,
    inputs(rule).length ? h("p", { class: "hint" }, `${t("rules.inputs")}: ${inputs(rule).join(" · ")}`) : null,
    parts(rule).length ? h("p", { class: "hint" }, `${t("rules.parts")}: ${parts(rule).join(" + ")}`) : null,
    known.length ? h("table", { class: "thresholds" }, h("tbody", {}, known.map(threshold))) : null,
    h("p", { class: "hint" }, `${t("rules.source")}: `, lang() === "ko" && rule.source_ko ? h("span", { translate: "no" }, rule.source_ko) : h("span", { lang: "en" }, rule.source)),
    h("p", { class: "result" }, `${t("rules.false")}: ${result(rule.result)}`),
    edit(rule),
    log(rule),
  );
}

/** Everything of a rule that a person reads, to search in: also what it looks at. */
const hay = (r) => [r.id, r.title, r.title_en, r.why, r.why_en, ...inputs(r), ...parts(r)].join(" ").toLowerCase();

function draw() {
  const waiting = rules.flatMap((r) => r.log.filter((p) => p.state === "pending")).length;
  const found = rules.filter((r) => !asked || hay(r).includes(asked));
  byId("register-sum").textContent = t("rules.sum", { n: found.length, all: rules.length, waiting });
  anew(byId("register"), () => byId("register").replaceChildren(...found.map(entry)));
}

function search() {
  const text = h("input", { type: "search", value: asked, placeholder: t("rules.search"), "aria-label": t("rules.search") });
  text.addEventListener("input", () => {
    asked = text.value.trim().toLowerCase();
    draw();
  });
  byId("register-search").replaceChildren(text, h("span", { id: "register-sum", class: "quiet" }));
}

async function load() {
  rules = await items("/api/v1/rules");
  const first = (r) => (r.log.some((p) => p.state === "pending") ? 0 : 1);
  rules.sort((a, b) => first(a) - first(b));
  draw();
}

export async function start() {
  search();
  await load();
  document.addEventListener("gwanje:lang", () => {
    search();
    draw();
  });
}
