// What of the queue is shown: priority, state, domain, mine, dong, words; and views saved by name in this browser.
// All of it works on what this screen knows already. An unacknowledged P1 passes every filter.

import { learnWards, wards, wardsOf, within } from "./city.js";
import { byId, h, setAttr, setText } from "./dom.js";
import * as say from "./describe.js";
import { isCalling, model } from "./model.js";
import { code, keys, t } from "./words.js";

const STORE = "queue views";
const MOST = 12; // saved views
const STATES = ["new", "acknowledged", "in_progress", "escalated", "shelved"];
const NONE = { words: "", p: [], state: "", domain: "", dong: "", mine: false };
let wish = { ...NONE };
let settle = () => {};

const whereabouts = (p) => (p ? [p.household, p.site, ...(p.dong ? wardsOf(p.dong) : [])] : []);

/** The text of a view that a search looks into: id, kind, place, household, administrative dong, who has it. */
const haystack = (v) =>
  [v.id, say.kind(v), v.kind, say.place(v), v.subject, v.assigned_to, ...whereabouts(v.place)]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();

const TESTS = {
  words: (v, said) => {
    const hay = haystack(v);
    return said.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
  },
  p: (v, wanted) => wanted.includes(v.p),
  state: (v, wanted) => v.state === wanted,
  domain: (v, wanted) => v.domain === wanted,
  dong: (v, wanted) => Boolean(v.place) && within(v.place.dong, wanted),
  mine: (v) => v.assigned_to === model.user,
};

const isSet = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
const set = () => Object.keys(NONE).filter((name) => isSet(wish[name]));

/** Whether the view is what was asked for, its urgency apart. */
const fits = (v) => set().every((name) => TESTS[name](v, wish[name]));

/** Whether the queue shows this view. */
export const passes = (v) => (v.p === 1 && isCalling(v)) || fits(v);

/** Open P1 that the conditions would leave out. */
export const urgentOutside = () => [...model.incidents.values()].filter((v) => v.p === 1 && !fits(v)).length;

/** How many conditions are set. */
export const count = () => set().length;

function change(part) {
  wish = { ...wish, ...part };
  draw();
  settle();
}

/** Shows everything again. */
export function clear() {
  change(NONE);
}

function saved() {
  try {
    const list = JSON.parse(localStorage.getItem(STORE) || "[]");
    return Array.isArray(list) ? list.filter((x) => x && typeof x.name === "string" && x.wish) : [];
  } catch {
    return [];
  }
}

function store(list) {
  localStorage.setItem(STORE, JSON.stringify(list.slice(-MOST)));
  draw();
}

/** Only what a wish may hold: a stored view of another version can't break the queue. */
function cleaned(given) {
  const good = Object.keys(NONE).filter((name) => typeof given[name] === typeof NONE[name]);
  return { ...NONE, ...Object.fromEntries(good.map((name) => [name, given[name]])) };
}

const same = (a, b) => JSON.stringify(cleaned(a)) === JSON.stringify(cleaned(b));

function choice(label, value, options, name) {
  const all = [h("option", { value: "" }, label), ...options.map(([v, word]) => h("option", { value: v }, word))];
  const field = h("select", { "aria-label": label, "data-by": name }, all);
  field.value = value;
  if (field.value !== value) field.append(h("option", { value, selected: true }, value)); // of a saved view
  field.addEventListener("change", () => change({ [name]: field.value }));
  return field;
}

function priorities() {
  const toggle = (p) =>
    h(
      "button",
      {
        type: "button",
        "data-p": p,
        "aria-pressed": String(wish.p.includes(p)),
        onclick: () => change({ p: wish.p.includes(p) ? wish.p.filter((x) => x !== p) : [...wish.p, p].sort() }),
      },
      t(`priority.P${p}`),
    );
  return h("div", { class: "by-priority", role: "group", "aria-label": t("sheet.priority") }, [1, 2, 3, 4].map(toggle));
}

