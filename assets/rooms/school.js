// The board in a teachers' room: today's counts of this zone, the week, what is so now, one sentence. Small numbers are
// hidden and all of it is late by design; when the line is lost everything turns grey with its time.

import { byId, h, icon, once, setAttr, setText } from "../live/dom.js";
import { isStale, on as onLink } from "../live/link.js";
import { mark, paints } from "../live/loop.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, lang, t } from "../live/words.js";

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
let board = null;

const hhmm = (text) => time.hms(Date.parse(text)).slice(0, 5);

const said = (row) => (row.few ? t("school.few") : row.n === null ? t("school.no_day") : t("school.n", { n: row.n }));

function tile(row) {
  return h(
    "div",
    { class: "tile", "data-what": row.what },
    h("span", { class: "tile-name" }, code("school", row.what)),
    h("b", { class: row.few ? "tile-n tile-few" : "tile-n" }, said(row)),
  );
}

/** A bar a day; a day with hidden counts has a hatched end, a day without a record none. */
function bar(row, most) {
  const share = row.n === null ? 0 : Math.round((100 * row.n) / most);
  const weekday = t(`school.${WEEKDAYS[new Date(`${row.day}T12:00:00+09:00`).getUTCDay()]}`);
  const said = row.n === null ? t("school.no_day") : row.n ? String(row.n) : t("school.few");
  const label = `${row.day} ${said}`;
  return h(
    "li",
    { title: label, "aria-label": label },
    h("b", {}, said),
    h("i", { class: row.few ? "few" : "", style: `height:${row.n === null ? 0 : Math.max(share, 2)}%` }),
    h("span", {}, `${weekday} ${Number(row.day.slice(8))}`),
  );
}

function week() {
  const most = Math.max(10, ...board.week.map((row) => row.n || 0));
  return h(
    "section",
    { class: "week" },
    h("h2", {}, t("school.week")),
    // A board that is new has no bars: seven dashes alone look like a fault.
    board.week.every((row) => row.n === null) ? h("p", { class: "week-none" }, t("school.week_none")) : h("ol", { class: "bars" }, board.week.map((row) => bar(row, most))),
  );
}

function parked() {
  if (board.state === "unheard") return t("school.no_day"); // nobody looked: that is not "none"
  return t(board.now.parking ? "school.there_is" : "school.there_is_none");
}

function now() {
  const weather = board.weather.map((w) => t(`crisis.${w.level}`, { what: code("why", w.value) }));
  const rows = [
    ["parking", parked(), board.now.parking],
    ["works", board.now.works ? t("school.under_way") : t("school.there_is_none"), board.now.works],
    weather.length ? ["weather", weather.join(", "), true] : null,
    board.home ? ["home", board.home.school ? hhmm(board.home.at) : t("school.no_school"), false] : null,
  ].filter(Boolean);
  return h(
    "section",
    { class: "board-now" },
    h("h2", {}, t("school.now")),
    h("dl", {}, rows.flatMap(([name, said, on_]) => [h("dt", {}, t(`school.${name}`)), h("dd", { class: on_ ? "on" : null }, said)])),
  );
}

function empty(host, key) {
  host.replaceChildren(
    h("h1", {}, board ? board.name : ""),
    h("div", { class: "board-empty" }, icon("camera"), h("p", {}, t(`school.${key}`)), h("p", { class: "hint" }, t(`school.${key}_hint`))),
  );
}

function draw(host) {
  host.replaceChildren(
    h("header", { class: "board-head" }, h("h1", {}, board.name), h("p", { class: "board-time" })),
    h("p", { class: "board-say" }),
    h("section", {}, h("h2", {}, t("school.today")), h("div", { class: "tiles" }, board.today.map(tile))),
    h("div", { class: "board-low" }, week(), now()),
    h("p", { class: "hint" }, t("school.rule")),
  );
}

function paint() {
  const host = byId("board");
  document.documentElement.classList.add("light");
  if (!board) {
    once(host, `waiting ${lang()}`, () => host.replaceChildren(h("p", { class: "empty" }, t("school.waiting"))));
    return;
  }
  const old = isStale() || board.state !== "live";
  setAttr(host, "data-stale", old ? "1" : "0");
  setAttr(host, "data-state", board.state);
  once(host, `${lang()} ${JSON.stringify({ ...board, as_of: "" })}`, () =>
    board.state === "none" ? empty(host, "none") : draw(host),
  );
  if (board.state === "none") return;
  setText(host.querySelector(".board-time"), t("school.as_of", { time: hhmm(board.as_of) }));
  const why = isStale() ? "stale" : board.state;
  setText(
    host.querySelector(".board-say"),
    old ? t(`school.${why}`, { time: hhmm(board.as_of) }) : t(`school.advice_${board.advice}`),
  );
}

function take(body) {
  if (!body || !body.school) return;
  board = body.school;
  mark("page");
}

export async function start() {
  paints("page", paint);
  const zone = byId("board").dataset.zone;
  on("reset", take);
  onLink("beat", take);
  onLink("link", () => mark("page"));
  onLink("beat", (beat) => beat || mark("page"));
  const answer = await fetch(`/api/v1/school/${encodeURIComponent(zone)}`);
  if (answer.ok) board = await answer.json();
  mark("page");
}
