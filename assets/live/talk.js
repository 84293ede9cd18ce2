// The talk between the control room and an agency's liaison: messages both ways, each with its receipt. Their texts lie in
// the vault and are asked for when there is something new; reading them is a record.

import { h, once, setAttr } from "./dom.js";
import { send } from "./commands.js";
import { links } from "./links.js";
import { mark } from "./loop.js";
import { model } from "./model.js";
import { textField } from "./text.js";
import * as time from "./time.js";
import { code, lang, t } from "./words.js";

const held = new Map(); // incident -> {stamp, items}
const told = new Set(); // receipts sent from this tab: each once, whatever became of it
const OTHER = { room: "desk", desk: "room" };
/** The agencies whose last word nobody has answered. */
export const waiting = (v) => (v.talk || []).filter((x) => x.waits).map((x) => x.agency);

const NONE = { room: 0, desk: 0, room_read: 0, desk_read: 0, asked: "" };

/** What was said with an agency: counts and receipts. */
export const talkOf = (v, agency) => (v.talk || []).find((x) => x.agency === agency) || NONE;

/** How many messages of the other side nobody on this side has read, with one agency or all. */
export function unread(v, side, agency = null) {
  const all = (v.talk || []).filter((x) => agency === null || x.agency === agency);
  return all.reduce((n, x) => n + x[OTHER[side]] - x[`${side}_read`], 0);
}

/** Fetches the texts when the counts or receipts have changed; a late answer is dropped. */
async function load(v) {
  const stamp = JSON.stringify(v.talk || []);
  const has = held.get(v.id);
  if (!(v.talk || []).length || (has && has.stamp === stamp)) return;
  held.set(v.id, { stamp, items: has ? has.items : [] });
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(v.id)}/messages`);
  const now = held.get(v.id);
  if (!answer.ok || !now || now.stamp !== stamp) return;
  now.items = (await answer.json()).items;
  mark("panel", "page");
}

/** Tells the other side that its messages stand on this screen. */
function receipt(v, agency, side) {
  const n = talkOf(v, agency)[OTHER[side]];
  if (document.hidden || model.past !== null || n <= talkOf(v, agency)[`${side}_read`]) return;
  if (told.has(`${v.id} ${agency} ${n}`)) return;
  told.add(`${v.id} ${agency} ${n}`);
  send(v, "read", { agency, n }, { part: `${agency} ${n}`, quiet: true });
}

function line(m, side) {
  const own = m.side === side;
  const words = m.more ? t("talk.asks", { what: code("more_of", m.more) }) : "";
  const read = m.read_at ? t("talk.read", { time: time.hms(time.ms(m.read_at)) }) : t("talk.unread");
  return h(
    "li",
    { class: own ? "own" : "other", dir: "auto" },
    words ? h("b", {}, words) : null,
    m.text ? h("p", {}, m.text) : null,
    h("small", {}, [time.hms(time.ms(m.at)), m.by, own ? read : ""].filter(Boolean).join(" · ")),
  );
}

/** The draft of this incident and agency; kept in this tab until the server has taken it. */
const key = (v, agency) => `talk ${v.id} ${agency}`;

function form(v, agency) {
  const [field, note] = textField(t("talk.write"), 2, sessionStorage.getItem(key(v, agency)) || "");
  field.addEventListener("input", () => sessionStorage.setItem(key(v, agency), field.value));
  const submit = async (e) => {
    e.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const answer = await send(v, "message", { agency, text }, { part: `${agency} ${text}` });
    if (!answer.incident) return; // the draft stays
    sessionStorage.removeItem(key(v, agency));
    field.value = "";
  };
  return h("form", { class: "talk-form", onsubmit: submit }, field, h("button", { type: "submit" }, t("talk.send")), note);
}

/** Draws the talk with one agency as `side` sees it: messages above, the field for the next below. */
export function thread(host, v, agency, side) {
  load(v);
  const face = `${v.id} ${agency} ${lang()} ${model.past === null}`;
  once(host, face, () => {
    const list = h("ol", { class: "talk-list", "data-testid": `talk-${agency}`, "aria-live": "polite" });
    host.replaceChildren(list, ...(model.past === null ? [form(v, agency)] : []));
  });
  const list = host.querySelector(".talk-list");
  const items = (held.get(v.id) || { items: [] }).items.filter((m) => m.agency === agency);
  once(list, `${face} ${JSON.stringify(items)}`, () => {
    list.replaceChildren(
      ...(items.length ? items.map((m) => line(m, side)) : [h("li", { class: "hint" }, t("talk.none"))]),
    );
    list.scrollTop = list.scrollHeight;
  });
  if (items.some((m) => m.side !== side)) receipt(v, agency, side);
}

const HANDED = (e) => !["requested", "cancelled"].includes(e.state);

/** Whose talk it is; while its last word waits: that it does, and the way to say that it needs no answer. */
function title(agency) {
  const settle = () => {
    const v = model.selected;
    const n = talkOf(v, agency).desk;
    send(v, "read", { agency, n, settled: true }, { part: `settle ${agency} ${n}` });
  };
  return h(
    "h3",
    {},
    t("talk.with", { agency: code("agency", agency) }),
    h("span", { class: "tag tag-waits" }, t("talk.waits")),
    h("button", { type: "button", "data-act": "settle", onclick: settle }, t("talk.settle")),
  );
}

/** The control room's part on the panel: one talk for each agency that has the incident. */
export function talks(host, v) {
  const agencies = [...new Set((v.escalations || []).filter(HANDED).map((e) => e.agency))];
  once(host, `${v.id} ${agencies} ${lang()}`, () => {
    host.replaceChildren(
      ...agencies.map((a) =>
        h("div", { class: "talk", "data-agency": a }, title(a), h("div", {}), h("div", { class: "links" })),
      ),
    );
  });
  for (const el of host.children) {
    setAttr(el, "data-waits", waiting(v).includes(el.dataset.agency) ? "1" : null);
    thread(el.children[1], v, el.dataset.agency, "room");
    if (model.past === null) links(el.children[2], v, el.dataset.agency);
  }
}