/** Dongs that incidents on this screen have, then the administrative dong that hold one of them, as options. */
function dongs() {
  const here = new Set([...model.incidents.values()].map((v) => v.place && v.place.dong).filter(Boolean));
  const around = new Set([...here].flatMap((dong) => (wards.has(dong) ? [dong, ...wardsOf(dong)] : wardsOf(dong))));
  const plain = [...here].filter((dong) => !wards.has(dong)).sort();
  return [...plain.map((d) => [d, d]), ...[...around].sort().map((d) => [d, t("filter.ward", { name: d })])];
}
const domains = () => keys("domain.").map((k) => k.slice(7));

function views() {
  const list = saved();
  const chip = (x) =>
    h(
      "span",
      { class: "view-chip" },
      h(
        "button",
        { type: "button", "data-view": x.name, "aria-pressed": String(same(x.wish, wish)), onclick: () => change(cleaned(x.wish)) },
        x.name,
      ),
      h(
        "button",
        {
          type: "button",
          "aria-label": t("filter.forget", { name: x.name }),
          title: t("filter.forget", { name: x.name }),
          onclick: () => store(saved().filter((y) => y.name !== x.name)),
        },
        "×",
      ),
    );
  const name = h("input", { type: "text", maxlength: 20, placeholder: t("filter.name"), "aria-label": t("filter.name") });
  const keep = (e) => {
    e.preventDefault();
    const said = name.value.trim();
    if (said) store([...saved().filter((y) => y.name !== said), { name: said, wish }]);
  };
  const form = h("form", { class: "keep-view", onsubmit: keep }, name, h("button", { type: "submit" }, t("filter.save")));
  return h("div", { class: "views" }, list.map(chip), count() ? form : null);
}

/** Draws the conditions below the search; the search itself keeps its cursor. */
function draw() {
  const host = byId("filters");
  if (!host) return;
  const words = byId("search");
  if (words.value.trim() !== wish.words) words.value = wish.words;
  for (const name of ["placeholder", "aria-label"]) setAttr(words, name, t("filter.search"));
  const held = document.activeElement && document.activeElement.dataset.by;
  host.replaceChildren(
    priorities(),
    h(
      "div",
      { class: "by-choice" },
      choice(t("filter.domain"), wish.domain, domains().map((d) => [d, code("domain", d)]), "domain"),
      choice(t("filter.state"), wish.state, STATES.map((s) => [s, code("state", s)]), "state"),
      choice(t("filter.dong"), wish.dong, dongs(), "dong"),
      h(
        "button",
        { type: "button", "data-by": "mine", "aria-pressed": String(wish.mine), onclick: () => change({ mine: !wish.mine }) },
        t("filter.mine"),
      ),
    ),
    views(),
  );
  if (held) host.querySelector(`[data-by="${held}"]`).focus();
  setText(byId("filter-more").querySelector("b"), count() ? String(count()) : "");
  setAttr(byId("filter-clear"), "hidden", !count());
}

/** Puts the cursor into the search. */
export function seek() {
  const words = byId("search");
  if (words) words.focus();
}

/** Opens or closes the conditions. */
export function toggle() {
  const open = byId("filters").hidden;
  setAttr(byId("filters"), "hidden", !open);
  setAttr(byId("filter-more"), "aria-expanded", String(open));
  if (open) {
    draw(); // with the dongs there are now
    byId("filters").querySelector("button").focus();
  }
}

export function begin(onSettle) {
  if (!byId("filters")) return;
  settle = onSettle;
  const words = h("input", { id: "search", type: "text", autocomplete: "off", maxlength: 80 });
  words.addEventListener("input", () => change({ words: words.value.trim() }));
  words.addEventListener("keydown", (event) => {
    if (event.code === "Escape" && !event.isComposing) change({ words: "" }); // and keys.js gives the keyboard back
  });
  byId("seek").append(words);
  byId("filter-more").addEventListener("click", toggle);
  byId("filter-clear").addEventListener("click", clear);
  byId("urgent-outside").addEventListener("click", clear);
  document.addEventListener("gwanje:lang", draw);
  draw();
  learnWards().then(draw);
}
