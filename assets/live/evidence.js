// Evidence in words, and for a near miss a small picture: the vehicle's box, the person's disc, where they are going.

import { h, svg } from "./dom.js";
import * as say from "./describe.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

let drawn = "";

/** The scene at the deciding frame, when the evidence has positions and speeds (`vehicle_x` … or nested pairs). */
function scene(d) {
  const e = d.evidence || {};
  const points = [e.vehicle_at, e.person_at];
  if (!points.every((p) => Array.isArray(p) && p.length >= 4)) return null;
  const [[vx, vy, vvx, vvy], [px, py, pvx, pvy]] = points;
  const [cx, cy] = [(vx + px) / 2, (vy + py) / 2];
  const reach = Math.max(6, Math.hypot(vx - px, vy - py) * 0.9);
  const at = (x, y) => [((x - cx) / reach) * 90 + 100, 60 - ((y - cy) / reach) * 50];
  const [a, b, a2, b2] = [at(vx, vy), at(px, py), at(vx + vvx, vy + vvy), at(px + pvx, py + pvy)];
  const turn = (-Math.atan2(vvy, vvx) * 180) / Math.PI;
  return svg(
    "svg",
    { class: "scene", viewBox: "0 0 200 120", role: "img", "aria-label": t("panel.scene") },
    svg("line", { x1: a[0], y1: a[1], x2: a2[0], y2: a2[1], class: "going" }),
    svg("line", { x1: b[0], y1: b[1], x2: b2[0], y2: b2[1], class: "going" }),
    svg("rect", { x: -14, y: -6, width: 28, height: 12, class: "car", transform: `translate(${a}) rotate(${turn})` }),
    svg("circle", { cx: b[0], cy: b[1], r: 5, class: "walker" }),
  );
}

function item(d) {
  const pairs = say.evidence(d);
  return h(
    "li",
    { "data-severity": d.severity },
    h("div", { class: "evidence-head" }, h("time", {}, time.hms(d.at_ms ?? time.ms(d.at))), h("b", {}, code("rule", d.rule)), h("span", { class: "tag" }, code("severity", d.severity)), d.n > 1 ? h("span", {}, `×${d.n}`) : null),
    pairs.length ? h("div", { class: "evidence-pairs" }, pairs.map(([name, text]) => h("span", {}, `${name} `, h("b", {}, text)))) : null,
    scene(d),
  );
}

/** Draws the detections behind the incident, gravest and latest last; unchanged evidence is left alone. */
export function evidence(host, v) {
  const list = v.detections || [];
  const stamp = `${v.id} ${list.length} ${list.map((d) => d.n).join()} ${document.documentElement.lang}`;
  if (stamp === drawn && host.children.length) return;
  drawn = stamp;
  const rest = list.length > 12 ? h("p", { class: "hint" }, t("panel.more_evidence", { n: list.length - 12 })) : null;
  host.replaceChildren(...[h("h3", {}, t("panel.evidence"), " ", h("span", { class: "quiet" }, String(list.length || ""))), h("ul", { class: "evidence-list" }, list.slice(-12).map(item)), rest].filter(Boolean));
}
