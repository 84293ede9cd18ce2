// The procedure, step by step; a tick is a command, and the other operator sees it.

import { h, once } from "./dom.js";
import { send } from "./commands.js";
import { isClosed, model } from "./model.js";
import { has, lang, t } from "./words.js";

const words = (step) => step.text ?? (lang() === "en" && step.text_en) ?? (has(step.key) ? t(step.key) : step.key);

function line(step, ticked, dead) {
  const box = h("input", { type: "checkbox", disabled: dead });
  box.checked = ticked;
  box.addEventListener("change", async () => {
    const args = { step: step.n, done: box.checked };
    const answer = await send(model.selected, "check", args, { part: `${step.n} ${box.checked}` });
    if (answer.problem) box.checked = !box.checked;
  });
  return h("li", {}, h("label", {}, box, h("span", {}, words(step))));
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
