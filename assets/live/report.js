// The card of reports to 112/119: what is known of each, with undo before it leaves and the words when nothing is known.

import { h, once, setText } from "./dom.js";
import { send } from "./commands.js";
import * as say from "./describe.js";
import { mark } from "./loop.js";
import { model } from "./model.js";
import * as time from "./time.js";
import { code, lang, t } from "./words.js";

const PATH = ["requested", "sent", "delivered", "accepted", "dispatched", "arrived", "closed"];

/** Time to arrival: minutes, seconds below two of them. */
const eta = (s) => (s >= 120 ? t("unit.minutes", { n: Math.round(s / 60) }) : t("unit.seconds", { n: Math.round(s) }));

function facts(e) {
  const out = [];
  if (e.receipt) out.push(t("report.receipt", { receipt: e.receipt }));
  if (e.unit) out.push(t("report.unit", { unit: code("value", e.unit) }));
  if (e.eta_s && !["arrived", "closed"].includes(e.state)) out.push(t("report.eta", { time: eta(e.eta_s) }));
  if (e.reason) out.push(t("report.reason", { reason: code("reason", e.reason) }));
  if (e.by) out.push(code("by", e.by));
  return out.join(" · ");
}

/** Seconds left to undo, while the report has not left. */
const undoLeft = (e) => (e.state === "requested" && e.send_at_ms ? Math.ceil((e.send_at_ms - time.now()) / 1000) : 0);

function undo(v, e) {
  if (undoLeft(e) <= 0) return null;
  const press = () => send(v, "cancel_escalation", { agency: e.agency }, { part: e.agency });
  return h("button", { type: "button", class: "undo", disabled: model.past !== null, onclick: press });
}

/** What to read out by phone: when nobody knows whether it arrived, and when the agency said no. */
function phone(v, e) {
  if (!["unknown", "rejected"].includes(e.state)) return null;
  const head = h("b", {}, t("report.phone", { agency: code("agency", e.agency) }));
  return h("div", { class: "phone", role: "alert" }, head, h("p", {}, say.spoken(v, e.agency)));
}

function one(v, e, latest) {
  const at = PATH.indexOf(e.state);
  const line = [
    h("b", {}, code("agency", e.agency)),
    h("span", { class: "report-state" }, code("escalation", e.state)),
    e.exercise ? h("span", { class: "tag" }, t("bar.exercise")) : null,
    h("time", {}, time.hms(time.ms(e.requested_at))),
    undo(v, e),
  ];
  const path = PATH.map((step, i) => h("i", { class: i <= at ? "done" : "", title: code("escalation", step) }));
  const said = t("report.path", { n: at + 1, of: PATH.length, state: code("escalation", e.state) });
  return h(
    "div",
    { class: "report", "data-state": e.state, "data-testid": latest ? "escalation-state" : null },
    h("div", { class: "report-line" }, line),
    at >= 0 ? h("div", { class: "report-path", role: "img", "aria-label": said }, path) : null,
    facts(e) ? h("div", { class: "report-facts" }, facts(e)) : null,
    phone(v, e),
  );
}

/** Counts the undo button down where it stands: a button that is made anew loses the click that is on it. */
function count(host, e) {
  const left = e ? undoLeft(e) : 0;
  const button = host.querySelector(".undo");
  if (!button) return;
  button.hidden = left <= 0;
  setText(button, t("report.undo", { n: left }));
  if (left > 0) setTimeout(() => mark("panel"), 250);
}

/** Draws the cards of all reports of an incident, the latest first; that one is what tests hold on to. */
export function card(host, v) {
  const all = [...(v.escalations || [])].reverse();
  const stamp = all.map((e) => `${e.agency} ${e.generation} ${e.state} ${e.receipt} ${e.unit} ${e.eta_s}`).join();
  once(host, `${v.id} ${v.revision} ${stamp} ${lang()} ${model.past}`, () => {
    host.replaceChildren(...all.map((e, i) => one(v, e, i === 0)));
  });
  count(
    host,
    all.find((e) => undoLeft(e) > 0),
  );
}
