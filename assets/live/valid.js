// What a browser says of an empty or wrong field comes in the browser's own language: here it is said in the page's.

import { t } from "./words.js";

function say({ target: field }) {
  field.setCustomValidity(""); // what was said before is no reason of its own
  const { valid, valueMissing } = field.validity;
  if (!valid) field.setCustomValidity(t(valueMissing ? "form.missing" : "form.wrong"));
}

export function start() {
  document.addEventListener("invalid", say, true);
  for (const type of ["input", "change"])
    document.addEventListener(type, ({ target }) => target.setCustomValidity && target.setCustomValidity(""), true);
}
