// The seldom deeds: put aside for a while, another priority, hand over, join with another incident, divide, open again.

import { h } from "./dom.js";
import { send } from "./commands.js";
import * as say from "./describe.js";
import { lasting, named, select, whom } from "./fields.js";
import { isClosed, model, ordered } from "./model.js";
import { near } from "./near.js";
import { AGAIN, ASIDE, HANDED, missing, OTHERWISE, reasons } from "./reasons.js";
import { close, openFor } from "./sheets.js";
import { textField } from "./text.js";
import * as time from "./time.js";
import { toast } from "./toast.js";
import { code, t } from "./words.js";

const MINUTES = [10, 15, 30, 60, 240, 480]; // the desk allows no more than 480
const FAR_M = 500; // one matter told by several stays within this; farther apart, another place would be told to 119
const MOST = 30; // incidents offered to join with

const minutesOf = (m) => (m < 120 ? t("unit.minutes", { n: m }) : t("unit.hours", { n: m / 60 }));
const isReported = (v) => (v.escalations || []).some((e) => e.state !== "cancelled");

/** Chosen values of the boxes or buttons of a list. */
const checked = (list) => [...list.querySelectorAll("input:checked")].map((box) => box.value);

/** What it can be joined with: the same place first, then by distance. */
function joinable(v) {
  const others = near(
    v,
    ordered("all").filter((o) => o.id !== v.id),
  ).slice(0, MOST);
  const line = ({ view: o, metres, same }) =>
    h(
      "li",
      {},
      h(
        "label",
        {},
        h("input", { type: "radio", name: "into", value: o.id, required: true }),
        h("span", {}, h("b", {}, say.kind(o)), ` ${say.priority(o)} · ${say.state(o)}`, h("br"), say.place(o)),
        h(
          "em",
          {},
          same ? t("more.same_place") : metres === null ? "" : t("unit.metres", { n: Math.round(metres) }),
          ` ${time.age(o.opened_ms)}`,
          metres > FAR_M && h("b", { class: "tag-bad" }, ` ${t("more.far")}`),
        ),
      ),
    );
  return h("ul", { class: "pick-list", "aria-label": t("more.into") }, others.map(line));
}

/** The detections of an incident as boxes; those that are ticked go to a new incident. */
function divisible(v) {
  const line = (d, i) =>
    h(
      "li",
      {},
      h(
        "label",
        {},
        h("input", { type: "checkbox", value: String(i) }),
        h("span", {}, h("b", {}, code("rule", d.rule)), ` ${code("severity", d.severity)}`, h("br"), d.subject),
        h("em", {}, `${time.hms(d.at_ms ?? time.ms(d.at))}${d.n > 1 ? ` ×${d.n}` : ""}`),
      ),
    );
  return h("ul", { class: "pick-list", "aria-label": t("more.which") }, (v.detections || []).map(line));
}

/** A free word beside the reason: [name for the draft, nodes, what it adds to the arguments]. */
function words(v, verb) {
  const [area, line] = textField(t("sheet.text"), 2, "", `${verb} ${v.id}`);
  return { nodes: [area, line], args: () => (area.value.trim() ? { text: area.value.trim() } : {}), drop: area.drop };
}

