// What was handed over and is over: as the API lists it, all or of the day on which it was handed over. Asked for when
// the tab is opened, when a day is chosen and for more of them; each time is a look, as with every list.

import { byId, h, once, setAttr, setText } from "../live/dom.js";
import { mark } from "../live/loop.js";
import * as time from "../live/time.js";
import { lang, t } from "../live/words.js";
import { page } from "./table.js";

const DAY = 86400e3;
const SHOWN = 50;

/** `state`: waiting, done or broken; `next` leads to older ones. */
export const found = { items: [], state: "waiting", next: null, day: "" };
let asks = 0;

/** Asks for those of the chosen day; `more`: for the next older ones too. */
export async function find(more = false) {
  const mine = ++asks;
  const query = new URLSearchParams({ state: "over", limit: SHOWN });
  if (found.day) query.set("handed", found.day);
  if (more) query.set("cursor", found.next);
  const answer = await page(`/api/v1/incidents?${query}`).catch(() => null);
  if (mine !== asks) return; // another day was chosen meanwhile
  const rows = answer ? answer.items.map((v) => ({ ...v, p: Number(v.priority.slice(1)) })) : [];
  Object.assign(found, { items: more ? [...found.items, ...rows] : rows, state: answer ? "done" : "broken", next: answer && answer.next });
  mark("page");
}

const today = () => time.full(time.live()).slice(0, 10);

function choose(day) {
  Object.assign(found, { day, items: [], state: "waiting", next: null });
  mark("page");
  find();
}

/** A day earlier or later; from "all" it begins with today. */
function step(by) {
  const at = Date.parse(`${found.day || today()}T00:00:00+09:00`);
  choose(found.day ? time.full(at + by * DAY).slice(0, 10) : today());
}

/** The line above the cards: a day, the one before, the one after, all. */
export function start(host) {
  const press = (name, sign, fn) => h("button", { type: "button", id: `past-${name}`, onclick: fn }, sign);
  host.replaceChildren(
    press("before", "◀", () => step(-1)),
    h("input", { type: "date", id: "past-day", onchange: (e) => choose(e.target.value) }),
    press("after", "▶", () => step(1)),
    h("span", { id: "past-sum", class: "quiet", role: "status" }),
    press("all", "", () => choose("")),
    press("more", "", () => find(true)),
  );
}

/** Says what is shown. */
export function bar(host) {
  once(host, lang(), () => {
    for (const name of ["before", "day", "after"]) setAttr(byId(`past-${name}`), "aria-label", t(`liaison.past_${name}`));
    for (const name of ["all", "more"]) setText(byId(`past-${name}`), t(`liaison.past_${name}`));
  });
  const day = byId("past-day");
  if (day.value !== found.day) day.value = found.day;
  setAttr(day, "max", today());
  setAttr(byId("past-after"), "disabled", !found.day || found.day >= today());
  setAttr(byId("past-all"), "aria-pressed", String(!found.day));
  setAttr(byId("past-more"), "hidden", !found.next);
  const n = `${found.items.length}${found.next ? "+" : ""}`;
  setText(byId("past-sum"), found.state === "done" ? t("liaison.past_sum", { n }) : "");
}
