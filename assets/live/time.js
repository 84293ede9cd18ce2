// Time on the screen is the server's, in Korea (+09:00), whatever this machine's clock and zone say.

import { t } from "./words.js";

const KST = 9 * 3600e3;
let base = null; // [server ms, performance.now()] of the best beat heard
let pace = 1;
let fixed = null; // a past moment, in replay

/** Milliseconds of a server's time: RFC 3339 text, seconds, milliseconds or microseconds. */
export function ms(value) {
  if (typeof value === "string") return Date.parse(value);
  if (value > 1e14) return value / 1000;
  return value;
}

/** Takes the server's `now` of a message. Delay makes it late, so an earlier reading that says more stays. */
export function heard(value) {
  const server = ms(value);
  const here = performance.now();
  if (base === null) {
    base = [server, here];
    return;
  }
  const elapsed = here - base[1];
  if (elapsed > 900) pace = Math.max(0, Math.min(1000, (server - base[0]) / elapsed));
  if (Math.abs(pace - 1) < 0.05) pace = 1;
  const guess = base[0] + elapsed * pace;
  if (pace !== 1 || server > guess || guess - server > 250) base = [server, here];
}

/** Stops the clock at a past moment (replay), or lets it run again with null. */
export function hold(value) {
  fixed = value === null ? null : ms(value);
}

/** The server's time now, in ms; NaN before the first message. */
export function now() {
  if (fixed !== null) return fixed;
  if (base === null) return NaN;
  return base[0] + (performance.now() - base[1]) * pace;
}

/** The live time of the server, also in replay. */
export const live = () => (base === null ? NaN : base[0] + (performance.now() - base[1]) * pace);

const two = (n) => String(n).padStart(2, "0");

/** `HH:MM:SS` in Korea, built by hand: the locale's own form changes its width. */
export function hms(at) {
  if (!Number.isFinite(at)) return "--:--:--";
  const d = new Date(at + KST);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

/** `YYYY-MM-DD HH:MM:SS` in Korea. */
export function full(at) {
  if (!Number.isFinite(at)) return "";
  const d = new Date(at + KST);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${hms(at)}`;
}

/** RFC 3339 with +09:00 and milliseconds when not zero: what an address of a past moment holds. */
export function iso(at) {
  const part = Math.floor(at) % 1000;
  return `${full(at).replace(" ", "T")}${part ? `.${String(part).padStart(3, "0")}` : ""}+09:00`;
}

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** How long, in words, by its largest unit and the one below it: `42초`, `20분 54초`, `3시간`. Never `20:54`, which looks
 * like a time of day. */
export function age(from, to = now(), units = 2) {
  let left = Math.max(0, Math.floor((to - from) / 1000));
  if (!Number.isFinite(left)) return "";
  const first = Math.max(0, UNITS.findIndex(([, size]) => left >= size || size === 1));
  const said = [];
  for (const [name, size] of UNITS.slice(first, first + units)) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n || !said.length) said.push(t(`age.${name}`, { n: String(n) }));
  }
  return said.join(" ");
}
