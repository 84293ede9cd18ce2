// One incident that was handed over: head, what to do next, what to know, what was said.

import { h, once, setAttr, setText, shape } from "../live/dom.js";
import { send } from "../live/commands.js";
import * as say from "../live/describe.js";
import { mark } from "../live/loop.js";
import { links } from "../live/links.js";
import { media } from "../live/media.js";
import { openedMs } from "../live/model.js";
import { thread } from "../live/talk.js";
import { textField } from "../live/text.js";
import * as time from "../live/time.js";
import { code, lang, t } from "../live/words.js";
import { reportOf, stateOf } from "./handed_list.js";

// What may be said of a report in which state (stream/reports.py); the first is what usually comes next.
const OPEN = ["sent", "delivered", "unknown"];
const ACTS = {
  accept: [...OPEN, "rejected"],
  dispatch: [...OPEN, "rejected", "accepted"],
  arrive: [...OPEN, "rejected", "accepted", "dispatched"],
  close: [...OPEN, "rejected", "accepted", "dispatched", "arrived"],
  reject: [...OPEN, "accepted", "dispatched"],
};
const USUAL = { sent: "accept", delivered: "accept", unknown: "accept", accepted: "dispatch", dispatched: "arrive", arrived: "close" };
const REASONS = {
  reject: ["out_of_area", "no_unit", "other_agency", "same_event", "too_little", "other"],
  close: ["handled", "transported", "nothing_found", "false_report", "handed_over", "other"],
};
const MORE = ["address", "people", "hazard", "access", "contact", "other"];
const MINUTES = [3, 5, 10, 15, 20, 30];

let parts = null;
let brief = { id: "", revision: 0 };

