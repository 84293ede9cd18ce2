// Why it ranks where it does: each factor as wide as its points, named, with its reason; what is missing to the next step.

import { h, once } from "./dom.js";
import * as say from "./describe.js";
import { openedMs, TARGET_S, waiting } from "./model.js";
import * as time from "./time.js";
import { code, lang, t } from "./words.js";

const NEXT = { 2: 70, 3: 45, 4: 25 }; // points from which the next priority begins (DESIGN section 6)

/** Waiting moves the row, not the priority: it stands below the sum. */
function waited(v) {
  const points = waiting(v);
  if (!points) return null;
  const args = { waited: time.age(openedMs(v)), target: time.age(0, TARGET_S[v.p] * 1000) };
  return h("ul", { class: "factors" }, row({ name: "waiting", why: "waiting", args, points }));
}

/** Factors at a glance for a row: as long as the score is high, what weighs most in a word. */
export function glance(host, v) {
  const list = (v.factors || []).filter((f) => f.points > 0).sort((a, b) => b.points - a.points);
  const word = (f) => `${code("factor_short", f.name)} ${f.points}`;
  const parts = list.map((f) => h("i", { style: `flex-grow:${f.points}` }));
  host.replaceChildren(
    h("span", { class: "glance-words" }, list.slice(0, 1).map(word)),
    h("span", { class: "glance-bar" }, h("span", { style: `width:${Math.min(100, v.score)}%` }, parts)),
  );
  host.title = list.map((f) => `${say.factor(f)} ${f.points}`).join(" · ");
}

function row(f) {
  const points = `${f.points > 0 ? "+" : ""}${f.points}`;
  return h("li", { "data-factor": f.name }, h("b", {}, points), h("span", {}, say.factor(f)), h("em", {}, say.why(f)));
}

/** Draws the bar of factors of an incident. */
export function factors(host, v) {
  const list = v.factors || [];
  once(host, `${v.id} ${v.revision} ${waiting(v)} ${list.map((f) => f.points)} ${lang()}`, () => {
    const parts = list.filter((f) => f.points > 0).map((f) => h("i", { style: `flex-grow:${f.points}` }));
    const short = NEXT[v.p] > v.score ? { points: NEXT[v.p] - v.score, priority: t(`priority.P${v.p - 1}`) } : null;
    host.replaceChildren(
      h("h3", {}, t("panel.why")),
      h("div", { class: "factor-bar", "aria-hidden": "true" }, parts),
      h("ul", { class: "factors" }, list.map(row)),
      h("p", { class: "factor-sum" }, h("b", {}, t("panel.sum", { n: v.score, priority: say.priority(v) })), short && t("panel.next", short)),
      ...[waited(v)].filter(Boolean),
    );
  });
}
