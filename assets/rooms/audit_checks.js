// What an auditor does beside searching: the record chain is checked, a month is looked through and signed.

import { byId, h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { choice, fill, page, post } from "./table.js";

const COUNTS = ["n", "logins", "looks", "night", "exports", "refused"];
let verdict = null;
let head = "";
let month = null; // what the server told of the month

function told() {
  if (verdict === "busy") return t("audit.checking");
  if (verdict.ok) return t("audit.ok", { n: verdict.n });
  return t("audit.bad", { at: verdict.first_bad, why: code("access", verdict.why), n: verdict.n });
}

function chain() {
  const noted = h("input", {
    name: "head", size: 30, autocomplete: "off", value: head, placeholder: t("audit.head"), "aria-label": t("audit.head"),
  });
  const check = async (e) => {
    e.preventDefault();
    head = noted.value.trim();
    verdict = "busy";
    chain();
    verdict = await post("/api/v1/access/verify", { head });
    chain();
  };
  const busy = verdict === "busy";
  const button = h("button", { type: "submit", class: "primary", disabled: busy }, t("audit.verify"));
  const result = verdict
    ? h("p", { id: "chain-result", role: "status", "data-ok": String(verdict.ok ?? ""), class: verdict.ok === false ? "tag-bad" : "" }, told())
    : null;
  const end = verdict && verdict.head ? h("p", { class: "hint" }, `${t("audit.head_now")}: `, h("code", { translate: "no" }, verdict.head)) : null;
  byId("chain").replaceChildren(...[h("form", { class: "line-form", onsubmit: check }, noted, button), result, end].filter(Boolean));
}

/** The twelve months up to this one. */
function months() {
  const [year, now] = month.this_month.split("-").map(Number);
  return Array.from({ length: 12 }, (_, back) => new Date(Date.UTC(year, now - 1 - back, 1)).toISOString().slice(0, 7));
}

function sign() {
  if (!month.over) return h("span", { class: "quiet" }, t("audit.not_over"));
  const found = choice(["nothing", "followed_up"], t("audit.result"), (f) => code("access", f));
  const done = async () => {
    if (await post("/api/v1/access/review", { month: month.month, found: found.value })) await load(month.month);
  };
  return [found, h("button", { type: "button", class: "primary", "data-testid": "sign-review", onclick: done }, t("audit.sign"))];
}

function review() {
  if (!month) return;
  const which = choice(months(), t("audit.month"), (m) => m);
  which.value = month.month;
  which.addEventListener("change", () => load(which.value));
  const last = month.reviewed[0];
  const state = last ? t("audit.reviewed", { by: last.by, at: time.full(last.at_ms), found: code("access", last.found) }) : t("audit.no_review");
  byId("month-review").replaceChildren(h("div", { class: "line-form" }, which, sign(), h("span", { id: "review-state", role: "status" }, month.over || last ? state : "")));
  fill("review-table", month.people.map((p) => ({ attrs: {}, cells: [p.by === "unknown" ? t("audit.unknown") : p.by, ...COUNTS.map((c) => String(p[c] || 0))] })));
  const often = month.often.map((o) => h("li", {}, t("audit.often_row", o)));
  byId("review-often").replaceChildren(...(often.length ? [h("h3", {}, t("audit.often")), h("ul", {}, often)] : []));
}

async function load(which = "") {
  month = (await page(`/api/v1/access/review${which ? `?month=${which}` : ""}`)) || month;
  review();
}

export async function start() {
  chain();
  await load();
  document.addEventListener("gwanje:lang", () => {
    chain();
    review();
  });
}
