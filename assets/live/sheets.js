// Sheets over the panel: confirm of a report, disposition, assignment. Not modal for the queue's keys: Esc closes.

import { byId, h, setText } from "./dom.js";
import { commandId, send, why } from "./commands.js";
import * as say from "./describe.js";
import { whom } from "./fields.js";
import { model, on } from "./model.js";
import { ENDS, missing, reasons } from "./reasons.js";
import * as time from "./time.js";
import { textField } from "./text.js";
import { toast } from "./toast.js";
import { code, t } from "./words.js";

const LOOK_MS = 800; // what changed under the hand stands this long before it can be sent

let after = null; // the report that the open confirm is about
let about = null; // the incident that the open sheet is about

/** Opens the sheet with a title and content; `primary` is what Enter does. */
export function open(title, ...content) {
  about = null;
  after = null;
  const sheet = byId("sheet");
  sheet.replaceChildren(h("h2", {}, title), ...content.filter(Boolean));
  if (!sheet.open) sheet.show();
  const first = sheet.querySelector("[autofocus]") || sheet.querySelector("select, input, textarea, button");
  if (first) first.focus();
}

/** A sheet about one incident: it goes when another one is chosen, so that nobody confirms for the wrong one. */
export function openFor(view, title, ...content) {
  open(title, ...content);
  about = view.id;
}

export function close() {
  const sheet = byId("sheet");
  if (sheet && sheet.open) sheet.close();
  after = null;
  about = null;
}

export const isOpen = () => Boolean(byId("sheet") && byId("sheet").open);

const cancel = () => h("button", { type: "button", onclick: close }, t("sheet.cancel"), h("kbd", {}, "Esc"));

/** What changed between the view that was shown and the present one, in words. */
function changes(old, now) {
  const out = [];
  if (old.priority !== now.priority)
    out.push(t("sheet.change", { name: t("sheet.priority"), from: say.priority(old), to: say.priority(now) }));
  if (old.state !== now.state)
    out.push(t("sheet.change", { name: t("sheet.state"), from: say.state(old), to: say.state(now) }));
  if (say.place(old) !== say.place(now))
    out.push(t("sheet.change", { name: t("sheet.where"), from: say.place(old), to: say.place(now) }));
  const more = (now.detections || []).length - (old.detections || []).length;
  if (more > 0) out.push(t("sheet.change_evidence", { n: more }));
  return out.length ? out : [t("sheet.change_other", { from: old.revision, to: now.revision })];
}

/** The latest report to this agency that was not taken back. */
const lastReport = (view, agency) =>
  (view.escalations || []).findLast((e) => e.agency === agency && e.state !== "cancelled");

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Fills in the words of the report as the server would send them, and for how long they can be taken back; rejects
 * when they can't be had. */
