// Small tools to build and find elements. No markup is ever made from strings: text stays text.

const SVG = "http://www.w3.org/2000/svg";

/** Element `tag` with attributes (`on*` are listeners, `class`, `data-*`, booleans) and children (nodes, strings). */
export function h(tag, attrs = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

/** Icon `name` of the sprite. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** SVG element with attributes and children. */
export function svg(tag, attrs = {}, ...children) {
  const el = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== null && value !== undefined && value !== false) el.setAttribute(name, value);
  }
  el.append(...children.flat(Infinity).filter(Boolean));
  return el;
}

// Priority is told by shape as well as by colour: square, triangle, diamond, circle.
const SHAPES = {
  1: ["rect", { x: 2, y: 2, width: 16, height: 16 }],
  2: ["path", { d: "M10 1.5 19 18H1z" }],
  3: ["path", { d: "M10 .8 19.2 10 10 19.2.8 10z" }],
  4: ["circle", { cx: 10, cy: 10, r: 8.5 }],
};

/** The shape of a priority, drawn in the current colour. */
export function shape(priority) {
  const [tag, attrs] = SHAPES[priority] || SHAPES[4];
  return svg("svg", { class: `shape shape-${priority}`, viewBox: "0 0 20 20", "aria-hidden": "true" }, svg(tag, attrs));
}

export const byId = (id) => document.getElementById(id);
export const byTest = (name) => document.querySelector(`[data-testid="${name}"]`);

/** Sets text only when it differs: an unchanged node costs no layout. */
export function setText(el, text) {
  if (el && el.textContent !== text) el.textContent = text;
}

/** Sets or removes an attribute only when it differs. */
export function setAttr(el, name, value) {
  if (!el) return;
  if (value === null || value === undefined || value === false) {
    if (el.hasAttribute(name)) el.removeAttribute(name);
  } else if (el.getAttribute(name) !== String(value)) {
    el.setAttribute(name, value);
  }
}

const OWN = ["name", "type", "data-testid", "data-act", "data-answer", "aria-label"];
const ROWS = ["step", "user", "device", "rule", "source", "token", "proposal"].map((name) => `data-${name}`);

/** What tells an element that is pressed or written in from the others around it, also when it is made anew. */
function face(el) {
  const row = ROWS.map((name) => el.closest(`[${name}]`)?.getAttribute(name));
  return [el.tagName, ...OWN.map((name) => el.getAttribute(name)), ...row].join("|");
}

/** Draws `host` anew and leaves the keyboard where it was: on the element that now stands for the one that had it. */
export function anew(host, draw) {
  const had = host.contains(document.activeElement) ? face(document.activeElement) : null;
  draw();
  if (had === null || host.contains(document.activeElement)) return;
  const again = [...host.querySelectorAll("button, input, select, textarea, summary")].find((el) => face(el) === had);
  if (again) again.focus({ preventScroll: true });
}

/** Draws into `host` only when `stamp` differs from the last time: what has not changed keeps its focus and its clicks. */
export function once(host, stamp, draw) {
  if (host.dataset.stamp === stamp) return;
  host.dataset.stamp = stamp;
  anew(host, draw);
}

/** Puts the keyed `rows` ([key, make, update]) into `list` with the fewest moves; keeps elements by key. */
export function keyed(list, kept, rows) {
  const wanted = new Set(rows.map((r) => r.key));
  for (const [key, el] of kept) {
    if (!wanted.has(key)) {
      el.remove();
      kept.delete(key);
    }
  }
  let at = list.firstElementChild;
  for (const row of rows) {
    let el = kept.get(row.key);
    if (!el) {
      el = row.make();
      kept.set(row.key, el);
    }
    row.update(el);
    if (el === at) at = at.nextElementSibling;
    else list.insertBefore(el, at);
  }
}

/** An id for a command: a random UUID that also works where `crypto.randomUUID` is not given (plain http). */
export function uuid() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
