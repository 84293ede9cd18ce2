// The procedure, step by step; a tick is a command, and the other operator sees it.

import { h, once } from "./dom.js";
import { send } from "./commands.js";
import { isClosed, model } from "./model.js";
import { askAgency } from "./sheets.js";
import { code, has, lang, t } from "./words.js";

const said = (step, name) => (lang() === "en" ? step[`${name}_en`] : step[name]);
const words = (step) => said(step, "text") || (has(step.key) ? t(step.key) : step.key || "");

/** In what time a step should be done, counted from the popup. */
const within = (s) => (s >= 120 ? t("unit.minutes", { n: Math.round(s / 60) }) : t("unit.seconds", { n: s }));

function line(step, ticked, dead) {
  const box = h("input", { type: "checkbox", disabled: dead });
  box.checked = ticked;
  box.addEventListener("change", async () => {
    const args = { step: step.n, done: box.checked };
    const answer = await send(model.selected, "check", args, { part: `${step.n} ${box.checked}` });
    if (answer.problem) box.checked = !box.checked;
  });
  const when = said(step, "when");
  const report = () => askAgency(model.selected, step.agency);
  return h(
    "li",
    {},
    h(
      "label",
      {},
      box,
      h("span", {}, when ? h("em", { class: "step-when" }, `${when} → `) : null, words(step)),
      step.within_s ? h("span", { class: "tag" }, t("panel.within", { time: within(step.within_s) })) : null,
    ),
    step.agency && !dead
      ? h("button", { type: "button", class: "step-report", onclick: report }, code("agency", step.agency))
      : null,
  );
}

/** Draws the steps that the API named for this incident (`list`), ticked as the view says. */
export function steps(host, v, list) {
  const done = new Set(v.steps || []);
  const dead = model.past !== null || isClosed(v);
  once(host, `${v.id} ${list.length} ${[...done]} ${dead} ${lang()}`, () => {
    const sum = list.length ? `${list.filter((s) => done.has(s.n)).length}/${list.length}` : "";
    const lines = list.map((s) => line(s, done.has(s.n), dead));
    host.replaceChildren(
      h("h3", {}, t("panel.steps"), " ", h("span", { class: "quiet" }, sum)),
      lines.length ? h("ol", { class: "step-list" }, lines) : h("p", { class: "hint" }, t("panel.no_steps")),
    );
  });
}
