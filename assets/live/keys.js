// The whole work by keyboard. Keys are told by their place (`event.code`): the Hangul keyboard gives other letters.

import { askByHand } from "./byhand.js";
import { acknowledge } from "./commands.js";
import { byTest } from "./dom.js";
import { flyTo } from "./map.js";
import { isNew, model, ordered, select } from "./model.js";
import { takeFocus } from "./note.js";
import { choose, move } from "./queue.js";
import { askAgency, askResolve, close, help, isOpen } from "./sheets.js";
import { toast } from "./toast.js";
import { code, t } from "./words.js";

const SECOND_MS = 2000; // what can't be undone needs its key a second time within this
let armed = { code: "", at: 0 };

const writing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

/** A report by key: the first press shows what will be said, the second within two seconds sends it. */
function report(agency, event) {
  if (!model.selected) return;
  const now = performance.now();
  const confirm = byTest("escalate-confirm");
  if (armed.code === event.code && now - armed.at < SECOND_MS && confirm) {
    if (confirm.disabled) return; // its words are not yet on the screen
    armed = { code: "", at: 0 };
    confirm.click();
    return;
  }
  armed = { code: event.code, at: now };
  askAgency(model.selected, agency);
  toast(t("help.again", { agency: code("agency", agency) }));
}

function acknowledgeOne() {
  const view = model.selected || ordered("new")[0];
  if (!view || !isNew(view)) return;
  if (!model.selected) choose(view.id);
  acknowledge(view);
}

const ACTS = {
  KeyJ: () => move(1),
  ArrowDown: () => move(1),
  KeyK: () => move(-1),
  ArrowUp: () => move(-1),
  KeyA: acknowledgeOne,
  Digit9: (e) => report("119", e),
  Numpad9: (e) => report("119", e),
  Digit2: (e) => report("112", e),
  Numpad2: (e) => report("112", e),
  KeyX: () => askResolve(model.selected, "confirmed"),
  KeyN: () => takeFocus(),
  KeyM: () => model.selected && flyTo(model.selected),
  KeyO: () => askByHand(),
};

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (event.code === "Escape") {
    if (isOpen()) close();
    else if (writing(document.activeElement)) document.activeElement.blur();
    else select(null);
    return;
  }
  if (writing(event.target)) return;
  if (event.code === "Slash" && event.shiftKey) {
    event.preventDefault();
    return help();
  }
  const act = ACTS[event.code];
  if (!act || event.shiftKey || (event.repeat && !event.code.startsWith("Arrow"))) return;
  event.preventDefault();
  act(event);
}

export function start() {
  document.addEventListener("keydown", press);
}
