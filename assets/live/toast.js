// Short words that need no answer, lower right; they leave by themselves and never carry an alarm.

import { byId, h } from "./dom.js";

/** Shows `text` for a few seconds (`ms`); `kind` is "bad" for a refusal. The answer takes it away before its time. */
export function toast(text, kind = "", ms = kind === "bad" ? 8000 : 4000) {
  const host = byId("toasts");
  if (!host) return () => {};
  const el = h("div", { class: `toast ${kind}` }, text);
  host.append(el);
  while (host.children.length > 3) host.firstChild.remove();
  setTimeout(() => el.remove(), ms);
  return () => el.remove();
}
