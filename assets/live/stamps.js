// Stamps the first paint of each new alarm and reports it: this is the KPI from detection to popup.

import { link, reportPaint } from "./link.js";
import { painted } from "./loop.js";
import { isNotice, model, on } from "./model.js";

export function start() {
  on("fresh", (views, first) => {
    if (first || model.past !== null || document.hidden || !link.up) return; // nothing is painted in a hidden tab
    const ids = views.filter((v) => !isNotice(v)).map((v) => v.id);
    if (!ids.length) return;
    painted(() => {
      const at = performance.timeOrigin + performance.now();
      ids.forEach((id) => reportPaint(id, at));
    });
  });
}
