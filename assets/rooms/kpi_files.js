// The table and the report as files: what is being fetched, that it is there, or that it could not be had, is said on
// the button that was pressed (its width stays) and to whoever listens.

import { h, setAttr, setText } from "../live/dom.js";
import { t } from "../live/words.js";

const KEPT_MS = 60000; // the browser has the file long before
const SAID_MS = 5000; // how long the end is said on the button

function say(link, spoken, key, name = "") {
  setText(link, t(`kpi.file_${key}`));
  setText(spoken, `${t(`kpi.file_${key}`)} ${name}`);
}

async function fetched(link, spoken) {
  link.style.minWidth = `${link.offsetWidth}px`;
  setAttr(link, "aria-disabled", "true");
  say(link, spoken, "waits");
  const answer = await fetch(link.href).catch(() => null);
  if (answer && answer.ok) {
    const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
    const url = URL.createObjectURL(await answer.blob());
    h("a", { href: url, download: named ? named[1] : "" }).click();
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    say(link, spoken, "there", named ? named[1] : "");
  } else say(link, spoken, "broken");
  setAttr(link, "aria-disabled", null);
  setTimeout(() => link.hasAttribute("aria-disabled") || setText(link, t(link.dataset.word)), SAID_MS);
}

/** A press on one of these links fetches its file; `spoken` is read aloud. */
export function asFiles(links, spoken) {
  for (const link of links) {
    link.addEventListener("click", (e) => {
      e.preventDefault();
      if (!link.hasAttribute("aria-disabled")) fetched(link, spoken);
    });
  }
}
