// The table and the report as files: what is being fetched, that it is there, or that it could not be had, is said.

import { h, setAttr, setText } from "../live/dom.js";
import { t } from "../live/words.js";

const KEPT_MS = 60000; // the browser has the file long before

async function fetched(link, state) {
  setAttr(link, "aria-disabled", "true");
  setText(state, t("kpi.file_waits"));
  const answer = await fetch(link.href).catch(() => null);
  setAttr(link, "aria-disabled", null);
  if (!answer || !answer.ok) return setText(state, t("kpi.file_broken"));
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
  const name = named ? named[1] : "";
  const url = URL.createObjectURL(await answer.blob());
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
  setText(state, t("kpi.file_there", { name }));
}

/** A press on one of these links fetches its file and says in `state` how that goes. */
export function asFiles(links, state) {
  for (const link of links) {
    link.addEventListener("click", (e) => {
      e.preventDefault();
      if (!link.hasAttribute("aria-disabled")) fetched(link, state);
    });
  }
}
