// Why: reason codes of a person's deeds, as buttons that are all seen. None is chosen beforehand: a reason nobody chose
// would be counted as one. What fits the incident's domain stands first, "other" last.

import { h } from "./dom.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

// What is told in a home is no steam on a road. Domains without a row have the order of the lists below.
const FITS = {
  care: ["steam", "cooking", "pet", "no_answer", "waiting_visit"],
  welfare: ["wrong_person", "no_answer", "waiting_visit"],
  road: ["parked_car", "shadow", "known_work", "known_event", "installation"],
};
// By disposition; their words are `reason.<code>`.
export const ENDS = {
  confirmed: ["handled", "handed_over", "watched", "other"],
  false_alarm: ["nothing_found", "sensor_fault", "wrong_person", "steam", "cooking", "pet", "parked_car", "shadow", "other"],
  duplicate: ["same_event", "other"],
  test: ["drill", "installation", "other"],
  unreachable: ["no_answer", "moved_away", "other"],
};
export const ASIDE = ["watched", "waiting_visit", "known_work", "known_event", "other"];
export const OTHERWISE = ["seen_worse", "seen_harmless", "wrong_place", "other"];
export const HANDED = ["shift_end", "other_task", "knows_place", "other"];
export const AGAIN = ["reopened", "seen_worse", "wrong_person", "other"];

const inOrder = (codes, domain) => {
  const first = (FITS[domain] || []).filter((code) => codes.includes(code));
  return [...first, ...codes.filter((code) => !first.includes(code))];
};

/** The field of a reason: `value` is what was chosen ("" before), `offer(codes)` puts others in its place. */
export function reasons(codes, domain) {
  const group = h("div", { class: "choices", role: "radiogroup", "aria-label": t("sheet.reason") });
  const field = h("div", { class: "named reasons" }, h("span", {}, t("sheet.reason")), group);
  const choose = (button) => {
    field.value = button.value;
    for (const one of group.children) one.setAttribute("aria-checked", String(one === button));
    group.closest("#sheet").querySelector(".primary").focus(); // the next Enter sends
  };
  field.offer = (list) => {
    field.value = "";
    const button = (value) =>
      h("button", { type: "button", role: "radio", value, "aria-checked": "false", onclick: (e) => choose(e.currentTarget) }, t(`reason.${value}`));
    group.replaceChildren(...inOrder(list, domain).map(button));
  };
  field.offer(codes);
  return field;
}

/** Whether the reason is still missing; then it is asked for. */
export function missing(field) {
  if (field.value) return false;
  toast(t("sheet.choose_reason"), "bad");
  field.querySelector("button").focus();
  return true;
}
