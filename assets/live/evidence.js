// Evidence in words: each detection with its rule, how grave, and the numbers that decided.

import { h } from "./dom.js";
import * as say from "./describe.js";
import { rhythm } from "./rhythm.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

let drawn = "";

function item(d) {
  const pairs = say.evidence(d);
  return h(
    "li",
    { "data-severity": d.severity },
    h(
      "div",
      { class: "evidence-head" },
      h("time", {}, time.hms(d.at_ms ?? time.ms(d.at))),
      h("b", {}, code("rule", d.rule)),
      h("span", { class: "tag" }, code("severity", d.severity)),
      d.n > 1 ? h("span", {}, `×${d.n}`) : null,
    ),
    pairs.length
      ? h(
          "div",
          { class: "evidence-pairs" },
          pairs.map(([name, text]) => h("span", {}, `${name} `, h("b", {}, text))),
        )
      : null,
    rhythm(d),
  );
}

/** Draws the detections behind the incident, what joins others first, then as they came; unchanged evidence is left alone. */
export function evidence(host, v) {
  const list = v.detections || [];
  const stamp = `${v.id} ${list.length} ${list.map((d) => d.n).join()} ${document.documentElement.lang}`;
  if (stamp === drawn && host.children.length) return;
  drawn = stamp;
  const rest = list.length > 12 ? h("p", { class: "hint" }, t("panel.more_evidence", { n: list.length - 12 })) : null;
  host.replaceChildren(
    ...[
      h("h3", {}, t("panel.evidence"), " ", h("span", { class: "quiet" }, String(list.length || ""))),
      h("ul", { class: "evidence-list" }, say.joinedFirst(list.slice(-12)).map(item)),
      rest,
    ].filter(Boolean),
  );
}
