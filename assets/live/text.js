// A field for free text. What is too long is not cut off in silence: it stays, and the field says so.

import { h } from "./dom.js";
import { t } from "./words.js";

export const LONGEST = 4000; // characters the server takes (console/deeds.py)

/**
 * A text area with a line under it that counts when the text is too long: [area, line]. With `draft` (a name) what is
 * written lies in this tab until `area.drop()`, through errors, reloads and a session that ends.
 */
export function textField(label, rows, value = "", draft = "") {
  const area = h("textarea", { rows, placeholder: label, "aria-label": label, dir: "auto" });
  const line = h("p", { class: "too-long", role: "status", hidden: true });
  const count = () => {
    const units = area.value.length; // the server counts characters: an emoji is one, here it is two or more
    const n = units <= LONGEST ? units : [...area.value].length;
    line.hidden = n <= LONGEST;
    line.textContent = t("panel.too_long", { n, most: LONGEST });
  };
  area.value = (draft && sessionStorage.getItem(draft)) || value;
  area.drop = () => sessionStorage.removeItem(draft);
  area.addEventListener("input", () => {
    count();
    if (draft) sessionStorage.setItem(draft, area.value);
  });
  count();
  return [area, line];
}
