// The algorithm register: every rule with its purpose, its thresholds and where they come from.

import { byId, h } from "../live/dom.js";
import { code, has, lang, t } from "../live/words.js";
import { items } from "./table.js";

let rules = [];

function threshold([name, value]) {
  return h("tr", {}, h("td", {}, has(`threshold.${name}`) ? t(`threshold.${name}`) : name), h("td", {}, String(value)));
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
        h("span", { translate: "no" }, rule.id),
        ` · ${t("rules.version", { n: rule.version })} · ${code("pattern", rule.pattern)}`,
      ),
    ),
    lang() === "ko" ? h("p", {}, rule.why) : h("p", { lang: "ko", class: "quiet" }, rule.why),
    when.length ? h("p", { class: "when" }, `${t("when.title")}: ${when.join(" · ")}`) : null,
    known.length ? h("table", { class: "thresholds" }, h("tbody", {}, known.map(threshold))) : null,
    h("p", { class: "hint" }, `${t("rules.source")}: `, h("span", { lang: "en" }, rule.source)),
  );
}

function draw() {
  byId("register").replaceChildren(...rules.map(entry));
}

export async function start() {
  rules = await items("/api/v1/rules");
  draw();
  document.addEventListener("gwanje:lang", draw);
}
