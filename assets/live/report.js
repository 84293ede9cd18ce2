// The card of reports to 112/119: what is known of each, with undo before it leaves and the words when nothing is known.

import { h } from "./dom.js";
import { send } from "./commands.js";
import * as say from "./describe.js";
import { mark } from "./loop.js";
import { model } from "./model.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

const PATH = ["requested", "sent", "delivered", "accepted", "dispatched", "arrived", "closed"];

function facts(e) {
  const out = [];
  if (e.receipt) out.push(t("report.receipt", { receipt: e.receipt }));
  if (e.unit) out.push(t("report.unit", { unit: e.unit }));
  if (e.eta_s) out.push(t("report.eta", { n: Math.round(e.eta_s / 60) }));
  if (e.reason) out.push(t("report.reason", { reason: code("reason", e.reason) }));
  if (e.by) out.push(code("by", e.by));
  return out.join(" · ");
}

/** Seconds left to undo, while the report has not left. */
const undoLeft = (e) => (e.state === "requested" && e.send_at_ms ? Math.ceil((e.send_at_ms - time.now()) / 1000) : 0);

function one(v, e, latest) {
  const left = undoLeft(e);
  if (left > 0) setTimeout(() => mark("panel"), 500);
  const at = PATH.indexOf(e.state);
  const undo =
    left > 0
      ? h(
          "button",
          {
            type: "button",
            class: "undo",
            disabled: model.past !== null,
            onclick: () => send(v, "cancel_escalation", { agency: e.agency }),
          },
          t("report.undo", { n: left }),
        )
      : null;
  const phone =
    e.state === "unknown" || e.state === "rejected"
      ? h(
          "div",
          { class: "phone", role: "alert" },
          h("b", {}, t("report.phone", { agency: code("agency", e.agency) })),
          h("p", {}, say.spoken(v, e.agency)),
        )
      : null;
  return h(
    "div",
    { class: "report", "data-state": e.state, "data-testid": latest ? "escalation-state" : null },
    h(
      "div",
      { class: "report-line" },
      h("b", {}, code("agency", e.agency)),
      h("span", { class: "report-state" }, code("escalation", e.state)),
      e.exercise ? h("span", { class: "tag" }, t("bar.exercise")) : null,
      h("time", {}, time.hms(time.ms(e.requested_at))),
      undo,
    ),
    at >= 0
      ? h(
          "div",
          { class: "report-path", "aria-hidden": "true" },
          PATH.map((_, i) => h("i", { class: i <= at ? "done" : "" })),
        )
      : null,
    facts(e) ? h("div", { class: "report-facts" }, facts(e)) : null,
    phone,
  );
}

/** Cards of all reports of an incident, the latest first; it alone is what tests hold on to. */
export function card(v) {
  const all = [...(v.escalations || [])].reverse();
  return all.map((e, i) => one(v, e, i === 0));
}
