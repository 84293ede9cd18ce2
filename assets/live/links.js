// Links that open one incident for one agency and end by themselves: make one, see those that hold, end them.

import { h, once } from "./dom.js";
import { why } from "./commands.js";
import * as time from "./time.js";
import { toast } from "./toast.js";
import { lang, t } from "./words.js";

const HOURS = [1, 4, 12, 24];
const base = (v) => `/api/v1/incidents/${encodeURIComponent(v.id)}/links`;

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  const data = answer ? await answer.json() : { code: "no_link" };
  if (!answer || !answer.ok) toast(why(data), "bad");
  return answer && answer.ok ? data : null;
}

async function list(host, v, agency) {
  const answer = await fetch(base(v));
  if (!answer.ok) return;
  const rows = (await answer.json()).items.filter((x) => x.agency === agency);
  host.replaceChildren(
    ...rows.map((x) =>
      h(
        "li",
        {},
        h("span", {}, t("link.until", { name: x.name, time: time.full(time.ms(x.until)).slice(0, 16) })),
        h(
          "button",
          {
            type: "button",
            onclick: async () => {
              if (await post(`${base(v)}/${encodeURIComponent(x.name)}/revoke`, {})) list(host, v, agency);
            },
          },
          t("link.revoke"),
        ),
      ),
    ),
  );
}

/** Draws the part into `host`: closed until it is wanted. */
export function links(host, v, agency) {
  once(host, `${v.id} ${agency} ${lang()}`, () => {
    const rows = h("ul", { class: "link-rows" });
    const made = h("div", { class: "link-made", role: "status" });
    const hours = h("select", { "aria-label": t("link.hours") }, HOURS.map((n) => h("option", { value: n }, t("unit.hours", { n }))));
    const make = async () => {
      const got = await post(base(v), { agency, hours: Number(hours.value) });
      if (!got) return;
      const url = location.origin + got.url;
      const field = h("input", { readonly: true, value: url, "aria-label": t("link.url"), "data-testid": "link-url" });
      made.replaceChildren(h("p", {}, t("link.once")), field);
      field.focus();
      field.select();
      list(rows, v, agency);
    };
    const body = h(
      "details",
      { ontoggle: (e) => e.target.open && list(rows, v, agency) },
      h("summary", {}, t("link.title")),
      h("p", { class: "hint" }, t("link.about")),
      h("div", { class: "form-end" }, hours, h("button", { type: "button", "data-testid": "link-make", onclick: make }, t("link.make"))),
      made,
      rows,
    );
    host.replaceChildren(body);
  });
}
