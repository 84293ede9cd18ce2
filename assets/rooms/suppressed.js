// What is held back now, in one list: shelved, maintenance, roadworks, silent in a flood, chatter; and a form for windows.

import { source } from "../live/describe.js";
import { byId, h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { choice, fill, items, post } from "./table.js";

const HOURS = [0.5, 1, 2, 4, 8, 24, 72, 168];
const REASONS = ["installation", "sensor_fault", "drill", "known_work", "other"];
const WINDOWS = ["maintenance", "roadworks"];
let rows = [];
let known = { maintenance: [], roadworks: [] };
let changed = async () => {}; // what the page does when a window was set or ended

const hours = (n) => (n < 1 ? t("unit.minutes", { n: n * 60 }) : t("unit.hours", { n }));

/** The way back: a window is ended here, an incident is opened and judged there. */
function undo(row) {
  if (!WINDOWS.includes(row.what)) return h("a", { href: `/incident/${row.subject}` }, t("suppressed.look"));
  const end = async () => {
    if (!(await post("/api/v1/windows/end", { what: row.what, subject: row.subject }))) return;
    await load();
    await changed();
  };
  return h("button", { type: "button", onclick: end }, t("suppressed.end"));
}

function line(row) {
  return {
    attrs: { "data-suppressed": row.what, "data-subject": row.subject },
    cells: [
      code("suppressed", row.what),
      [row.kind && code("kind", row.kind), source(row.subject)].filter(Boolean).join(" · "),
      row.by === "engine" ? t("suppressed.by_itself") : `${row.by} · ${code("reason", row.reason)}`,
      `${time.hms(row.since_ms)} (${time.age(row.since_ms)})`,
      row.until_ms ? time.full(row.until_ms) : "–",
      String(row.n),
      undo(row),
    ],
  };
}

function form() {
  const what = choice(WINDOWS, t("suppressed.what"), (w) => code("suppressed", w));
  const list = h("datalist", { id: "window-subjects" });
  const offer = () => list.replaceChildren(...known[what.value].map((id) => h("option", { value: source(id) })));
  const subject = h("input", {
    required: true,
    maxlength: 80,
    list: "window-subjects",
    autocomplete: "off",
    placeholder: t("suppressed.where"),
    "aria-label": t("suppressed.where"),
  });
  const length = choice(HOURS, t("more.minutes"), hours);
  const reason = choice(REASONS, t("sheet.reason"), (r) => code("reason", r));
  what.addEventListener("change", offer);
  offer();
  const set = async (e) => {
    e.preventDefault();
    const meant = subject.value.trim();
    const id = known[what.value].find((one) => source(one) === meant) || meant;
    const body = { what: what.value, subject: id, reason: reason.value };
    if (!(await post("/api/v1/windows", { ...body, minutes: Number(length.value) * 60 }))) return;
    subject.value = "";
    await load();
    await changed();
  };
  const button = h("button", { type: "submit", class: "primary" }, t("suppressed.set"));
  byId("new-window").replaceChildren(
    h("form", { class: "line-form", onsubmit: set }, what, subject, list, length, reason, button),
  );
}

function draw() {
  fill("suppressed-table", rows.map(line));
}

async function load() {
  rows = await items("/api/v1/suppressed");
  draw();
}

/** Fills the form in for this device, so that only length and reason are left to choose. */
export function maintain(device) {
  const [what, length] = byId("new-window").querySelectorAll("select");
  what.value = "maintenance";
  what.dispatchEvent(new Event("change"));
  byId("new-window").querySelector("input").value = source(device);
  length.scrollIntoView({ block: "center" });
  length.focus();
}

/** Fills the list; `devices` are the rows of the table below it, `then` is called when a window was set or ended. */
export async function start(devices, then) {
  changed = then;
  const places = [...new Set(devices.map((d) => d.of).filter(Boolean))].sort();
  known = { maintenance: devices.map((d) => d.id), roadworks: places.filter((id) => !id.startsWith("HH-")) };
  form();
  await load();
  document.addEventListener("gwanje:lang", () => {
    form();
    draw();
  });
}
