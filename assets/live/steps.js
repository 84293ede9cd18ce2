// The procedure, step by step; a tick or an answer is a command, and the other operator sees it. Steps hang on answers.

import { h, once } from "./dom.js";
import { send } from "./commands.js";
import { isClosed, model } from "./model.js";
import { askAgency, close, openFor } from "./sheets.js";
import { toast } from "./toast.js";
import { code, has, lang, t } from "./words.js";

const said = (step, name) => (lang() === "en" ? step[`${name}_en`] : step[name]);
const words = (step) => said(step, "text") || (has(step.key) ? t(step.key) : step.key || "");

/** In what time a step should be done, counted from the popup. */
const within = (s) => (s >= 120 ? t("unit.minutes", { n: Math.round(s / 60) }) : t("unit.seconds", { n: s }));

/** Whether a step is to be done by what was answered so far: true, false, or null while nobody knows. */
function due(step, answers, list) {
  if (!step.if) return true;
  const [n, wanted] = step.if.split(".");
  if (due(list[n - 1], answers, list) === false) return false;
  return answers[n] ? answers[n] === wanted : null;
}

const check = (args) => send(model.selected, "check", args, { part: JSON.stringify(args) });

/** A report to this agency that was not taken back does the step that is one: it is not ticked by hand. */
const reported = (v, step) => Boolean(step.agency) && (v.escalations || []).some((e) => e.agency === step.agency && e.state !== "cancelled");

/** Whether a step is done: ticked, answered, or reported. */
const isDone = (v, step) => (v.steps || []).includes(step.n) || reported(v, step);

/** A report that this console knows nothing of: made here now, or told by phone, which a person says. */
function askReport(step) {
  const agency = code("agency", step.agency);
  const view = model.selected;
  const phoned = () => {
    check({ step: step.n, done: true });
    close();
  };
  openFor(
    view,
    t("steps.unreported", { agency }),
    h("p", {}, t("steps.unreported_is", { agency })),
    h(
      "div",
      { class: "sheet-acts" },
      h("button", { type: "button", class: "primary", onclick: () => askAgency(view, step.agency) }, t("panel.report", { agency })),
      h("button", { type: "button", "data-act": "phoned", onclick: phoned }, t("steps.phoned")),
      h("button", { type: "button", onclick: close }, t("sheet.cancel"), h("kbd", {}, "Esc")),
    ),
  );
}

/** A step that is ticked. */
function box(step, v, dead) {
  const field = h("input", { type: "checkbox", disabled: dead || reported(v, step) });
  field.checked = isDone(v, step);
  field.addEventListener("change", async () => {
    if (step.agency && field.checked) {
      field.checked = false;
      return askReport(step);
    }
    const answer = await check({ step: step.n, done: field.checked });
    if (answer.problem) field.checked = !field.checked;
  });
  return field;
}

/** A step that is answered: what comes after it hangs on it. Pressed again, an answer is taken back. */
function question(step, said_, dead) {
  const press = (value) => () =>
    check(said_ === value ? { step: step.n, done: false } : { step: step.n, done: true, answer: value });
  const button = (value) =>
    h(
      "button",
      { type: "button", disabled: dead, "aria-pressed": String(said_ === value), "data-answer": value, onclick: press(value) },
      t(`unit.${value}`),
    );
  return h("div", { class: "step-ask" }, h("span", {}, said(step, "ask")), button("yes"), button("no"));
}

function line(step, v, list, dead) {
  const [done, answers] = [isDone(v, step), v.answers || {}];
  const applies = due(step, answers, list);
  const when = said(step, "when");
  const hangs = applies === null && !when; // with a condition in words that says it already
  const hint = hangs ? t("steps.depends", { n: step.if.split(".")[0] }) : applies === false ? t("steps.skip") : null;
  const report = () => askAgency(model.selected, step.agency);
  const text = [
    h("span", {}, when ? h("em", { class: "step-when" }, `${when} → `) : null, words(step)),
    hint ? h("span", { class: "tag" }, hint) : null,
    step.within_s && applies !== false ? h("span", { class: "tag" }, t("panel.within", { time: within(step.within_s) })) : null,
  ];
  const mark = step.ask ? h("i", { class: "step-mark", "aria-hidden": "true" }, done ? "✓" : "?") : box(step, v, dead);
  const button = h("button", { type: "button", class: "step-report", onclick: report }, code("agency", step.agency));
  return h(
    "li",
    { "data-step": step.n, "data-done": done ? "1" : null, "data-due": applies === null ? "maybe" : applies ? "yes" : "no" },
    h(
      "div",
      { class: "step-line" },
      h(step.ask ? "div" : "label", { class: "step-text" }, mark, text),
      step.agency && !dead ? button : null,
    ),
    step.ask ? question(step, answers[step.n], dead) : null,
  );
}

/** Puts the keyboard on the next step that is not done, from the one that has it round to the first. */
export function takeStep() {
  const open = [...document.querySelectorAll('[data-step]:not([data-done]):not([data-due="no"])')];
  const here = document.activeElement.closest("[data-step]");
  const after = here && open.find((el) => el !== here && here.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING);
  const step = after || open[0];
  if (step) step.querySelector("input, [data-answer]").focus();
  else toast(t("steps.none_open"));
}

/** Draws the steps that the API named for this incident (`list`), ticked and answered as the view says. */
export function steps(host, v, list) {
  const dead = model.past !== null || isClosed(v);
  const answers = v.answers || {};
  const which = list.map((s) => s.key || s.text); // another kind's procedure may have as many steps
  const told = list.filter((s) => reported(v, s)).map((s) => s.n);
  once(host, `${v.id} ${which} ${told} ${v.steps} ${JSON.stringify(answers)} ${dead} ${lang()}`, () => {
    const these = list.filter((s) => due(s, answers, list) !== false);
    const done = these.filter((s) => isDone(v, s)).length;
    host.replaceChildren(
      h("h3", {}, t("panel.steps"), " ", h("span", { class: "quiet" }, list.length ? `${done}/${these.length} ` : ""), list.length && !dead ? h("kbd", {}, "C") : null),
      list.length
        ? h("ol", { class: "step-list" }, list.map((s) => line(s, v, list, dead)))
        : h("p", { class: "hint" }, t("panel.no_steps")),
    );
  });
}
