// The status bar: clock, counts by priority, devices, the line and its age, latency, person, language, menu.

import { byId, byTest, h, icon, setAttr, setText, shape } from "./dom.js";
import { isStale, link, on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { isTold, model, on, TARGET_S } from "./model.js";
import * as time from "./time.js";
import * as words from "./words.js";

const BEHIND_MS = 1000; // younger than this it is the ordinary pace of the loop
const PATIENCE_MS = 10000; // a page that has heard nothing for so long since it was opened says so
const SHED_SHOWN_S = 60; // how long after the last shed frame the count of this burst stays on the screen

let lastSecond = null;
const shed = { seen: null, from: 0, at: 0 };

function clock() {
  setText(byTest("clock"), time.hms(time.now()));
}

function counts() {
  const host = byId("counts");
  if (!host) return;
  if (!host.children.length) {
    for (const p of ["P1", "P2", "P3"]) {
      host.append(
        h(
          "span",
          { class: "count", "data-count": p },
          shape(Number(p[1])),
          h("b", {}),
          h("span", { class: "count-n" }),
          h("span", { class: "count-more" }),
        ),
      );
    }
  }
  for (const el of host.children) {
    const p = el.dataset.count;
    const c = model.counts[p] || { new: 0, seen: 0, work: 0, oldest_ms: null };
    const waits = c.oldest_ms ? (time.now() - time.ms(c.oldest_ms)) / 1000 : 0;
    setText(el.children[1], words.t(`priority.${p}`));
    if (!isTold()) {
      setText(el.children[2], "–");
      continue;
    }
    setText(el.children[2], c.new ? `${c.new}${c.oldest_ms ? ` (${time.age(time.ms(c.oldest_ms), time.now(), 1)})` : ""}` : "0");
    setText(el.children[3], `${c.seen}·${c.work}`);
    setAttr(
      el,
      "title",
      words.t("bar.count", { priority: words.t(`priority.${p}`), new: c.new, seen: c.seen, work: c.work }),
    );
    setAttr(el, "data-calling", c.new ? "1" : "0");
    setAttr(el, "data-late", waits > TARGET_S[p[1]] ? "1" : "0");
  }
}

function line() {
  const el = byTest("connection");
  const age = Math.max(0, link.oldMs) / 1000;
  const text = () => {
    if (!isTold()) return words.t("connection.waiting");
    if (!link.up) return words.t("connection.down");
    return model.past !== null ? words.t("connection.up") : words.t("connection.age", { age: age < 10 ? age.toFixed(1) : Math.round(age) });
  };
  setText(el, text());
  setAttr(el, "data-up", link.up || !isTold() ? "1" : "0");
}

function latency() {
  const el = byTest("latency");
  const { p50, p95, p99 } = model.latency || {};
  const known = p95 !== null && p95 !== undefined;
  setText(el, words.t("bar.latency", { ms: known ? Math.round(p95) : "–" }));
  setAttr(el, "data-p95-ms", known ? Math.round(p95) : null);
  setAttr(
    el,
    "title",
    known ? words.t("bar.latency_all", { p50: Math.round(p50), p95: Math.round(p95), p99: Math.round(p99) }) : words.t("bar.latency_none"),
  );
}

/** Behind: how old the oldest message is that is not worked off, and how many frames this burst has cost. */
function backlog() {
  const el = byId("backlog");
  const { queue_age_ms: age = 0, shed: total = 0 } = model.health;
  const now = time.now() / 1000;
  if (shed.seen === null || total < shed.seen) Object.assign(shed, { seen: total, from: total, at: 0 });
  if (total > shed.seen) Object.assign(shed, { seen: total, at: now });
  if (now - shed.at > SHED_SHOWN_S) shed.from = total;
  const said = [];
  if (age >= BEHIND_MS) said.push(words.t("bar.backlog", { age: (age / 1000).toFixed(1) }));
  if (total > shed.from) said.push(words.t("bar.shed", { n: total - shed.from }));
  setAttr(el, "data-age-ms", age);
  setAttr(el, "hidden", !said.length);
  setText(el, said.join(" · "));
}

function devices() {
  const el = byId("devices");
  if (!el) return;
  const s = model.sources;
  setText(el, s ? words.t("bar.devices_well", s) : "–");
  setAttr(el.parentElement, "title", s ? words.t("devices.sums", s) : null);
}

/** How much is held back now (shelved, maintenance, roadworks), with the way to its list. */
function held() {
  const el = byId("held");
  if (!el) return;
  const n = model.past === null ? model.counts.held || 0 : 0;
  setAttr(el, "hidden", !n);
  setText(el, words.t("bar.held", { n }));
}

function stale() {
  const banner = byTest("stale-banner");
  const silent = !isTold() && performance.now() > PATIENCE_MS;
  if (silent) setText(banner, words.t("connection.none", { n: Math.round(performance.now() / 1000) }));
  if (silent) return setAttr(banner, "hidden", null);
  const old = isStale() && Number.isFinite(time.live());
  setAttr(banner, "hidden", !old);
  if (!old) return;
  const n = Math.round(Math.max(link.quietMs, link.oldMs) / 1000);
  setText(banner, words.t(link.up ? "connection.old" : "connection.stale", { n }));
}

function person() {
  const { user, role } = document.body.dataset;
  setText(
    byId("person"),
    [words.has(`role.${role}`) ? words.t(`role.${role}`) : "", model.user || user].filter(Boolean).join(" "),
  );
  for (const code of ["ko", "en"])
    setAttr(byTest(`lang-${code}`), "aria-pressed", words.lang() === code ? "true" : "false");
  const sim = byId("simulated");
  const said = ["simulated", "exercise"].filter((name) => model.health[name]).map((name) => words.t(`bar.${name}`));
  setAttr(sim, "hidden", !said.length);
  setText(sim, said.join(" · "));
}

/** The hour of today, with its day when it was another one. */
const begun = (at) =>
  time.full(at).slice(0, 10) === time.full(time.now()).slice(0, 10) ? time.hms(at).slice(0, 5) : time.full(at).slice(5, 16);

// A heat or cold warning: what, where and since when; the short half stays on a narrow screen, the title says it all.
function crisis() {
  const el = byId("crisis");
  const rows = model.crisis || [];
  setAttr(el, "hidden", !rows.length);
  if (!rows.length) return;
  const [first] = rows;
  setAttr(el, "data-level", first.level);
  const told = rows.map((r) => ({
    head: words.t(`crisis.${r.level}`, { what: words.code("why", r.value) }),
    more: words.t("crisis.where", { area: r.area, since: begun(r.since_ms), n: r.homes }),
  }));
  const text = JSON.stringify(told[0]);
  if (el.dataset.said !== text) {
    el.dataset.said = text;
    el.replaceChildren(h("b", {}, told[0].head), h("span", {}, told[0].more));
  }
  setAttr(el, "title", [...told.map((one) => `${one.head} ${one.more}`), words.t("crisis.means")].join("\n"));
}

function paint() {
  clock();
  crisis();
  counts();
  line();
  latency();
  backlog();
  devices();
  held();
  stale();
  person();
}

async function menu() {
  const nav = byId("pages");
  if (!nav.hidden) {
    nav.hidden = true;
    return;
  }
  const answer = await fetch("/api/v1/me");
  const me = answer.ok ? await answer.json() : { pages: [] };
  const links = me.pages
    .filter((p) => !p.path.includes("<") || p.name === "school")
    .map((p) => ({ name: p.name, path: p.path.replace("<zone>", me.scope || "") }))
    .map((p) =>
      h("a", { href: p.path, "aria-current": p.path === location.pathname ? "page" : null }, words.t(`page.${p.name}`)),
    );
  const shift = byId("shift");
  const change = () => {
    nav.hidden = true;
    shift.click();
  };
  if (shift && !shift.hidden)
    links.push(h("button", { type: "button", id: "menu-shift", onclick: change }, words.t("shift.title"), h("kbd", {}, "H")));
  nav.replaceChildren(...links);
  nav.hidden = false;
  if (links[0]) links[0].focus();
}

/** Escape closes the menu and nothing behind it. */
function escape(event) {
  const nav = byId("pages");
  if (event.code !== "Escape" || nav.hidden) return;
  event.stopPropagation();
  nav.hidden = true;
  byId("menu").focus();
}

async function leave() {
  await fetch("/api/v1/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  location.href = "/login";
}

/** Changes the language: the choice is a cookie; everything drawn by us is drawn again, frames by Dash on the next load. */
async function speak(lang) {
  await words.load(lang);
  words.apply();
  document.body.dataset.lang = lang;
  mark("bar", "queue", "panel", "notice", "strip", "map", "page");
  document.dispatchEvent(new CustomEvent("gwanje:lang"));
}

export function start() {
  for (const el of document.querySelectorAll("[data-icon]")) el.replaceChildren(icon(el.dataset.icon));
  paints("bar", paint);
  on("change", () => mark("bar"));
  on("reset", () => mark("bar"));
  onLink("link", () => mark("bar"));
  onLink("beat", () => mark("bar"));
  onLink("bye", ({ reason }) => {
    if (reason === "build") location.reload();
    else location.href = `/login?why=${encodeURIComponent(reason || "")}&next=${encodeURIComponent(location.pathname + location.search)}`;
  });
  setInterval(() => {
    const second = Math.floor(time.now() / 1000);
    if (second === lastSecond) return;
    lastSecond = second;
    mark("bar", "ages");
  }, 100);
  byId("menu").addEventListener("click", menu);
  document.addEventListener("keydown", escape, true);
  byId("leave").addEventListener("click", leave);
  document.addEventListener("click", (e) => {
    if (!e.target.closest("#pages, #menu")) byId("pages").hidden = true;
  });
  for (const code of ["ko", "en"]) byTest(`lang-${code}`).addEventListener("click", () => speak(code));
  mark("bar");
}
