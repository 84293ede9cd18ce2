// What the slow pages share: ask the API page by page, fill a table's body, say what went wrong.

import { anew, byId, h } from "../live/dom.js";
import { t } from "../live/words.js";
import { why } from "../live/commands.js";
import { toast } from "../live/toast.js";

/** One answer of the API, or null after the refusal has been said. */
export async function page(path) {
  const answer = await fetch(path);
  const data = await answer.json().catch(() => null);
  if (answer.ok) return data;
  toast(why(data), "bad");
  return null;
}

/** A choice among codes with their words; with `any`, nothing chosen is the first. */
export const choice = (codes, label, word, any = null) =>
  h(
    "select",
    { "aria-label": label },
    any === null ? null : h("option", { value: "" }, any),
    codes.map((c) => h("option", { value: c }, word(c))),
  );

/** A button whose second press acts, for what cuts somebody off; going elsewhere takes the first press back. */
export function twice(word, sure, act, attrs = {}) {
  const turn = (on) => {
    button.className = on ? "danger" : "";
    button.textContent = on ? sure : word;
  };
  const press = () => (button.className ? act() : turn(true));
  const button = h("button", { type: "button", ...attrs, onclick: press, onblur: () => turn(false) }, word);
  return button;
}

/** Shows a secret that nobody will be shown again, until it is put away. */
export function once(id, text, secret) {
  const host = byId(id);
  const close = h("button", { type: "button", onclick: () => host.replaceChildren() }, t("admin.put_away"));
  host.replaceChildren(h("div", { class: "secret", role: "status" }, h("p", {}, text), h("code", { translate: "no" }, secret), close));
}

let broken = false; // something of this page could not be had: an empty table may then not pass for "none"

/** Says for good that the page is not whole, with the way to ask again. */
function trouble(reason) {
  if (reason && reason.code) toast(why(reason), "bad");
  const host = document.querySelector(".sheet-page");
  const again = () => h("button", { type: "button", onclick: () => location.reload() }, t("load.again"));
  if (host && !broken) host.prepend(h("div", { id: "load-trouble", role: "alert" }, h("span", {}, t("load.missing")), again()));
  broken = true;
}

/** All items of a list of the API, up to `most`; what could not be had is said on the page. */
export async function items(path, most = 2000) {
  const out = [];
  let cursor = "";
  do {
    const joint = path.includes("?") ? "&" : "?";
    const answer = await fetch(`${path}${joint}limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`).catch(() => null);
    if (!answer || !answer.ok) {
      trouble(answer ? await answer.json().catch(() => null) : { code: "no_link" });
      break;
    }
    const body = await answer.json();
    out.push(...body.items);
    cursor = body.next;
  } while (cursor && out.length < most);
  return out;
}

/** Puts rows (cells of text or nodes; `span`: one over all columns) into the table `name`; an empty table says so. */
export function fill(name, rows) {
  const body = byId(`${name}-rows`);
  const columns = body.closest("table").tHead.rows[0].cells.length;
  const made = rows.map((row) =>
    h(
      "tr",
      row.attrs || {},
      row.cells.map((cell) => h("td", row.span ? { colspan: columns } : {}, cell)),
    ),
  );
  const none = () => h("tr", {}, h("td", { colspan: columns, class: "empty" }, t(broken ? "load.broken" : "table.empty")));
  anew(body, () => body.replaceChildren(...(made.length ? made : [none()])));
}

const sent = (path, body) =>
  fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Sends JSON and hands the answer over as a file; false after the refusal has been said. */
export async function save(path, body, name) {
  const answer = await sent(path, body);
  if (!answer.ok) {
    toast(why(await answer.json().catch(() => null)), "bad");
    return false;
  }
  const link = h("a", { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return true;
}

/** Sends JSON; the body of the answer, or null after the refusal has been said: in `line`, beside what was pressed, when
 * one is given. */
export async function post(path, body, line = null) {
  const answer = await sent(path, body);
  const data = await answer.json().catch(() => ({}));
  if (line) line.textContent = answer.ok ? "" : why(data);
  else if (!answer.ok) toast(why(data), "bad");
  return answer.ok ? data : null;
}
