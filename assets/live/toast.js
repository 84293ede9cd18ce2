// Short words that need no answer, lower right; they leave by themselves and never carry an alarm.

import { byId, h } from "./dom.js";

/** Shows `text` for a few seconds; `kind` is "bad" for a refusal. */
export function toast(text, kind = "") {
  const host = byId("toasts");
  if (!host) return;
  const el = h("div", { class: `toast ${kind}` }, text);
  host.append(el);
  while (host.children.length > 3) host.firstChild.remove();
  setTimeout(() => el.remove(), kind === "bad" ? 8000 : 4000);
}
