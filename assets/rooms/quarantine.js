// What could not be taken in, by source and reason: why, whose fault, what to do; handed in again or seen to, each on record.

import { source } from "../live/describe.js";
import { byId, h } from "../live/dom.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, has, t } from "../live/words.js";
import { toast } from "../live/toast.js";
import { choice, fill, items, page, post, twice } from "./table.js";

const DONE = ["sender_mended", "setup_mended", "known", "other"];
const MAY_JUDGE = ["supervisor", "admin"];
const PATH = "/api/v1/quarantine";
let groups = [];
let all = false; // also what was seen to
let shown = null; // { group, text } of the message that is looked at

const key = (g) => ({ source: g.source, reason: g.reason });

/** The bytes of the newest one as text: what is no text shows as such. */
async function look(g) {
  const told = await page(`${PATH}/${g.last}`);
  if (!told) return;
  const bytes = Uint8Array.from(atob(told.raw), (c) => c.charCodeAt(0));
  shown = { group: g, text: new TextDecoder().decode(bytes) };
  raw();
  byId("quarantine-raw").scrollIntoView({ block: "nearest" });
}

function raw() {
  const host = byId("quarantine-raw");
  host.hidden = !shown;
  if (!shown) return;
  const close = () => {
    shown = null;
    raw();
  };
  host.replaceChildren(
    h("h2", {}, t("quarantine.raw", { n: shown.group.last })),
    h("p", { class: "hint" }, t("quarantine.raw_lead")),
    h("pre", { translate: "no", lang: "en", tabindex: 0 }, shown.text || t("quarantine.nothing")),
    h("button", { type: "button", onclick: close }, t("sheet.cancel")),
  );
}

function acts(g) {
  const role = document.body.dataset.role;
  const parts = [];
  if (role === "supervisor") parts.push(h("button", { type: "button", "data-act": "look", onclick: () => look(g) }, t("quarantine.look")));
  if (g.waiting && MAY_JUDGE.includes(role)) {
    const again = async () => {
      const told = await post(`${PATH}/resubmit`, key(g));
      await load(); // said when the list is drawn anew: what is begun after the word is not drawn over
      if (told) toast(t("quarantine.again_done", told));
    };
    const why = choice(DONE, t("quarantine.done"), (d) => t(`quarantine.${d}`));
    const settle = async () => {
      if (await post(`${PATH}/settle`, { ...key(g), done: why.value })) await load();
    };
    parts.push(h("button", { type: "button", "data-act": "again", onclick: again }, t("quarantine.again")));
    parts.push(h("span", { class: "acts together" }, why, twice(t("quarantine.settle"), t("admin.sure"), settle, { "data-act": "settle" })));
  }
  return h("div", { class: "acts" }, parts);
}

function line(g) {
  const known = has(`quarantine.${g.reason}`);
  const n = `${g.n}${g.more ? ` ${t("quarantine.more", { n: g.more })}` : ""}`;
  return {
    attrs: { "data-source": g.source, "data-reason": g.reason, "data-waiting": g.waiting },
    cells: [
      g.source && g.source !== "/" ? h("span", { class: "sender", translate: "no", title: g.source }, source(g.source)) : t("quarantine.no_source"),
      g.waiting === g.n ? n : `${n} · ${t("quarantine.waiting", { n: g.waiting })}`,
      h("span", {}, time.full(g.last_ms), h("br"), h("span", { class: "quiet" }, time.age(g.last_ms))),
      [h("div", {}, known ? t(`quarantine.${g.reason}`) : g.reason), h("div", { class: "hint", translate: "no", lang: "en" }, g.detail)],
      t(`quarantine.fault_${g.fault}`),
      known ? t(`quarantine.do_${g.reason}`) : "",
      acts(g),
    ],
  };
}

function draw() {
  const waiting = groups.reduce((sum, g) => sum + g.waiting, 0);
  const shown = groups.filter((g) => all || g.waiting);
  const chip = (value, word) =>
    h("button", { type: "button", "aria-pressed": all === value ? "true" : "false", onclick: () => ((all = value), draw()) }, word);
  const done = groups.length - groups.filter((g) => g.waiting).length;
  byId("quarantine-sums").replaceChildren(chip(false, t("quarantine.open", { n: waiting })), chip(true, t("quarantine.all", { n: done })));
  fill("quarantine-table", shown.map(line));
}

async function load() {
  groups = await items(`${PATH}/groups`);
  draw();
}

export async function start() {
  await load();
  on("reset", draw); // with the first word of the server its time is known, and the ages
  document.addEventListener("gwanje:lang", () => {
    draw();
    raw();
  });
}
