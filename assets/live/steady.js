// A click that was meant for what stood there a moment ago does nothing: the hand is slower than the screen.

import { toast } from "./toast.js";
import { t } from "./words.js";

const HAND_MS = 600; // a second press of a double press comes within this; a choice made by looking takes longer

/** Watches the clicks in `host`; the answer is called when what stands under the pointer may have changed (`data-moved`
 * while that is so). By keyboard, a click without a count, nothing is taken back: the focus moves with its button. */
export function steady(host) {
  let timer = 0;
  const guard = (event) => {
    if (!event.detail || !host.dataset.moved) return;
    event.stopPropagation();
    event.preventDefault(); // of the press too: the keyboard stays where it was
    if (event.type === "click") toast(t("panel.moved"));
  };
  for (const type of ["mousedown", "click"]) host.addEventListener(type, guard, true);
  return () => {
    clearTimeout(timer);
    host.dataset.moved = "1";
    timer = setTimeout(() => delete host.dataset.moved, HAND_MS);
  };
}
