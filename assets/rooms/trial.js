// What a proposed change would have done on the recorded past: whoever approves sees it first.

import { h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { choice, post } from "./table.js";

const HOURS = [1, 6, 24, 72];
const ASK_MS = 2000; // how often is asked while it runs
const timers = new Map(); // number of a proposal -> the timer that asks again

/** Whether the outcome is on the screen, so that it can be approved. */
export const isShown = (p) => !p.tried || ["done", "failed"].includes(p.trial?.state);

function figures(p) {
  const told = p.trial;
  if (!told.events) return [h("p", {}, t("rules.trial_empty", { n: told.hours }))];
  const span = { from: time.full(told.from_ms).slice(5, 16), to: time.full(told.to_ms).slice(5, 16) };
  const lines = [h("p", {}, h("strong", {}, t("rules.trial_done", { ...told, ...span }))), h("p", { class: "quiet" }, t("rules.trial_change", told))];
  if (told.missed.length) lines.push(h("p", { class: "tag-bad" }, t("rules.trial_missed", { n: told.missed.length, list: told.missed.join(", ") })));
  else if (told.confirmed) lines.push(h("p", { class: "quiet" }, t("rules.trial_kept", { n: told.confirmed })));
  if (told.others.length) lines.push(h("p", { class: "quiet" }, t("rules.trial_others", { list: told.others.map((r) => code("rule", r)).join(", ") })));
  return lines;
}

/** The trial of a proposal: its outcome, or that it runs; and the button that tries it on more or fewer hours. */
export function trial(p, done) {
  if (!p.tried) return null;
  const state = p.trial?.state || "none";
  clearTimeout(timers.get(p.n));
  if (state === "running") timers.set(p.n, setTimeout(done, ASK_MS));
  const body = {
    none: () => [h("p", { class: "quiet" }, t("rules.trial_none"))],
    running: () => [h("p", {}, t("rules.trial_running", { n: p.trial.hours }))],
    failed: () => [h("p", { class: "tag-bad" }, t("rules.trial_failed"))],
    done: () => figures(p),
  }[state]();
  const hours = choice(HOURS, t("rules.trial"), (n) => t("rules.trial_hours", { n }));
  hours.value = p.trial?.hours || 6;
  const run = async () => {
    if (await post(`/api/v1/rules/proposals/${p.n}/trial`, { hours: Number(hours.value) })) await done();
  };
  const button = h("button", { type: "button", "data-testid": "try", onclick: run }, t(p.trial ? "rules.trial_again" : "rules.trial_run"));
  const again = state === "running" ? null : h("div", { class: "line-form" }, hours, button);
  return h("div", { class: "trial", "data-trial": state, role: "status" }, h("h3", {}, t("rules.trial")), body, again);
}
