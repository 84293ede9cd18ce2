// Changes of thresholds: the form that proposes one, and what waits for a second person.

import { h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { amount, isTime, nameOf } from "./amount.js";
import { post } from "./table.js";
import { isShown, trial } from "./trial.js";

const REASONS = ["too_many_false", "missed_one", "place_changed", "season", "standard_changed", "trial", "other"];
const REFUSED = ["not_enough_ground", "too_risky", "wrong_value", "withdrawn", "other"];

/** What a threshold may be, in words. */
export function allowed(row) {
  const words = t(row.above ? "rules.range_above" : "rules.range", { low: amount(row.name, row.low), most: amount(row.name, row.most) });
  return row.life ? `${words} · ${t("rules.life")}` : words;
}

const choice = (codes, label, none = null) =>
  h(
    "select",
    { "aria-label": label, required: true },
    none === null ? null : h("option", { value: "" }, none),
    codes.map((c) => h("option", { value: c }, code("rulewhy", c))),
  );

/** The form of a rule: each threshold with what it may be; only those that differ are sent. `leave` shuts it. */
export function form(rule, done, leave) {
  const fields = rule.changeable.map((row) => {
    const input = h("input", {
      type: "number",
      step: row.whole ? 1 : "any",
      name: row.name,
      value: row.value,
      required: true,
      "aria-label": nameOf(row.name),
    });
    const said = h("b", {});
    const say = () => {
      said.textContent = isTime(row.name) && input.value ? `= ${amount(row.name, Number(input.value))} · ` : "";
    };
    input.addEventListener("input", say);
    say();
    return { row, input, line: h("label", {}, h("span", {}, nameOf(row.name)), input, h("span", { class: "quiet" }, said, allowed(row))) };
  });
  const reason = choice(REASONS, t("sheet.reason"), t("rules.choose_reason"));
  const refused = h("p", { class: "refused", role: "alert" });
  const text = h("input", { maxlength: 4000, placeholder: t("rules.text"), "aria-label": t("rules.text") });
  const send = async (e) => {
    e.preventDefault();
    const changed = fields.filter(({ row, input }) => Number(input.value) !== row.value);
    const to = Object.fromEntries(changed.map(({ row, input }) => [row.name, Number(input.value)]));
    const body = { to, reason: reason.value, text: text.value };
    if (await post(`/api/v1/rules/${encodeURIComponent(rule.id)}/proposals`, body, refused)) await done();
  };
  return h(
    "form",
    { class: "propose", onsubmit: send },
    fields.map((f) => f.line),
    h(
      "div",
      { class: "line-form" },
      reason,
      text,
      h("button", { type: "submit", class: "primary", "data-testid": `propose-${rule.id}` }, t("rules.propose")),
      h("button", { type: "button", onclick: leave }, t("rules.cancel")),
    ),
    refused,
    h("p", { class: "hint" }, t("rules.two_people")),
  );
}

export const changes = (p) =>
  Object.entries(p.to).map(([name, value]) => `${nameOf(name, true)} ${amount(name, p.was[name])} → ${amount(name, value)}`);

/** One that waits, with the two answers; who proposed it may only take it back. */
export function pending(p, title, done) {
  const own = p.by === document.body.dataset.user;
  const why = choice(REFUSED, t("rules.refuse_why"));
  if (own) why.value = "withdrawn";
  const answer = async (verb, body) => {
    if (await post(`/api/v1/rules/proposals/${p.n}/${verb}`, body)) await done();
  };
  return h(
    "div",
    { class: "waits", "data-proposal": p.n },
    h("p", {}, h("strong", {}, title), " ", changes(p).join(" · ")),
    h("p", { class: "quiet" }, t("rules.proposed_by", { by: p.by, at: time.full(p.at_ms) }), " · ", code("rulewhy", p.reason), p.text ? ` · ${p.text}` : ""),
    trial(p, done),
    h(
      "div",
      { class: "line-form" },
      own
        ? h("span", { class: "quiet" }, t("rules.needs_second"))
        : h("button", { type: "button", class: "primary", "data-testid": "approve", disabled: !isShown(p), onclick: () => answer("approve", {}) }, t("rules.approve")),
      why,
      h("button", { type: "button", "data-testid": "reject", onclick: () => answer("reject", { reason: why.value }) }, t(own ? "rules.withdraw" : "rules.refuse")),
    ),
  );
}

/** What became of one, as a line of the change log. */
export function logged(p) {
  const end =
    p.state === "changed"
      ? t("rules.changed", { n: p.made, by: p.decided_by, at: time.full(p.decided_ms) })
      : p.state === "rejected"
        ? `${t("rules.rejected", { by: p.decided_by, at: time.full(p.decided_ms) })} (${code("rulewhy", p.decided_reason)})`
        : t("rules.waiting");
  return h(
    "li",
    {},
    `${changes(p).join(" · ")}: ${code("rulewhy", p.reason)} (${t("rules.proposed_by", { by: p.by, at: time.full(p.at_ms) })}) · ${end}`,
  );
}
