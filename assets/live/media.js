// Pictures and clips that devices named: a still is fetched by the server on a press (and the look is on record), what
// it may not fetch stands here as a name.

import { h, once } from "./dom.js";
import { model } from "./model.js";
import * as time from "./time.js";
import { lang, t } from "./words.js";

let told = { id: "", items: [] };

/** Asks what there is; nothing is fetched of it. */
async function ask(v, host) {
  told = { id: v.id, items: [] };
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(v.id)}/media`).catch(() => null);
  if (!answer || !answer.ok || told.id !== v.id) return;
  told.items = (await answer.json()).items;
  draw(v, host);
}

function still(v, one) {
  const box = h("div", { class: "still" });
  const look = () => {
    const img = h("img", { src: `/api/v1/incidents/${encodeURIComponent(v.id)}/media/${one.n}`, alt: t("media.snapshot") });
    img.addEventListener("error", () => box.replaceChildren(h("p", { class: "hint" }, t("error.no_picture"))));
    box.replaceChildren(img);
  };
  box.append(h("button", { type: "button", onclick: look, disabled: model.past !== null }, t("media.look")));
  return box;
}

function draw(v, host) {
  host.hidden = !told.items.length;
  const row = (one) =>
    h(
      "li",
      {},
      h("time", {}, time.hms(one.at_ms)),
      h("span", {}, [t(`media.${one.kind}`), one.source].filter(Boolean).join(" · ")),
      one.open ? still(v, one) : h("p", { class: "hint" }, `${one.name} – ${t("media.closed")}`),
    );
  host.replaceChildren(h("h3", {}, t("media.title")), h("ul", { class: "media" }, told.items.map(row)));
}

// A liaison's view tells no domain: there, what happened at a site of sensors may have pictures.
const pictured = (v) => (v.domain ? v.domain === "road" || v.domain === "cross" : Boolean(v.place && v.place.site));

/** The part of the panel about pictures; gone where nobody named any. */
export function media(host, v) {
  once(host, `${v.id} ${v.detections ? v.detections.length : v.revision} ${lang()} ${model.past}`, () => {
    host.hidden = true;
    if (pictured(v)) ask(v, host);
  });
}
