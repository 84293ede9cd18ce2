// The notice over the map of new P1 and of what is called to this screen since nobody looked: one for all, stays until
// acknowledged, not modal. Also title badge, live region.

import { byId, h, setAttr, setText, shape } from "./dom.js";
import { acknowledge } from "./commands.js";
import * as say from "./describe.js";
import { on as onLink } from "./link.js";
import { mark, paints } from "./loop.js";
import { isCalledHere, isCalling, model, on, ordered, openedMs } from "./model.js";
import { choose } from "./queue.js";
import { flyTo } from "./map.js";
import * as time from "./time.js";
import { t } from "./words.js";

const SHOWN = 3;
let drawn = "";

const urgent = () => (model.past !== null ? [] : ordered("new").filter((v) => isCalling(v) && (v.p === 1 || isCalledHere(v))));

function line(view) {
  const n = (view.detections || []).length;
  return h(
    "div",
    { class: "notice-line", "data-called": isCalledHere(view) ? view.call : null },
    shape(view.p),
    h("b", {}, say.kind(view)),
    isCalledHere(view) ? h("span", { class: "tag tag-bad" }, t(`notice.call_${view.call}`)) : null,
    h("span", { class: "notice-place" }, say.place(view)),
    h("span", { class: "notice-n" }, t("notice.evidence", { n })),
    h("span", { class: "notice-age", "data-opened": openedMs(view) }, time.age(openedMs(view))),
    h(
      "button",
      {
        type: "button",
        class: "primary",
        onclick: () => {
          choose(view.id);
          acknowledge(view);
        },
      },
      t("verb.acknowledge"),
      h("kbd", {}, "A"),
    ),
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          choose(view.id);
          flyTo(view);
        },
      },
      t("notice.map"),
      h("kbd", {}, "M"),
    ),
  );
}

function paint() {
  const host = byId("notice");
  if (!host) return;
  const views = urgent();
  const stamp = views.map((v) => `${v.id}/${v.revision}/${v.call}`).join() + document.documentElement.lang;
  setAttr(host, "hidden", !views.length);
  if (stamp !== drawn) {
    drawn = stamp;
    const rest =
      views.length > SHOWN ? [h("div", { class: "notice-rest" }, t("notice.rest", { n: views.length - SHOWN }))] : [];
    host.replaceChildren(...views.slice(0, SHOWN).map(line), ...rest);
  }
  for (const el of host.querySelectorAll(".notice-age")) setText(el, time.age(Number(el.dataset.opened)));
}

/** Title badge and live region hang on the socket's event, not on paint: frames stop in hidden tabs. */
function badge() {
  const n = [...model.incidents.values()].filter(isCalling).length;
  const title = `${n && model.past === null ? `(${n}) ` : ""}${t("bar.title")}`;
  if (document.title !== title) document.title = title;
}

function speak(views, first) {
  const loud = views.filter((v) => isCalling(v) && v.p <= 2);
  if (first || !loud.length) return;
  setText(
    byId("spoken"),
    loud
      .slice(0, 3)
      .map((v) => `${say.priority(v)} ${say.kind(v)} ${say.place(v)}`)
      .join(". "),
  );
}

export function start() {
  paints("notice", paint);
  on("change", () => {
    mark("notice");
    badge();
  });
  on("reset", () => {
    mark("notice");
    badge();
  });
  on("fresh", speak);
  on("louder", speak);
  onLink("beat", (beat) => {
    if (beat) mark("notice");
  });
  document.addEventListener("gwanje:lang", badge);
}
