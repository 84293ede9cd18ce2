// The seldom deeds: put aside for a while, another priority, hand over, join with another incident, open again.

import { h } from "./dom.js";
import { send } from "./commands.js";
import * as say from "./describe.js";
import { isClosed, model, ordered } from "./model.js";
import { close, openFor } from "./sheets.js";
import { code, t } from "./words.js";

const MINUTES = [15, 30, 60, 240, 480]; // the desk allows no more than 480
const ASIDE = ["waiting_visit", "known_work", "known_event", "watched"];
const OTHERWISE = ["seen_worse", "seen_harmless", "wrong_place"];

const select = (label, values, word) =>
  h(
    "select",
    { "aria-label": label },
    values.map((v) => h("option", { value: v }, word(v))),
  );

const reasons = (codes) => select(t("sheet.reason"), codes, (c) => t(`reason.${c}`));

/** One deed: its fields and how they become arguments. A deed that may not be done is not offered. */
const DEEDS = {
  shelve: {
    may: (v) => v.p !== 1 && ["new", "acknowledged", "in_progress"].includes(v.state),
    fields: () => [select(t("more.minutes"), MINUTES, (m) => t("unit.minutes", { n: m })), reasons(ASIDE)],
    args: ([minutes, reason]) => ({ minutes: Number(minutes.value), reason: reason.value }),
  },
  unshelve: { may: (v) => v.state === "shelved", fields: () => [], args: () => ({}) },
  unacknowledge: {
    may: (v) => ["acknowledged", "in_progress"].includes(v.state),
    fields: () => [],
    args: () => ({}),
  },
  change_priority: {
    may: (v) => !isClosed(v),
    fields: (v) => {
      const others = ["P1", "P2", "P3", "P4"].filter((p) => p !== v.priority);
      return [select(t("sheet.priority"), others, (p) => t(`priority.${p}`)), reasons(OTHERWISE)];
    },
    args: ([priority, reason]) => ({ priority: priority.value, reason: reason.value }),
  },
  transfer: {
    may: (v) => ["acknowledged", "in_progress", "escalated"].includes(v.state),
    fields: () => [
      h("input", {
        type: "text",
        maxlength: 64,
        required: true,
        placeholder: t("sheet.whom"),
        "aria-label": t("sheet.whom"),
      }),
    ],
    args: ([to]) => ({ to: to.value.trim() }),
  },
  merge: {
    may: (v) => !isClosed(v) && model.incidents.size > 1,
    fields: (v) => {
      const others = ordered("all").filter((o) => o.id !== v.id);
      const name = (id) => `${say.kind(model.incidents.get(id))} · ${say.place(model.incidents.get(id))} · ${id}`;
      return [
        select(
          t("more.into"),
          others.slice(0, 50).map((o) => o.id),
          name,
        ),
      ];
    },
    args: ([into]) => ({ into: into.value }),
  },
  reopen: { may: (v) => isClosed(v) && !v.merged_into, fields: () => [], args: () => ({ reason: "reopened" }) },
};

function form(view, verb) {
  const deed = DEEDS[verb];
  const fields = deed.fields(view);
  const submit = async (e) => {
    e.preventDefault();
    const args = deed.args(fields);
    const answer = await send(view, verb, args, { part: JSON.stringify(args) });
    if (answer.incident) close();
  };
  const acts = h("div", { class: "sheet-acts" }, h("button", { type: "submit", class: "primary" }, code("verb", verb)));
  openFor(
    view,
    code("verb", verb),
    h("p", {}, `${say.kind(view)} · ${say.place(view)}`),
    h("form", { onsubmit: submit }, fields, acts),
  );
}

/** Offers what can be done with this incident now. */
export function askMore(view) {
  if (model.past !== null || !view) return;
  const offered = Object.keys(DEEDS).filter((verb) => DEEDS[verb].may(view));
  const buttons = offered.map((verb) =>
    h("button", { type: "button", onclick: () => form(view, verb) }, code("verb", verb)),
  );
  const leave = h("button", { type: "button", onclick: close }, t("sheet.cancel"), h("kbd", {}, "Esc"));
  openFor(view, t("panel.more"), h("div", { class: "more-deeds" }, buttons), h("div", { class: "sheet-acts" }, leave));
}
