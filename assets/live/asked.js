// An agency has said or asked something: heard once like a P2 and spoken, wherever this screen looks; the row, the marks
// and the talk say so until somebody answers it, or says that it needs no answer.

import { byId, setText } from "./dom.js";
import * as say from "./describe.js";
import { model, on } from "./model.js";
import { play } from "./sound.js";
import { waiting } from "./talk.js";
import { code, t } from "./words.js";

const known = new Map(); // incident -> messages without an answer, as known last

const count = (v) => (v.talk || []).reduce((n, x) => n + (x.waits || 0), 0);

function more(changes) {
  for (const { id, incident: v } of changes) {
    const before = known.get(id) || 0;
    if (!v || !count(v)) known.delete(id);
    else known.set(id, count(v));
    if (model.past !== null || (known.get(id) || 0) <= before) continue;
    play(2);
    const who = waiting(v).map((a) => code("agency", a)).join(" ");
    setText(byId("spoken"), `${who} ${t("talk.waits")}. ${say.kind(v)} ${say.place(v)}`);
  }
}

export function start() {
  on("change", more);
  on("reset", () => {
    known.clear();
    for (const v of model.incidents.values()) if (count(v)) known.set(v.id, count(v));
  });
}
