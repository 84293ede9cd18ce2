// Notes: the draft is kept per incident in this tab until it has been sent, through errors, reconnects and reloads.

import { h } from "./dom.js";
import { send } from "./commands.js";
import { on, model } from "./model.js";
import { t } from "./words.js";

const LONGEST = 4000;
let area = null;
let shownFor = null;

const key = (id) => `note ${id}`;

async function submit(e) {
  e.preventDefault();
  const view = model.selected;
  const text = area.value.trim();
  if (!view || !text) return;
  const answer = await send(view, "note", { text }, { part: "note" });
  if (!answer.incident) return; // the draft stays
  sessionStorage.removeItem(key(view.id));
  if (model.selected && model.selected.id === view.id) area.value = "";
}

/** The form; made anew with each panel, filled with the draft of the incident on it. */
export function note() {
  area = h("textarea", {
    rows: 2,
    maxlength: LONGEST,
    placeholder: t("panel.note"),
    "aria-label": t("panel.note"),
    dir: "auto",
  });
  area.addEventListener("input", () => model.selected && sessionStorage.setItem(key(model.selected.id), area.value));
  shownFor = model.selected && model.selected.id;
  area.value = (shownFor && sessionStorage.getItem(key(shownFor))) || "";
  return h("form", { class: "note", onsubmit: submit }, area, h("button", { type: "submit" }, t("panel.note_send")));
}

/** Puts the cursor into the note. */
export function takeFocus() {
  if (area) area.focus();
}

export function start() {
  on("reset", () => {
    if (area) area.disabled = model.past !== null;
  });
}
