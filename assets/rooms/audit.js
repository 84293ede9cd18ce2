// Who looked at what and when: the records of access, searched in this table.

import { byId, h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, has, t } from "../live/words.js";
import { fill, items } from "./table.js";

const SHOWN = 500;
let records = [];
let filter = { text: "", kind: "" };

function what(r) {
  return [r.body.what, r.body.purpose, r.body.code, r.body.incident]
    .filter(Boolean)
    .map((x) => (has(`role.${x}`) ? t(`role.${x}`) : code("access", x)))
    .join(" · ");
}

const hay = (r) => `${r.by} ${r.subject} ${r.kind} ${JSON.stringify(r.body)}`.toLowerCase();

function draw() {
  const text = filter.text.toLowerCase();
  const found = records.filter((r) => (!filter.kind || r.kind === filter.kind) && (!text || hay(r).includes(text)));
  fill(
    "audit-table",
    found.slice(0, SHOWN).map((r) => ({
      attrs: { "data-seq": r.seq },
      cells: [time.full(time.ms(r.at)), code("record", r.kind), r.by, r.subject, what(r)],
    })),
  );
  byId("audit-sum").textContent = t("audit.sum", { n: found.length, all: records.length });
}

function form() {
  const text = h("input", {
    type: "search",
    placeholder: t("audit.search"),
    "aria-label": t("audit.search"),
    value: filter.text,
  });
  text.addEventListener("input", () => {
    filter.text = text.value;
    draw();
  });
  const kind = h(
    "select",
    { "aria-label": t("audit.kind") },
    h("option", { value: "" }, t("audit.any")),
    ["access.looked", "access.login", "access.refused"].map((k) => h("option", { value: k }, code("record", k))),
  );
  kind.addEventListener("change", () => {
    filter.kind = kind.value;
    draw();
  });
  byId("search").replaceChildren(
    h(
      "form",
      { class: "line-form", onsubmit: (e) => e.preventDefault() },
      text,
      kind,
      h("span", { id: "audit-sum", class: "quiet" }),
    ),
  );
}

export async function start() {
  form();
  records = (await items("/api/v1/access", 20000)).reverse();
  draw();
  document.addEventListener("gwanje:lang", () => {
    form();
    draw();
  });
}
