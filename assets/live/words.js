// The catalogue: every word on the screen comes from /words/<lang>.json; codes and numbers are put in here.

const table = new Map();
const GROUPED = new Intl.NumberFormat("en-US"); // made once: toLocaleString makes one a number
let current = "ko";

function flatten(node, path) {
  for (const [key, value] of Object.entries(node)) {
    const name = path ? `${path}.${key}` : key;
    if (value !== null && typeof value === "object") flatten(value, name);
    else table.set(name, String(value));
  }
}

/** Loads the catalogue of `lang` and remembers the choice for the next page. */
export async function load(lang) {
  const answer = await fetch(`/words/${lang}.json`);
  if (!answer.ok) throw new Error(`words ${lang}: ${answer.status}`);
  const told = await answer.json(); // cleared only when the new words are here: what is drawn meanwhile has the old ones
  table.clear();
  flatten(told, "");
  current = lang;
  document.documentElement.lang = lang;
  document.cookie = `lang=${lang}; path=/; max-age=31536000; SameSite=Strict`;
}

/** The language chosen on this browser, Korean when none was. */
export const chosen = () => (/(?:^|; )lang=(ko|en)/.exec(document.cookie) || [])[1] || "ko";
export const lang = () => current;
export const has = (key) => table.has(key);
export const keys = (prefix) => [...table.keys()].filter((k) => k.startsWith(prefix));

function shown(value) {
  if (typeof value !== "number") return String(value ?? "");
  return GROUPED.format(Math.round(value * 100) / 100);
}

/** The word `key` with `{name}` places filled; an unknown key is shown as such, so that it is found and mended. */
export function t(key, args = {}) {
  const text = table.get(key);
  if (text === undefined) return key;
  if (!text.includes("{")) return text;
  return text.replace(/\{(\w+)(?:[:!][^}]*)?\}/g, (_, name) => shown(args[name]));
}

/** The word of a code under a prefix, or the code itself where the catalogue has none (codes of other systems). */
export const code = (prefix, value, args) =>
  has(`${prefix}.${value}`) ? t(`${prefix}.${value}`, args) : String(value ?? "");

const ATTRIBUTES = [
  ["label", "aria-label"],
  ["title", "title"],
  ["placeholder", "placeholder"],
];

/** Fills every element of `root` that names its word. */
export function apply(root = document) {
  for (const el of root.querySelectorAll("[data-word]")) {
    const text = t(el.dataset.word);
    if (el.textContent !== text) el.textContent = text;
  }
  for (const [name, attribute] of ATTRIBUTES) {
    for (const el of root.querySelectorAll(`[data-${name}]`)) {
      el.setAttribute(attribute, t(el.dataset[name]));
      if (name === "label" && el.tagName === "BUTTON") el.title = t(el.dataset[name]);
    }
  }
}
