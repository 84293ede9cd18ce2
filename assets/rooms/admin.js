// Accounts: the list, a new one, another role, shutting one. Nobody but its owner ever knows a password: a new account and
// a lost password get a secret that is shown here once.

import { byId, h } from "../live/dom.js";
import * as time from "../live/time.js";
import { code, t } from "../live/words.js";
import { pending } from "./proposals.js";
import { choice, fill, items, once, post, twice } from "./table.js";
import * as tokens from "./admin_tokens.js";

const ROLES = ["operator", "supervisor", "liaison_112", "liaison_119", "school", "admin", "auditor"];
let accounts = [];
let waiting = [];
let zones = [];

const path = (a, verb) => `/api/v1/accounts/${encodeURIComponent(a.user)}/${verb}`;
const roles = () => choice(ROLES, t("admin.role"), (r) => code("role", r));
const zoneName = (id) => zones.find((z) => z.id === id)?.name || id;

/** A choice of zone, seen while the role is a school's. */
function zoneOf(role) {
  const scope = choice(zones.map((z) => z.id), t("admin.scope"), zoneName);
  const show = () => {
    scope.hidden = role.value !== "school";
  };
  role.addEventListener("change", show);
  show();
  return scope;
}

async function reset(user) {
  const made = await post(path({ user }, "reset"), {});
  if (made) once("account-secret", t("admin.secret", { user, until: time.full(made.until_ms) }), made.secret);
}

/** Another role is chosen in the row and takes a second press there; one's own account is another admin's to change. */
function role(a) {
  const choose = roles();
  choose.value = a.role;
  const scope = zoneOf(choose);
  scope.value = a.scope || zones[0]?.id;
  const give = async () => {
    if (await post(path(a, "role"), { role: choose.value, scope: scope.hidden ? "" : scope.value })) await load();
  };
  const sure = twice(t("admin.role_give"), t("admin.sure"), give, { hidden: true });
  for (const el of [choose, scope]) {
    el.addEventListener("change", () => {
      sure.hidden = choose.value === a.role && (scope.hidden || scope.value === a.scope);
    });
  }
  return h("div", { class: "acts" }, choose, scope, sure);
}

function acts(a) {
  const again = async () => {
    await reset(a.user);
    await load();
  };
  const turn = (verb) => async () => {
    if (await post(path(a, verb), {})) await load();
  };
  const open = a.disabled
    ? h("button", { type: "button", "data-act": "enable", onclick: turn("enable") }, t("admin.enable"))
    : twice(t("admin.disable"), t("admin.disable_sure"), turn("disable"), { "data-act": "disable" });
  return h("div", { class: "acts" }, twice(t("admin.reset"), t("admin.sure"), again, { "data-act": "reset" }), open);
}

const state = (a) => t(a.disabled ? "admin.disabled" : a.fresh ? "admin.fresh" : "admin.active");

function line(a) {
  const own = a.user === document.body.dataset.user;
  const cells = own
    ? [a.user, code("role", a.role), state(a), h("span", { class: "quiet" }, t("admin.own"))]
    : [a.user, role(a), state(a), acts(a)];
  return { attrs: { "data-user": a.user }, cells };
}

function draw() {
  fill("account-table", accounts.map(line));
  const rows = waiting.map((p) => pending(p, code("rule", p.rule), approvals));
  byId("approvals").replaceChildren(...(rows.length ? rows : [h("p", { class: "quiet" }, t("admin.no_approvals"))]));
  fill("zone-table", zones.map(zone));
}

function form() {
  const label = t("admin.user");
  const user = h("input", { name: "user", required: true, maxlength: 64, autocomplete: "off", placeholder: label, "aria-label": label });
  const choose = roles();
  const scope = zoneOf(choose);
  const add = async (e) => {
    e.preventDefault();
    const body = { user: user.value.trim(), role: choose.value, scope: scope.hidden ? "" : scope.value };
    const made = await post("/api/v1/accounts", body);
    if (!made) return;
    e.target.reset();
    await reset(made.user);
    await load();
  };
  const button = h("button", { type: "submit", class: "primary" }, t("admin.add"));
  byId("new-account").replaceChildren(h("form", { class: "line-form", onsubmit: add }, user, choose, scope, button));
}

/** A zone's limits: the one that holds always, then those of certain hours. */
function zone(z) {
  const kph = (n) => t("unit.kph", { n });
  const hours = z.limits.map((l) => `${l.from}–${l.to} ${kph(l.kph)}`).join(", ");
  return { attrs: { "data-zone": z.id }, cells: [z.name, z.id, kph(z.limit_kph), hours || t("admin.no_hours"), String(z.sites)] };
}

/** Changes of rules that wait for a second person: an administrator may be that person. */
async function approvals() {
  waiting = await items("/api/v1/rules/proposals");
  draw();
}

async function load() {
  accounts = await items("/api/v1/accounts");
  draw();
}

export async function start() {
  zones = await items("/api/v1/zones");
  form();
  await Promise.all([load(), approvals(), tokens.start(zones)]);
  document.addEventListener("gwanje:lang", () => {
    form();
    draw();
  });
}
