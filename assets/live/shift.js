// The change of shifts: the sound of this desk is checked at its start; at its end the console says what is open, who
// goes signs it, who comes signs it too, here with a password or at a desk of their own.

import { byId, h, setAttr, setText, shape } from "./dom.js";
import { why } from "./commands.js";
import * as say from "./describe.js";
import { whom } from "./fields.js";
import { on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { model, on } from "./model.js";
import { choose } from "./queue.js";
import { close, open } from "./sheets.js";
import { isBlocked, play } from "./sound.js";
import { textField } from "./text.js";
import * as time from "./time.js";
import { toast } from "./toast.js";
import { code, t } from "./words.js";

const CHECK_MS = 12 * 3600e3; // a check older than a shift is none
const ROWS = 60;
let told = null; // GET /api/v1/shift

async function ask(path, body) {
  const answer = await fetch(`/api/v1/shift${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer && answer.ok) return true;
  toast(why(answer ? await answer.json().catch(() => ({})) : { code: "no_link" }), "bad");
  return false;
}

async function load() {
  const answer = await fetch("/api/v1/shift").catch(() => null);
  if (answer && answer.ok) told = await answer.json();
  mark("shift");
}

const isChecked = () => told && told.checked_ms && time.now() - told.checked_ms < CHECK_MS && told.heard.length > 0;

/** Plays each priority's sound; the person says whether it was heard. */
function soundPart() {
  const heard = new Set();
  const done = h("button", { type: "button", class: "primary", disabled: true }, t("shift.heard"));
  const play_ = (p, button) => () => {
    if (isBlocked()) return toast(t("shift.blocked"), "bad");
    play(p, 0, true);
    heard.add(p);
    button.setAttribute("aria-pressed", "true");
    done.disabled = heard.size < 3;
  };
  const buttons = [1, 2, 3].map((p) => {
    const button = h("button", { type: "button", "data-p": p, "aria-pressed": "false" }, `♪ ${t(`priority.P${p}`)}`);
    button.addEventListener("click", play_(p, button));
    return button;
  });
  const send = (list) => async () => {
    if (!(await ask("/begin", { heard: list() }))) return;
    await load();
    close();
  };
  done.addEventListener("click", send(() => [...heard]));
  const none = h("button", { type: "button", onclick: send(() => []) }, t("shift.silent"));
  const at = told.checked_ms ? t(told.heard.length ? "shift.checked" : "shift.checked_silent", { time: time.full(told.checked_ms) }) : t("shift.unchecked");
  return [
    h("h3", {}, t("shift.sound")),
    h("p", { class: isChecked() ? "hint" : "shift-missing" }, at),
    h("p", { class: "hint" }, t("shift.sound_is")),
    h("div", { class: "shift-sounds" }, buttons),
    h("div", { class: "sheet-acts" }, done, none),
  ];
}

function line(row) {
  const facts = [
    row.who || null,
    row.until_ms ? t("shift.until", { time: time.hms(row.until_ms) }) : null,
    row.unanswered.length ? t("shift.unanswered", { list: row.unanswered.join(" · ") }) : null,
  ].filter(Boolean);
  const look = () => {
    close();
    choose(row.id);
  };
  return h(
    "li",
    { "data-p": row.priority, "data-unanswered": row.unanswered.length ? "1" : null },
    h("button", { type: "button", onclick: look }, t(`priority.P${row.priority}`), " ", code("kind", row.kind)),
    h("span", {}, [code("state", row.state), ...facts].join(" · ")),
    h("em", {}, row.id),
  );
}

/** The summary in words, as the server wrote it, and what a person wrote beside it. */
function summary(s, text = "") {
  const counts = Object.entries(s.open).map(([p, [fresh, work, aside]]) =>
    h("tr", {}, h("th", { scope: "row" }, t(`priority.${p}`)), [fresh, work, aside].map((n) => h("td", {}, String(n)))),
  );
  const head = ["queue.unseen", "queue.in_hand", "state.shelved"].map((k) => h("th", { scope: "col" }, t(k)));
  const rest = s.rows.length - ROWS + s.more;
  const held = s.windows.map((w) => w.split(" ")).map(([what, ...on_]) => `${code("suppressed", what)} ${say.source(on_.join(" "))}`);
  const shelved = Object.values(s.open).reduce((n, [, , aside]) => n + aside, 0);
  const urgent = s.open.P1[0];
  return h(
    "div",
    { class: "shift-sum" },
    urgent ? h("p", { class: "shift-urgent" }, shape(1), t("shift.urgent", { n: urgent })) : null,
    h("table", {}, h("tr", {}, h("td"), head), counts),
    s.rows.length ? h("ul", { class: "shift-rows" }, s.rows.slice(0, ROWS).map(line)) : h("p", {}, t("queue.empty_all")),
    rest > 0 ? h("p", { class: "hint" }, t("shift.more", { n: rest })) : null,
    h("p", {}, t("shift.held", { n: shelved + held.length, shelved, list: held.length ? held.join(", ") : t("shift.none") })),
    h("p", {}, t("shift.devices", { well: s.well, n: s.devices, unheard: s.unheard })),
    text ? h("p", { class: "shift-text" }, h("b", {}, t("shift.text")), h("br"), text) : null,
  );
}

/** Signing the summary of now for who comes. */
function handPart() {
  const who = whom(model.user);
  const [text, tooLong] = textField(t("shift.text_for"), 3, "", "shift");
  const sign = async (e) => {
    e.preventDefault();
    if (!(await ask("/hand", { to: who.value, text: text.value }))) return;
    text.drop();
    await load();
    show();
  };
  const button = h("button", { type: "submit", class: "primary" }, t("shift.hand", { user: model.user }));
  return [
    h("h3", {}, t("shift.handover")),
    summary(told.summary),
    h("form", { onsubmit: sign }, text, tooLong, who, h("div", { class: "sheet-acts" }, button)),
  ];
}

/** A hand-over that waits: for me it is signed here and now, for another with their password. */
function waitPart(one) {
  const mine = one.to === model.user;
  const password = h("input", {
    type: "password",
    required: true,
    autocomplete: "off",
    placeholder: t("shift.password", { user: one.to }),
    "aria-label": t("shift.password", { user: one.to }),
  });
  const sign = async (e) => {
    e.preventDefault();
    const good = await ask("/take", mine ? { id: one.id } : { id: one.id, password: password.value });
    password.value = "";
    if (!good) return;
    toast(t("shift.done", { from: one.by, to: one.to }));
    await load();
    close();
  };
  const back = async () => {
    if (!(await ask("/withdraw", { id: one.id }))) return;
    toast(t("shift.withdrawn", { to: one.to }));
    show();
  };
  const button = h("button", { type: "submit", class: "primary" }, t("shift.take", { user: one.to }));
  const undo = mine ? null : h("button", { type: "button", onclick: back }, t("shift.withdraw"));
  return [
    h("h3", {}, t("shift.waits", { from: one.by, to: one.to, time: time.hms(one.at_ms) })),
    summary(one.summary, one.text),
    h("form", { onsubmit: sign }, mine ? null : password, h("div", { class: "sheet-acts" }, button, undo)),
  ];
}

async function show() {
  await load();
  if (!told) return;
  const leave = h("button", { type: "button", onclick: close }, t("sheet.cancel"), h("kbd", {}, "Esc"));
  const last = told.last
    ? h("p", { class: "hint" }, t("shift.last", { from: told.last.by, to: told.last.to, time: time.full(told.last.taken_ms) }))
    : null;
  open(
    t("shift.title"),
    ...told.waiting.flatMap(waitPart),
    ...soundPart(),
    ...(told.waiting.some((one) => one.by === model.user) ? [] : handPart()),
    last,
    h("div", { class: "sheet-acts" }, leave),
  );
}

/** Opens the sheet, in the present only. */
export function askShift() {
  if (model.past === null) show();
}

function paint() {
  const button = byId("shift");
  if (!button) return;
  const mine = (model.shift || []).filter((one) => one.to === model.user).length;
  const given = (model.shift || []).find((one) => one.by === model.user);
  const state = mine ? "waits" : given ? "given" : told && !isChecked() ? "unchecked" : "good";
  setAttr(button, "data-state", state);
  setAttr(button, "hidden", model.past !== null);
  setText(button.querySelector("span:last-child"), t(`shift.button_${state}`, { n: mine, to: given ? given.to : "" }));
}

export function start() {
  const button = byId("shift");
  if (!button) return;
  button.addEventListener("click", askShift);
  paints("shift", paint);
  on("reset", () => (told ? mark("shift") : load()));
  onLink("beat", (beat) => beat && mark("shift"));
  document.addEventListener("gwanje:lang", () => mark("shift"));
}
