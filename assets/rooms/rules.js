// The algorithm register: every rule with its purpose, its thresholds and where they come from.

import { byId, h } from "../live/dom.js";
import { code, has, lang, t } from "../live/words.js";
import { items } from "./table.js";

let rules = [];

function threshold([name, value]) {
  return h("tr", {}, h("td", {}, has(`threshold.${name}`) ? t(`threshold.${name}`) : name), h("td", {}, String(value)));
}

function entry(rule) {
  const known = Object.entries(rule.thresholds || {}).filter(([, value]) => value !== null); // null: not of this rule
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
        `${rule.id} · ${t("rules.version", { n: rule.version })} · ${code("pattern", rule.pattern)}`,
      ),
    ),
    lang() === "ko" ? h("p", {}, rule.why) : h("p", { lang: "ko", class: "quiet" }, rule.why),
    known.length ? h("table", { class: "thresholds" }, h("tbody", {}, known.map(threshold))) : null,
    h("p", { class: "hint" }, `${t("rules.source")}: ${rule.source}`),
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
