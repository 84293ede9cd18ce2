// The one entry: loads the words, starts what this page has, and says when its first full content is on the screen.

import * as words from "./live/words.js";
import { painted, mark } from "./live/loop.js";
import { on } from "./live/model.js";

const OPERATOR = ["bar", "queue", "panel", "notice", "sound", "stamps", "strip", "keys", "note", "sheets", "byhand", "shift"];
// What each page is made of: modules of live/ (parts that several pages share) and of rooms/ (one page each).
const PAGES = {
  operator: { live: OPERATOR, map: true },
  replay: { live: OPERATOR, map: true },
  wall: { live: ["bar", "sound", "stamps"], map: true, room: "wall" },
  incident: { live: ["bar", "panel", "sheets", "note", "keys"], map: true, room: "incident" },
  liaison: { live: ["bar"], map: true, room: "liaison" },
  kpi: { live: ["bar"], room: "kpi" },
  devices: { live: ["bar"], room: "devices" },
  rules: { live: ["bar"], room: "rules" },
  admin: { live: ["bar"], room: "admin" },
  audit: { live: ["bar"], room: "audit" },
  school: { live: ["bar"], room: "school" },
};

/** Waits until Dash has drawn the page's frame. */
function frame() {
  return new Promise((done) => {
    const look = () => document.getElementById("page");
    if (look()) return done(look());
    const watcher = new MutationObserver(() => look() && (watcher.disconnect(), done(look())));
    watcher.observe(document.body, { childList: true, subtree: true });
  });
}

function ready() {
  painted(() => {
    window.consoleReady = true;
    document.body.setAttribute("data-ready", "1");
  });
}

async function run() {
  const loading = words.load(document.body.dataset.lang || words.chosen());
  const root = await frame();
  const name = root.dataset.page;
  const page = PAGES[name];
  if (!page) return;
  const modules = await Promise.all(page.live.map((m) => import(`./live/${m}.js`)));
  const room = page.room ? await import(`./rooms/${page.room}.js`) : null;
  await loading;
  words.apply(root);
  modules.forEach((m) => m.start(name));
  const waits = [];
  (await import("./live/drill.js")).start();
  if (room) waits.push(room.start(name));
  if (page.map) waits.push((await import("./live/map.js")).start());
  if (root.dataset.live) {
    waits.push(new Promise((done) => on("reset", done)));
    (await import("./live/replay.js")).start(name);
  }
  await Promise.all(waits);
  mark("bar");
  ready();
}

if (document.body.dataset.page !== "login") run();
