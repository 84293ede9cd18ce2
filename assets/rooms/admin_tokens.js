// Tokens: what may feed events, and which school boards open by a link. Each is shown once, when it is made.

import { byId, h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { choice, fill, items, once, post, twice } from "./table.js";

const DAYS = [30, 90, 365, 730];
let tokens = [];
let zones = [];

function line(token) {
  const end = async () => {
    if (await post(`/api/v1/tokens/${encodeURIComponent(token.name)}/revoke`, {})) await load();
  };
  return {
    attrs: { "data-token": token.name },
    cells: [
      token.name,
      code("role", token.role),
      token.prefix === "/" ? t("admin.all_sources") : zones.find((z) => z.id === token.prefix)?.name || token.prefix,
      time.full(token.created_ms),
      token.until_ms ? time.full(token.until_ms) : t("admin.no_end"),
      twice(t("admin.revoke"), t("admin.sure"), end),
    ],
  };
}

function draw() {
  fill("token-table", tokens.map(line));
}

/** What the new token is bound to: the beginning of its sources' names, or the zone of its board. */
function bound(role) {
  const label = t("admin.prefix");
  const prefix = h("input", { name: "prefix", maxlength: 128, value: "/device/", placeholder: label, "aria-label": label });
  const zone = choice(zones.map((z) => z.id), t("admin.scope"), (id) => zones.find((z) => z.id === id).name);
  const show = () => {
    prefix.hidden = role.value === "board";
    zone.hidden = !prefix.hidden;
  };
  role.addEventListener("change", show);
  show();
  return { prefix, zone, value: () => (prefix.hidden ? zone.value : prefix.value.trim()) };
}

function told(made, role, prefix) {
  const link = `${location.origin}/school/${prefix}?board=${made.token}`;
  once("token-secret", t("admin.token_made", { name: made.name, until: time.full(made.until_ms) }), role === "board" ? link : made.token);
}

function form() {
  const label = t("admin.token_name");
  const name = h("input", { name: "token", required: true, maxlength: 64, pattern: "[a-z0-9][a-z0-9._\\-]*", title: t("admin.name_is"), autocomplete: "off", placeholder: label, "aria-label": label });
  const role = choice(["device", "board"], t("admin.token_kind"), (r) => code("role", r));
  const { prefix, zone, value } = bound(role);
  const days = choice(DAYS, t("admin.days"), (n) => t("unit.days", { n }));
  days.value = 365;
  const make = async (e) => {
    e.preventDefault();
    const body = { name: name.value.trim(), role: role.value, prefix: value(), days: Number(days.value) };
    const made = await post("/api/v1/tokens", body);
    if (!made) return;
    name.value = "";
    told(made, body.role, body.prefix);
    await load();
  };
  const button = h("button", { type: "submit", class: "primary" }, t("admin.make"));
  byId("new-token").replaceChildren(h("form", { class: "line-form", onsubmit: make }, name, role, prefix, zone, days, button));
}

async function load() {
  tokens = await items("/api/v1/tokens");
  draw();
}

export async function start(known) {
  zones = known;
  form();
  await load();
  document.addEventListener("gwanje:lang", () => {
    form();
    draw();
  });
}
