// The board in a teachers' room: today's counts of this zone, small numbers hidden, late by design; old data says so.

import { byId, h } from "../live/dom.js";
import { isStale, on as onLink } from "../live/link.js";
import { mark, paints } from "../live/loop.js";
import { on } from "../live/model.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";

let board = null;

const shown = (row) => (row.few ? t("school.few") : t("school.n", { n: row.n ?? 0 }));

const tile = (name, count) =>
  h("div", { class: "tile" }, h("span", { class: "tile-name" }, name), h("b", { class: "tile-n" }, shown(count)));

function sentence() {
  const most = [...board.counts].filter((c) => !c.few && c.n).sort((a, b) => b.n - a.n)[0];
  if (!board.counts.length) return t("school.quiet");
  return most ? t("school.most", { kind: code("kind", most.kind) }) : t("school.some");
}

function paint() {
  const host = byId("board");
  document.documentElement.classList.add("light");
  if (!board) {
    host.replaceChildren(h("p", { class: "empty" }, t("school.waiting")));
    return;
  }
  const tiles = board.counts.map((c) => tile(code("kind", c.kind), c));
  const asOf = Date.parse(board.as_of);
  host.replaceChildren(
    h("h1", {}, t("school.title", { zone: board.name || board.zone })),
    h(
      "p",
      { class: "board-say", "data-stale": isStale() ? "1" : "0" },
      isStale() ? t("school.stale", { time: time.hms(asOf) }) : sentence(),
    ),
    h("div", { class: "tiles" }, board.total.few ? null : tile(t("school.total"), board.total), tiles),
    h("p", { class: "hint" }, t("school.note", { time: time.hms(asOf) })),
  );
}

function take(body) {
  if (!body || !body.school) return;
  board = { ...board, ...body.school };
  mark("page");
}

export async function start() {
  paints("page", paint);
  const zone = byId("board").dataset.zone;
  on("reset", take);
  onLink("beat", take);
  onLink("link", () => mark("page"));
  const [answer, city] = await Promise.all([
    fetch(`/api/v1/school/${encodeURIComponent(zone)}`),
    fetch("/api/v1/city"),
  ]);
  if (answer.ok) board = await answer.json();
  if (board && city.ok) {
    const found = (await city.json()).features.find((f) => f.properties.kind === "zone" && f.properties.id === zone);
    if (found) board.name = found.properties.name;
  }
  mark("page");
}
