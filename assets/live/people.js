// Who it is and what was written: opened from the vault on a person's wish, for a purpose, each look on record. Notes
// stand in the timeline once opened (texts.js), other texts here.
// What was shown goes away when another incident is chosen; nothing of it is kept in this browser.

import { h } from "./dom.js";
import { why } from "./commands.js";
import { isClosed, model } from "./model.js";
import { besideNotes, follow, openTexts, textsOf } from "./texts.js";
import { toast } from "./toast.js";
import * as time from "./time.js";
import { code, t } from "./words.js";

const PURPOSES = ["contact", "dispatch", "verify", "guardian"];
let shown = { id: "", identity: null };

async function ask(path) {
  const answer = await fetch(path);
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  toast(why(body), "bad");
  return null;
}

function person(view, host) {
  const purpose = h(
    "select",
    { "aria-label": t("people.purpose") },
    h("option", { value: "" }, t("people.purpose")),
    PURPOSES.map((p) => h("option", { value: p }, code("access", p))),
  );
  purpose.addEventListener("change", async () => {
    if (!purpose.value) return;
    const path = `/api/v1/incidents/${encodeURIComponent(view.id)}/identity?purpose=${purpose.value}`;
    const body = await ask(path);
    purpose.value = "";
    if (!body || shown.id !== view.id) return;
    shown.identity = body.identity || {};
    draw(view, host);
  });
  return purpose;
}

function facts(identity) {
  const rows = Object.entries(identity).filter(([, value]) => value);
  if (!rows.length) return h("p", { class: "hint" }, t("people.nobody"));
  return h(
    "dl",
    { class: "identity" },
    rows.map(([name, value]) => [h("dt", {}, code("people", name)), h("dd", {}, String(value))]),
  );
}

function texts(items) {
  return h(
    "ul",
    { class: "note-texts" },
    items.map((n) =>
      h(
        "li",
        { dir: "auto" },
        h("em", {}, `${time.hms(time.ms(n.at))} ${code("by", n.by)}`),
        h("p", {}, n.text ?? t("people.erased")),
      ),
    ),
  );
}

function draw(view, host) {
  const home = view.domain !== "road";
  const open = home && !isClosed(view) && model.past === null;
  const read = h("button", { type: "button", "data-act": "texts", onclick: () => openTexts(view) }, t("people.notes", { n: view.notes || "" }));
  const written = view.notes || (view.marks || []).includes("by_hand") || view.domain === "welfare";
  const parts = [open ? person(view, host) : null, written && model.past === null && !textsOf(view.id) ? read : null].filter(Boolean);
  const others = besideNotes(view.id);
  host.hidden = !parts.length && !others.length;
  host.replaceChildren(
    h("div", { class: "people-acts" }, parts),
    ...(shown.identity ? [facts(shown.identity)] : []),
    ...(others.length ? [texts(others)] : []),
  );
}

/** Draws the part of the panel about people; redrawn only when the incident or its notes changed. */
export function people(host, view) {
  if (shown.id !== view.id) shown = { id: view.id, identity: null };
  follow(view);
  const stamp = `${view.id} ${view.notes} ${(textsOf(view.id) || []).length} ${view.state} ${model.past} ${document.documentElement.lang}`;
  if (host.dataset.stamp === stamp && host.children.length) return;
  host.dataset.stamp = stamp;
  draw(view, host);
}
