// Fields that several sheets share: a choice of codes, a person of this room, an end that is seen.

import { h } from "./dom.js";
import * as time from "./time.js";
import { code, has, t } from "./words.js";

/** A choice among `values`, each said by `word`. */
export const select = (label, values, word, attrs = {}) =>
  h(
    "select",
    { "aria-label": label, ...attrs },
    values.map((v) => h("option", { value: v }, word(v))),
  );

/** A field with its name above it. */
export const named = (label, field) => h("label", { class: "named" }, h("span", {}, label), field);

/** A choice among the people who can work on incidents, as the server names them; `not` is left out. */
export function whom(not) {
  const field = select(t("sheet.whom"), [""], () => t("sheet.whom"), { required: true, "data-people": "0" });
  const fill = async () => {
    const answer = await fetch("/api/v1/people").catch(() => null);
    const items = answer && answer.ok ? (await answer.json()).items : [];
    const others = items.filter((p) => p.user !== not);
    const word = (p) => `${p.user} · ${has(`role.${p.role}`) ? code("role", p.role) : p.role}`;
    field.append(...others.map((p) => h("option", { value: p.user }, word(p))));
    field.dataset.people = others.length;
  };
  fill();
  return field;
}

/** A choice of minutes, and under it the moment at which they end. */
export function lasting(label, minutes, word) {
  const field = select(label, minutes, word);
  const line = h("p", { class: "hint ends" });
  const say = () => {
    line.textContent = t("more.until", { time: time.full(time.now() + Number(field.value) * 60e3) });
  };
  field.addEventListener("change", say);
  say();
  return [field, line];
}
