// Who looked at what, who did what, and when: searched on the server by person, deed, subject or incident, and span.

import { details } from "../live/deed.js";
import { source } from "../live/describe.js";
import { byId, h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, has, t } from "../live/words.js";
import * as checks from "./audit_checks.js";
import { choice, fill, page, save } from "./table.js";

const SHOWN = 100;
const DAY = 86400e3;
const asked = { by: "", deed: "", subject: "", from: "", to: "" };
let shown = { items: [], next: null };
let asking = 0; // number of the newest search: an older one that answers late is not shown

export const deed = (name) => (has(`record.${name}`) ? t(`record.${name}`) : code("access", name));

/** The day of a moment in Korea, and the day `n` days before it. */
const day = (at) => time.full(at).slice(0, 10);

function query() {
  const { from, to, ...rest } = asked;
  const set = Object.fromEntries(Object.entries(rest).filter(([, v]) => v));
  if (from) set.from = `${from}T00:00:00+09:00`;
  if (to) set.to = time.iso(Date.parse(`${to}T00:00:00+09:00`) + DAY);
  return new URLSearchParams(set);
}

/** What it is about: an incident, a rule, a role, a home; not again who did it. */
function about(r) {
  if (r.subject === r.by || /^(shift|drill)\./.test(r.kind)) return "";
  const family = ["role", "access", "rule"].find((name) => has(`${name}.${r.subject}`));
  return family ? t(`${family}.${r.subject}`) : source(r.subject);
}

/** Role, purpose, reason, incident: whatever the record says beside who and what, in words. */
function detail(r) {
  if (!r.kind.startsWith("access.")) return [details({ kind: r.kind, args: r.body }), r.body.incident].filter(Boolean).join(" · ");
  const word = (x) => ["role", "purpose"].find((s) => has(`${s}.${x}`));
  const told = [r.body.purpose, r.body.code].filter(Boolean).map((x) => (word(x) ? t(`${word(x)}.${x}`) : code("access", x)));
  if (r.kind === "access.refused" && r.body.what) told.push(h("span", { translate: "no", class: "quiet" }, r.body.what));
  if (r.body.incident && r.body.incident !== r.subject) told.push(h("span", { translate: "no" }, r.body.incident));
  if (r.body.before) told.push(t("audit.before", { n: r.body.before }));
  return told.flatMap((x, n) => (n ? [" · ", x] : [x]));
}

function line(r) {
  return {
    attrs: { "data-seq": r.seq },
    cells: [time.full(time.ms(r.at)), r.by === "unknown" ? t("audit.unknown") : code("by", r.by), deed(r.deed), about(r), detail(r), r.body.address || ""],
  };
}

function draw() {
  fill("audit-table", shown.items.map(line));
  const more = () => search(shown.next);
  byId("audit-more").replaceChildren(shown.next ? h("button", { type: "button", onclick: more }, t("audit.more")) : "");
  byId("audit-sum").textContent = t("audit.sum", { n: `${shown.items.length}${shown.next ? "+" : ""}` });
}

/** From the newest, or on from where the last answer ended; an answer goes through so many records, and may find none. */
async function search(cursor = "") {
  const before = cursor ? shown.items : [];
  const turn = ++asking;
  let next = cursor;
  let items = [];
  do {
    const found = await page(`/api/v1/access/search?${query()}&limit=${SHOWN}${next ? `&cursor=${next}` : ""}`);
    if (!found || turn !== asking) return;
    ({ items, next } = found);
  } while (next && !items.length);
  shown = { items: [...before, ...items], next };
  draw();
}

const field = (name, type, word) => {
  const input = h("input", { type, name, size: 16, value: asked[name], placeholder: t(word), "aria-label": t(word) });
  input.addEventListener("input", () => {
    asked[name] = input.value.trim();
  });
  return input;
};

/** Today, or the last days; the two fields of dates follow. */
function spans() {
  return [1, 7, 31].map((days) => {
    const set = () => {
      asked.from = day(time.live() - (days - 1) * DAY);
      asked.to = day(time.live());
      form();
      search();
    };
    return h("button", { type: "button", "data-days": days, onclick: set }, t(`audit.span_${days}`));
  });
}

function out() {
  const reason = choice(byId("search").dataset.reasons.split(" "), t("audit.reason"), (r) => code("access", r), t("audit.reason"));
  const send = async (e) => {
    e.preventDefault();
    if (await save(`/api/v1/access/export?${query()}`, { reason: reason.value }, "access.csv")) await search();
  };
  reason.required = true;
  return h("form", { class: "line-form", id: "audit-out", onsubmit: send }, reason, h("button", { type: "submit" }, t("audit.export")));
}

function form() {
  const deeds = choice(["access", "acts"], t("audit.deed"), (group) => t(`audit.all_${group}`), t("audit.any"));
  for (const group of ["access", "acts"]) {
    const those = byId("search").dataset[group].split(" ");
    deeds.append(h("optgroup", { label: t(`audit.of_${group}`) }, those.map((name) => h("option", { value: name }, deed(name)))));
  }
  deeds.value = asked.deed;
  deeds.addEventListener("change", () => {
    asked.deed = deeds.value;
  });
  const go = (e) => {
    e.preventDefault();
    search();
  };
  byId("search").replaceChildren(
    h(
      "form",
      { class: "line-form", onsubmit: go, role: "search" },
      field("by", "search", "audit.by"),
      deeds,
      field("subject", "search", "audit.subject"),
      field("from", "date", "audit.from"),
      "–",
      field("to", "date", "audit.to"),
      spans(),
      h("button", { type: "submit", class: "primary" }, t("audit.search")),
      h("span", { id: "audit-sum", class: "quiet", role: "status" }),
    ),
    out(),
  );
}

export async function start() {
  form();
  await Promise.all([search(), checks.start()]);
  document.addEventListener("gwanje:lang", () => {
    form();
    draw();
  });
}
