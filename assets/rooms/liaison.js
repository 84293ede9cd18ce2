// A liaison's tablet: what was handed to this agency, as cards; big enough for a thumb. Answers go through the agency's
// own system (city.agency.update), so the card shows what is known and sends nothing.

import { byId, h, setAttr, shape } from "../live/dom.js";
import * as say from "../live/describe.js";
import { mark, paints } from "../live/loop.js";
import { flyTo } from "../live/map.js";
import { model, on, ordered, openedMs, select } from "../live/model.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";

function card(v, agency) {
  const report = (v.escalations || []).filter((e) => e.agency === agency).at(-1);
  const chosen = model.selected && model.selected.id === v.id;
  const facts = [
    [t("liaison.where"), v.place ? say.place(v) : t("panel.unplaced")],
    [t("liaison.since"), `${time.hms(openedMs(v))} (${time.age(openedMs(v))})`],
    report && report.unit ? [t("liaison.unit"), report.unit] : null,
    report && report.receipt ? [t("liaison.receipt"), report.receipt] : null,
  ].filter(Boolean);
  return h(
    "article",
    { class: "card", "data-priority": v.priority, "aria-current": chosen ? "true" : null },
    h(
      "header",
      {},
      shape(v.p),
      h("h2", {}, say.kind(v)),
      report ? h("span", { class: "tag", "data-report": report.state }, code("escalation", report.state)) : null,
      report && report.exercise ? h("span", { class: "tag" }, t("bar.exercise")) : null,
    ),
    h(
      "dl",
      {},
      facts.map(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]),
    ),
    h(
      "ul",
      { class: "card-why" },
      (v.factors || []).map((f) => h("li", {}, `${say.factor(f)}: ${say.why(f)}`)),
    ),
    v.place
      ? h(
          "button",
          {
            type: "button",
            onclick: () => {
              select(v.id);
              flyTo(v);
            },
          },
          t("liaison.map"),
        )
      : null,
  );
}

function paint() {
  const agency = document.getElementById("page").dataset.agency;
  const host = byId("cards");
  const views = ordered("all");
  setAttr(host, "data-total", views.length);
  host.replaceChildren(
    h("h1", {}, t("liaison.title", { agency: code("agency", agency), n: views.length })),
    ...(views.length ? views.map((v) => card(v, agency)) : [h("p", { class: "empty" }, t("liaison.empty"))]),
  );
}

export function start() {
  paints("page", paint);
  on("change", () => mark("page"));
  on("reset", () => mark("page"));
  mark("page");
}
