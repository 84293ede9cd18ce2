// One incident on a page of its own: the panel and the map, also when it has left the queue.

import { h } from "../live/dom.js";
import { mark } from "../live/loop.js";
import { flyTo } from "../live/map.js";
import { model, on, adopt } from "../live/model.js";
import { byTest } from "../live/dom.js";
import { t } from "../live/words.js";

export async function start() {
  const id = document.querySelector(".one-incident").dataset.id;
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(id)}`);
  if (!answer.ok) {
    byTest("incident-panel").replaceChildren(h("p", { class: "empty" }, t("error.not_found")));
    return;
  }
  adopt(await answer.json());
  let flown = false;
  const fly = () => {
    if (flown || !document.querySelector("[data-drawn]")) return;
    flown = true;
    flyTo(model.selected);
  };
  on("change", fly);
  on("reset", fly);
  mark("panel");
}
