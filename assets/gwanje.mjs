// The one entry: loads the words, starts what this page has, and says when its first full content is on the screen.

import * as words from "./live/words.js";
import { open } from "./live/link.js";
import { painted, mark } from "./live/loop.js";
import { on } from "./live/model.js";
import * as valid from "./live/valid.js";

const OPERATOR = ["bar", "queue", "panel", "notice", "sound", "asked", "stamps", "strip", "keys", "note", "sheets", "byhand", "shift", "alert"];
const OFFICE = ["bar", "sound", "alert"]; // a P1 is seen and heard on every page of who may answer it
// What each page is made of: modules of live/ (parts that several pages share) and of rooms/ (one page each).
const PAGES = {
  operator: { live: OPERATOR, map: true },
  replay: { live: OPERATOR, map: true },
  wall: { live: ["bar", "sound", "stamps"], map: true, room: "wall" },
  incident: { live: [...OFFICE, "panel", "sheets", "note", "keys"], map: true, room: "incident" },
  liaison_112: { live: ["bar"], map: true, room: "liaison" },
  liaison_119: { live: ["bar"], map: true, room: "liaison" },
  kpi: { live: OFFICE, room: "kpi" },
  devices: { live: OFFICE, room: "devices" },
  quarantine: { live: OFFICE, room: "quarantine" },
  rules: { live: OFFICE, room: "rules" },
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

/** The page's modules and what they will ask for first, fetched while Dash still draws the frame. */
async function load(page) {
  open();
  const map = page.map ? import("./live/map.js") : null;
  if (map) import("./live/city.js").then((m) => m.ask());
  const shared = ["drill", "replay", ...page.live].map((name) => import(`./live/${name}.js`));
  const room = page.room ? import(`./rooms/${page.room}.js`) : null;
  const [drill, replay, ...modules] = await Promise.all(shared);
  return { drill, replay, modules, room: await room, map: await map };
}

function ready() {
  painted(() => {
    window.consoleReady = true;
    document.body.setAttribute("data-ready", "1");
    document.dispatchEvent(new CustomEvent("gwanje:ready")); // what can wait until the first content stands begins now
  });
}

/** Drafts that lie in this tab are their writer's: who signs in after somebody else finds none of theirs. */
function ownDrafts() {
  const { user } = document.body.dataset;
  if (sessionStorage.getItem("drafts of") === user) return;
  sessionStorage.clear();
  sessionStorage.setItem("drafts of", user);
}

async function run() {
  const page = PAGES[document.body.dataset.page];
  if (!page) return;
  ownDrafts();
  const loading = words.load(document.body.dataset.lang || words.chosen());
  const parts = load(page);
  const root = await frame();
  const name = root.dataset.page;
  const { drill, replay, modules, room, map } = await parts;
  await loading;
  words.apply(root);
  root.dataset.worded = "1"; // painted from here on: a frame without words would move when they come
  modules.forEach((m) => m.start(name));
  drill.start();
  valid.start();
  const waits = [];
  if (room) waits.push(room.start(name));
  if (map) waits.push(map.start());
  if (root.dataset.live) {
    waits.push(new Promise((done) => on("reset", done)));
    replay.start(name);
  }
  await Promise.all(waits);
  mark("bar");
  ready();
}

run();