/** What is known beyond the view; asked for when the incident is opened and when it has changed: each is a look. */
async function load(v) {
  if (brief.id === v.id && brief.revision === v.revision) return;
  brief = { id: v.id, revision: v.revision, body: brief.id === v.id ? brief.body : null };
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(v.id)}`);
  if (!answer.ok || brief.id !== v.id) return;
  brief.body = (await answer.json()).brief;
  mark("page");
}

/** Closes the form; the keyboard goes back to the button that opened it, if that can still be pressed. */
function shut() {
  if (!parts) return;
  const opener = parts.acts.querySelector(`[data-testid="liaison-${parts.form.dataset.for}"]`);
  if (opener && parts.form.contains(document.activeElement)) opener.focus();
  parts.form.replaceChildren();
  delete parts.form.dataset.for;
}

async function act(v, verb, args = {}, drop = () => {}) {
  const answer = await send(v, verb, args, { part: JSON.stringify(args) });
  if (!answer.incident) return; // what was written stays, here and in this tab
  drop();
  shut();
}

/** A row of choices, big enough for a thumb: [fieldset, () => chosen value]. */
function choices(name, values, label, words, usual = 0) {
  const set = h("fieldset", { class: "chips" }, h("legend", {}, label));
  values.forEach((value, i) =>
    set.append(
      h("label", {}, h("input", { type: "radio", name, value, checked: i === usual }), h("span", {}, words(value))),
    ),
  );
  return [set, () => set.querySelector("input:checked").value];
}

const FORMS = {
  dispatch(v) {
    const unit = h("input", { name: "unit", maxlength: 40, required: true, autocomplete: "off", placeholder: t("liaison.unit_hint") });
    const [eta, minutes] = choices("eta", MINUTES, t("liaison.eta"), (n) => t("unit.minutes", { n }), 1);
    const body = [h("label", { class: "unit" }, t("liaison.unit"), unit), eta];
    return [body, () => ({ unit: unit.value.trim(), eta_s: Number(minutes()) * 60 })];
  },
  reject: (v) => withReason(v, "reject"),
  close: (v) => withReason(v, "close"),
  message(v) {
    const [more, asked] = choices("more", MORE, t("liaison.more"), (x) => code("more_of", x));
    const [nodes, text, drop] = words(v, "message", t("liaison.more_text"));
    return [[more, ...nodes], () => ({ more: asked(), ...text() }), drop];
  },
};

/** A field for words whose draft lies in this tab until they are taken: [nodes, () => {text} or {}, drop]. */
function words(v, verb, label) {
  const [field, line] = textField(label, 2, "", `liaison ${verb} ${v.id}`);
  return [[field, line], () => (field.value.trim() ? { text: field.value.trim() } : {}), field.drop];
}

function withReason(v, verb) {
  const [set, reason] = choices("reason", REASONS[verb], t(`liaison.${verb}_why`), (x) => code("reason", x));
  const [nodes, text, drop] = words(v, verb, t("liaison.reason_text"));
  return [[set, ...nodes], () => ({ reason: reason(), ...text() }), drop];
}

function ask(v, verb) {
  const [body, args, drop] = FORMS[verb](v);
  const form = h(
    "form",
    {
      "data-act": verb,
      onsubmit: (e) => {
        e.preventDefault();
        act(v, verb, args(), drop);
      },
      onkeydown: (e) => e.key === "Escape" && shut(),
    },
    body,
    h(
      "div",
      { class: "form-end" },
      h("button", { type: "submit", class: "primary", "data-testid": "liaison-send" }, t(`liaison.do_${verb}`)),
      h("button", { type: "button", onclick: shut }, t("liaison.back")),
    ),
  );
  parts.form.replaceChildren(form);
  parts.form.dataset.for = verb;
  form.querySelector("input, textarea").focus();
}

function press(v, verb) {
  if (FORMS[verb]) return parts.form.dataset.for === verb ? shut() : ask(v, verb);
  return act(v, verb);
}

function build(host, id) {
  parts = {
    id,
    head: h("header", { class: "handed-head" }),
    acts: h("div", { class: "handed-acts" }),
    form: h("div", { class: "handed-form" }),
    facts: h("dl", { class: "handed-facts" }),
    media: h("section", { class: "handed-media", hidden: true }),
    talk: h("section", { class: "talk" }),
    links: h("section", { class: "links" }),
  };
  host.replaceChildren(...["head", "acts", "form", "facts", "media", "talk", "links"].map((name) => parts[name]));
  host.scrollTop = 0;
}

function head(v, report) {
  once(parts.head, `${v.kind} ${v.priority} ${JSON.stringify(report)} ${lang()}`, () => {
    parts.head.replaceChildren(
      shape(v.p),
      h("h1", {}, say.kind(v)),
      h("span", { class: "tag" }, say.priority(v)),
      h("span", { class: "handed-state", "data-testid": "handed-state", "data-state": report.state }, stateOf(report)),
      report.exercise ? h("span", { class: "tag" }, t("bar.exercise")) : null,
    );
  });
}

function acts(v, report) {
  once(parts.acts, `${v.id} ${report.state} ${lang()}`, () => {
    const usual = USUAL[report.state];
    const buttons = [...Object.keys(ACTS), "message"].map((verb) =>
      h(
        "button",
        {
          type: "button",
          "data-testid": `liaison-${verb}`,
          class: verb === usual ? "primary" : null,
          disabled: ACTS[verb] ? !ACTS[verb].includes(report.state) : false,
          onclick: () => press(v, verb),
        },
        t(`liaison.${verb}`),
      ),
    );
    parts.acts.replaceChildren(...buttons);
  });
}

const eta = (e) => (e.eta_s && !["arrived", "closed"].includes(e.state) ? t("report.eta", { time: t("unit.minutes", { n: Math.max(1, Math.round(e.eta_s / 60)) }) }) : "");

function facts(v, report) {
  const b = brief.id === v.id ? brief.body : null;
  const rows = [
    ["where", v.place ? say.place(v) : t("panel.unplaced")],
    ["since", ""],
    ["unit", [code("value", report.unit), eta(report), report.reason ? code("reason", report.reason) : ""].filter(Boolean).join(" · ")],
    ["position", b && say.position(b.said)],
    ...(b ? say.around(b) : []),
    ["why", (v.factors || []).map((f) => say.why(f)).filter(Boolean).join(", ")],
    ["said", b && b.said.description],
    ["contact", b && b.said.contact],
    ["receipt", report.receipt],
  ].filter(([name, text]) => text || name === "since");
  once(parts.facts, JSON.stringify([rows, lang()]), () => {
    parts.facts.replaceChildren(
      ...rows.flatMap(([name, text]) => [
        h("dt", {}, t(`liaison.${name}`)),
        h("dd", { "data-fact": name, class: name === "hazards" ? "hazards" : null }, text),
      ]),
    );
  });
  const at = time.full(openedMs(v));
  const day = at.slice(0, 10) === time.full(time.live()).slice(0, 10) ? 11 : 5; // of another day, which one
  setText(parts.facts.querySelector("[data-fact=since]"), `${at.slice(day)} (${time.age(openedMs(v))})`);
}

/** Draws the incident `v` for this agency into `host`; `talkOnly`: its head and the talk, nothing else is asked for. */
export function draw(host, v, agency, talkOnly = false) {
  const report = reportOf(v, agency);
  if (!parts || parts.id !== v.id || !host.contains(parts.head)) build(host, v.id);
  setAttr(host, "data-id", v.id);
  head(v, report);
  thread(parts.talk, v, agency, "desk");
  if (talkOnly) return;
  load(v);
  acts(v, report);
  if (parts.form.dataset.for && ACTS[parts.form.dataset.for] && !ACTS[parts.form.dataset.for].includes(report.state)) shut();
  facts(v, report);
  media(parts.media, v);
  links(parts.links, v, agency);
}