/** One deed: when it may be done, its key, its fields and how they become arguments. */
export const DEEDS = {
  shelve: {
    key: "S",
    worded: true,
    may: (v) => v.p !== 1 && ["new", "acknowledged", "in_progress"].includes(v.state),
    fields: (v) => [...lasting(t("more.minutes"), MINUTES, minutesOf), reasons(ASIDE, v.domain)],
    args: ([minutes, , reason]) => ({ minutes: Number(minutes.value), reason: reason.value }),
  },
  unshelve: { key: "S", may: (v) => v.state === "shelved", fields: () => [], args: () => ({}) },
  unacknowledge: {
    key: "U",
    may: (v) => ["acknowledged", "in_progress"].includes(v.state),
    fields: () => [],
    args: () => ({}),
  },
  change_priority: {
    key: "P",
    worded: true,
    may: (v) => !isClosed(v),
    fields: (v) => {
      const others = ["P1", "P2", "P3", "P4"].filter((p) => p !== v.priority);
      return [select(t("sheet.priority"), others, (p) => t(`priority.${p}`)), reasons(OTHERWISE, v.domain)];
    },
    args: ([priority, reason]) => ({ priority: priority.value, reason: reason.value }),
  },
  transfer: {
    key: "T",
    worded: true,
    may: (v) => ["acknowledged", "in_progress", "escalated"].includes(v.state),
    fields: (v) => [whom(v.assigned_to), reasons(HANDED, v.domain)],
    args: ([to, reason]) => ({ to: to.value, reason: reason.value }),
  },
  merge: {
    key: "G",
    may: (v) => !isClosed(v) && !isReported(v) && model.incidents.size > 1,
    fields: (v) => [h("p", { class: "hint" }, t("more.merge_is")), joinable(v)],
    args: ([, list]) => ({ into: checked(list)[0] }),
  },
  split: {
    key: "D",
    may: (v) => !isClosed(v) && (v.detections || []).length > 1,
    fields: (v) => [h("p", { class: "hint" }, t("more.split_is")), divisible(v)],
    args: ([, list]) => ({ detections: checked(list).map(Number) }),
    good: (args, v) => args.detections.length > 0 && args.detections.length < v.detections.length,
    why: "more.split_some",
  },
  reopen: {
    key: "R",
    worded: true,
    may: (v) => isClosed(v) && !v.merged_into,
    fields: (v) => [reasons(AGAIN, v.domain)],
    args: ([reason]) => ({ reason: reason.value }),
  },
};

function form(view, verb) {
  const deed = DEEDS[verb];
  const fields = deed.fields(view);
  const said = deed.worded ? words(view, verb) : { nodes: [], args: () => ({}), drop: () => {} };
  const submit = async (e) => {
    e.preventDefault();
    const reason = fields.find((field) => field.offer);
    if (reason && missing(reason)) return;
    const args = { ...deed.args(fields), ...said.args() };
    if (deed.good && !deed.good(args, view)) return toast(t(deed.why), "bad");
    const answer = await send(view, verb, args, { part: JSON.stringify(args) });
    if (!answer.incident) return;
    said.drop();
    close();
  };
  const leave = h("button", { type: "button", onclick: close }, t("sheet.cancel"), h("kbd", {}, "Esc"));
  const done = h("button", { type: "submit", class: "primary", autofocus: !fields.length }, code("verb", verb));
  const named_ = (f) => (f.tagName === "SELECT" ? named(f.getAttribute("aria-label"), f) : f);
  openFor(
    view,
    code("verb", verb),
    h("p", {}, `${say.kind(view)} · ${say.place(view)}`),
    h("form", { onsubmit: submit }, fields.map(named_), said.nodes, h("div", { class: "sheet-acts" }, done, leave)),
  );
}

/** Offers what can be done with this incident now. */
export function askMore(view) {
  if (model.past !== null || !view) return;
  const offered = Object.keys(DEEDS).filter((verb) => DEEDS[verb].may(view));
  const buttons = offered.map((verb) =>
    h("button", { type: "button", onclick: () => form(view, verb) }, code("verb", verb), h("kbd", {}, DEEDS[verb].key)),
  );
  const leave = h("button", { type: "button", onclick: close }, t("sheet.cancel"), h("kbd", {}, "Esc"));
  openFor(view, t("panel.more"), h("div", { class: "more-deeds" }, buttons), h("div", { class: "sheet-acts" }, leave));
}

/** The deed of a key on this incident; one that may not be done now says so. */
export function askByKey(view, key) {
  if (model.past !== null || !view) return;
  const those = Object.keys(DEEDS).filter((verb) => DEEDS[verb].key === key);
  const verb = those.find((v) => DEEDS[v].may(view));
  if (verb) form(view, verb);
  else toast(`${code("verb", those[0])}: ${t("more.not_now")}`, "bad");
}
