// Accounts: the list, a new one, shutting one. A password is shown to nobody and typed once.

import { byId, h } from "../live/dom.js";
import { code, t } from "../live/words.js";
import { pending } from "./proposals.js";
import { fill, items, post } from "./table.js";

const ROLES = ["operator", "supervisor", "liaison_112", "liaison_119", "school", "admin", "auditor"];
let accounts = [];
let waiting = [];
let asked = "";

/** Shutting an account cuts a person off: the second press within the row does it. */
function shut(a) {
  if (a.disabled) return "";
  const sure = asked === a.user;
  return h(
    "button",
    {
      type: "button",
      class: sure ? "danger" : "",
      onclick: async () => {
        if (!sure) {
          asked = a.user;
          return draw();
        }
        asked = "";
        if (await post(`/api/v1/accounts/${encodeURIComponent(a.user)}/disable`, {})) await load();
      },
    },
    t(sure ? "admin.disable_sure" : "admin.disable"),
  );
}

function draw() {
  fill(
    "account-table",
    accounts.map((a) => ({
      attrs: { "data-user": a.user },
      cells: [a.user, code("role", a.role), a.scope || "", t(a.disabled ? "admin.disabled" : "admin.active"), shut(a)],
    })),
  );
}

function form() {
  const user = h("input", {
    name: "user",
    required: true,
    maxlength: 64,
    autocomplete: "off",
    placeholder: t("admin.user"),
    "aria-label": t("admin.user"),
  });
  const password = h("input", {
    name: "password",
    type: "password",
    required: true,
    autocomplete: "new-password",
    placeholder: t("admin.password"),
    "aria-label": t("admin.password"),
  });
  const role = h(
    "select",
    { "aria-label": t("admin.role") },
    ROLES.map((r) => h("option", { value: r }, code("role", r))),
  );
  const scope = h("input", {
    name: "scope",
    maxlength: 64,
    placeholder: t("admin.scope"),
    "aria-label": t("admin.scope"),
    hidden: true,
  });
  role.addEventListener("change", () => {
    scope.hidden = role.value !== "school";
  });
  const add = async (e) => {
    e.preventDefault();
    const made = await post("/api/v1/accounts", {
      user: user.value.trim(),
      password: password.value,
      role: role.value,
      scope: scope.hidden ? "" : scope.value.trim(),
    });
    if (!made) return;
    e.target.reset();
    await load();
  };
  byId("new-account").replaceChildren(
    h(
      "form",
      { class: "line-form", onsubmit: add },
      user,
      password,
      role,
      scope,
      h("button", { type: "submit", class: "primary" }, t("admin.add")),
    ),
  );
}

/** Changes of rules that wait for a second person: an administrator may be that person. */
async function approvals() {
  waiting = await items("/api/v1/rules/proposals");
  drawApprovals();
}

function drawApprovals() {
  const rows = waiting.map((p) => pending(p, code("rule", p.rule), approvals));
  byId("approvals").replaceChildren(...(rows.length ? rows : [h("p", { class: "quiet" }, t("admin.no_approvals"))]));
}

async function load() {
  accounts = await items("/api/v1/accounts");
  draw();
}

export async function start() {
  form();
  await load();
  await approvals();
  document.addEventListener("gwanje:lang", () => {
    drawApprovals();
    form();
    draw();
  });
}
