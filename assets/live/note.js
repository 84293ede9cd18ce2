// Notes: the draft is kept per incident in this tab until it has been sent, through errors, reconnects and reloads.

import { h } from "./dom.js";
import { send } from "./commands.js";
import { on, model } from "./model.js";
import { textField } from "./text.js";
import { t } from "./words.js";

let area = null;

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
  const id = model.selected && model.selected.id;
  const [field, line] = textField(t("panel.note"), 2, (id && sessionStorage.getItem(key(id))) || "");
  area = field;
  area.disabled = model.past !== null;
  area.addEventListener("input", () => id && sessionStorage.setItem(key(id), field.value));
  return h(
    "form",
    { class: "note", onsubmit: submit },
    area,
    h("button", { type: "submit" }, t("panel.note_send")),
    line,
  );
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