async function said(view, agency, into, hint) {
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(view.id)}/report?agency=${agency}`).catch(
    () => null,
  );
  if (!answer || !answer.ok) {
    into.replaceChildren(h("dt", {}, t("sheet.no_words")), h("dd", {}, say.spoken(view, agency)));
    throw new Error("no report");
  }
  const report = await answer.json();
  const lines = say.report(report, view);
  setText(hint, t(report.undo_s > 0 ? "sheet.undo" : "sheet.no_undo", { n: report.undo_s }));
  into.replaceChildren(...lines.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]));
}

/** First step of a report: shows exactly what will be said; one confirm sends it, bound to the revision shown. */
export function askAgency(view, agency, changed = []) {
  if (model.past !== null || !view) return;
  const again = lastReport(view, agency);
  const args = again ? { agency, again: true } : { agency };
  commandId(view, "escalate", agency); // made now: however often confirm is pressed, it is one command
  const confirm = h(
    "button",
    { type: "button", class: "danger", "data-testid": "escalate-confirm", value: agency, autofocus: true },
    t("sheet.send", { agency: code("agency", agency) }),
  );
  confirm.addEventListener("click", async () => {
    confirm.disabled = true;
    const held = after;
    after = null; // what comes now is of this very report
    const answer = await send(view, "escalate", args, { part: agency, quiet: true });
    if (answer.status === 102) return;
    if (answer.incident) return close();
    const now =
      model.incidents.get(view.id) || (model.selected && model.selected.id === view.id ? model.selected : view);
    if (answer.status === 409) return askAgency(now, agency, changes(view, now));
    confirm.disabled = false;
    after = held;
    toast(why(answer.problem), "bad");
  });
  confirm.disabled = true; // until the words that will leave are on the screen
  const words = h("dl", { class: "will-say" });
  const hint = h("p", { class: "hint" });
  Promise.all([said(view, agency, words, hint), pause(changed.length ? LOOK_MS : 0)]).then(
    () => {
      confirm.disabled = false;
      // The sheet opened with the focus on "close", as a dead button takes none; who went elsewhere is left alone.
      const idle = [document.body, confirm.nextElementSibling];
      if (confirm.isConnected && idle.includes(document.activeElement)) confirm.focus();
    },
    () => toast(t("sheet.no_words"), "bad"),
  );
  openFor(
    view,
    t("sheet.title", { agency: code("agency", agency) }),
    changed.length
      ? h(
          "div",
          { class: "changed", role: "alert" },
          h("b", {}, t("sheet.changed")),
          h(
            "ul",
            {},
            changed.map((c) => h("li", {}, c)),
          ),
        )
      : null,
    again ? h("p", { class: "changed" }, t("sheet.again", { state: code("escalation", again.state) })) : null,
    words,
    hint,
    h("div", { class: "sheet-acts" }, confirm, cancel()),
  );
  after = { id: view.id, revision: view.revision, agency, view };
}

/** Asks how an incident ended and for what reason. */
export function askResolve(view, preset) {
  if (model.past !== null || !view) return;
  const reason = reasons(ENDS[preset], view.domain);
  const kinds = h("div", { class: "choices", role: "radiogroup" });
  const fill = (disposition) => {
    if (kinds.dataset.value !== disposition) reason.offer(ENDS[disposition]);
    for (const b of kinds.children) b.setAttribute("aria-checked", b.value === disposition ? "true" : "false");
    kinds.dataset.value = disposition;
  };
  kinds.append(
    ...Object.keys(ENDS).map((d) =>
      h("button", { type: "button", role: "radio", value: d, onclick: () => fill(d) }, t(`disposition.${d}`)),
    ),
  );
  fill(preset);
  const [text, long] = textField(t("sheet.text"), 2, "", `resolve ${view.id}`);
  const done = h("button", { type: "button", class: "primary" }, t("verb.resolve"));
  done.addEventListener("click", async () => {
    if (missing(reason)) return;
    const args = { disposition: kinds.dataset.value, reason: reason.value };
    if (text.value.trim()) args.text = text.value.trim();
    const answer = await send(view, "resolve", args, { part: JSON.stringify(args) });
    if (!answer.incident) return;
    text.drop();
    close();
  });
  openFor(
    view,
    t("sheet.resolve"),
    h("p", {}, `${say.kind(view)} · ${say.place(view)}`),
    kinds,
    reason,
    text,
    long,
    h("div", { class: "sheet-acts" }, done, cancel()),
  );
  reason.querySelector("button").focus();
}

/** Asks whom to give it to: the people of this room who can work on it. */
export function askAssign(view) {
  if (model.past !== null || !view) return;
  const who = whom(view.assigned_to);
  const give = async (e) => {
    e.preventDefault();
    const answer = await send(view, "assign", { to: who.value }, { part: who.value });
    if (answer.incident) close();
  };
  const done = h("button", { type: "submit", class: "primary" }, t("verb.assign"));
  openFor(
    view,
    t("verb.assign"),
    h("p", {}, `${say.kind(view)} · ${say.place(view)}`),
    h("form", { onsubmit: give }, who, h("div", { class: "sheet-acts" }, done, cancel())),
  );
}

const KEYS = [
  ["J · K · ↑ · ↓", "help.move"],
  ["A", "help.acknowledge"],
  ["9 9", "help.report_119"],
  ["2 2", "help.report_112"],
  ["X", "verb.resolve"],
  ["I", "panel.take"],
  ["W", "verb.assign"],
  ["T", "verb.transfer"],
  ["N", "verb.note"],
  ["C", "help.step"],
  ["S", "help.shelve"],
  ["P", "verb.change_priority"],
  ["G", "verb.merge"],
  ["D", "verb.split"],
  ["R", "verb.reopen"],
  ["U", "verb.unacknowledge"],
  ["E", "panel.more"],
  ["M", "help.map"],
  ["O", "queue.by_hand"],
  ["/", "filter.key"],
  ["F", "filter.conditions"],
  ["H", "shift.title"],
  ["Esc", "help.close"],
  ["?", "help.title"],
];

// What stands on the screen in short, and what it means.
const SIGNS = ["counts", "devices", "latency", "path", "record"];

/** The help sheet. */
export function help() {
  open(
    t("help.title"),
    h(
      "dl",
      { class: "help" },
      KEYS.map(([k, w]) => [h("dt", {}, h("kbd", {}, k)), h("dd", {}, t(w))]),
    ),
    h("p", { class: "hint" }, t("help.shapes")),
    h("ul", { class: "signs" }, SIGNS.map((name) => h("li", {}, t(`help.sign_${name}`)))),
    h("div", { class: "sheet-acts" }, cancel()),
  );
}

export function start() {
  // The incident under an open confirm changed: say so before the server has to refuse it.
  on("change", () => {
    if (!isOpen()) return;
    if (about && model.selected && model.selected.id !== about) return close();
    if (!after) return;
    const now = model.incidents.get(after.id);
    if (!now || now.revision === after.revision) return;
    const report = lastReport(now, after.agency);
    if (report && report.requested_at !== lastReport(after.view, after.agency)?.requested_at) {
      // Somebody else was quicker: a press that was meant for the first report must not file a second one.
      const detail = `${code("by", report.by)} ${time.hms(time.ms(report.requested_at))}`;
      toast(t("refusal.already_reported", { detail }), "bad");
      return close();
    }
    askAgency(now, after.agency, changes(after.view, now));
  });
  on("reset", () => {
    const title = byId("sheet") && byId("sheet").querySelector("h2");
    if (title && model.past !== null) setText(title, title.textContent);
  });
}
