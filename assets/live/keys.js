// The whole work by keyboard. Keys are told by their place (`event.code`): the Hangul keyboard gives other letters.

import { askByHand } from "./byhand.js";
import { acknowledge, send } from "./commands.js";
import { byId, byTest } from "./dom.js";
import { flyTo } from "./map.js";
import { askByKey, askMore } from "./more.js";
import { model, nextToAcknowledge, select } from "./model.js";
import { takeFocus } from "./note.js";
import * as filter from "./filter.js";
import { choose, move } from "./queue.js";
import { askAgency, askAssign, askResolve, close, help, isOpen } from "./sheets.js";
import { askShift } from "./shift.js";
import { takeStep } from "./steps.js";
import { toast } from "./toast.js";
import { code, t } from "./words.js";

const SECOND_MS = 2000; // what can't be undone needs its key a second time within this
const NOTHING = { code: "", at: 0, unsay: () => {} };
let armed = NOTHING;

const PRESSED = /^(checkbox|radio|range)$/; // these take no letters: the keys of the console go on
const writing = (el) =>
  el && (el.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !PRESSED.test(el.type)));

/** A report by key: the first press shows what will be said, two within two seconds send it; who read longer between
 * them presses twice more, over the same sheet. */
function report(agency, event) {
  if (!model.selected) return;
  const now = performance.now();
  const confirm = byTest("escalate-confirm");
  const shown = isOpen() && confirm && confirm.value === agency;
  if (armed.code === event.code && now - armed.at < SECOND_MS && shown) {
    if (confirm.disabled) return; // its words are not yet on the screen
    disarm();
    confirm.click();
    return;
  }
  disarm();
  if (!shown) askAgency(model.selected, agency);
  const unsay = toast(t("help.again", { agency: code("agency", agency) }), "", SECOND_MS);
  armed = { code: event.code, at: now, unsay };
}

/** Sent, or its sheet gone: "once more" is said no longer. */
function disarm() {
  armed.unsay();
  armed = NOTHING;
}

function acknowledgeOne() {
  const view = nextToAcknowledge();
  if (!view) return;
  if (!model.selected) choose(view.id);
  acknowledge(view);
}

/** Takes it: nobody presses twice for what is theirs already. */
function take() {
  const v = model.selected;
  if (v && v.assigned_to !== model.user) send(v, "assign", { to: model.user });
}

/** Within a sheet the arrows go from button to button, not from incident to incident under it. */
function within(event) {
  const all = [...byId("sheet").querySelectorAll("button:not(:disabled), input, select, textarea, summary")];
  const at = all.indexOf(document.activeElement);
  const step = /Down|Right/.test(event.code) ? 1 : -1;
  if (at >= 0) all[(at + step + all.length) % all.length].focus();
}

/** Not from under a sheet: another row would take away what is half done. */
const go = (step) => isOpen() || move(step);

const ACTS = {
  KeyJ: () => go(1),
  ArrowDown: () => go(1),
  KeyK: () => go(-1),
  ArrowUp: () => go(-1),
  KeyA: acknowledgeOne,
  Digit9: (e) => report("119", e),
  Numpad9: (e) => report("119", e),
  Digit2: (e) => report("112", e),
  Numpad2: (e) => report("112", e),
  KeyX: () => askResolve(model.selected, "confirmed"),
  KeyI: take,
  KeyW: () => askAssign(model.selected),
  KeyE: () => askMore(model.selected),
  KeyN: () => takeFocus(),
  KeyC: () => model.selected && takeStep(),
  KeyM: () => model.selected && flyTo(model.selected),
  KeyO: () => askByHand(),
  KeyH: () => askShift(),
  KeyF: () => filter.toggle(),
  Slash: () => filter.seek(),
};
for (const key of "STPGDRU") ACTS[`Key${key}`] = () => askByKey(model.selected, key);

/** Nothing is chosen; a frame left around the row would look as if it were. */
function leave() {
  select(null);
  if (document.activeElement.closest('[data-testid="queue"]')) document.activeElement.blur();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (event.code === "Escape") {
    if (isOpen()) close();
    else if (writing(document.activeElement)) document.activeElement.blur();
    else leave();
    return;
  }
  if (writing(event.target)) return;
  if (event.code === "Slash" && event.shiftKey) {
    event.preventDefault();
    return help();
  }
  const arrow = event.code.startsWith("Arrow");
  if (arrow && /^(radio|range)$/.test(event.target.type)) return; // has arrows of its own
  if (arrow && event.target.closest("#sheet")) {
    event.preventDefault();
    return within(event);
  }
  const act = ACTS[event.code];
  if (!act || event.shiftKey || (event.repeat && !arrow)) return;
  event.preventDefault();
  act(event);
}

export function start() {
  document.addEventListener("keydown", press);
  byId("sheet").addEventListener("close", disarm);
}
