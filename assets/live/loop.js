// One loop paints: modules name what is dirty, the next animation frame draws each once, however often it was named.

const painters = new Map();
const dirty = new Set();
let asked = false;
let after = [];

/** Registers the painter of `name`; painters run in the order of registration. */
export function paints(name, fn) {
  painters.set(name, fn);
}

function draw() {
  const names = [...painters.keys()].filter((n) => dirty.has(n));
  dirty.clear();
  for (const name of names) {
    try {
      painters.get(name)();
    } catch (error) {
      console.error(`paint ${name}`, error); // one broken part never stops the others
    }
  }
}

function run() {
  asked = false;
  draw();
  if (!after.length) return;
  const [done, channel] = [after, new MessageChannel()];
  after = [];
  channel.port1.onmessage = () => done.forEach((fn) => fn()); // runs after the frame has gone to the screen
  channel.port2.postMessage(0);
}

/** Marks parts to be drawn in the next frame. A hidden tab has no frames: there a timer draws, four times a second. */
export function mark(...names) {
  names.forEach((n) => dirty.add(n));
  if (asked) return;
  asked = true;
  if (document.hidden) setTimeout(run, 250);
  else requestAnimationFrame(run);
}

/** Draws what is marked now, without waiting for a frame: for what a person's next key depends on. */
export function flush() {
  if (dirty.size) draw();
}

/** Calls `fn` once what is marked now has been painted (DOM change, frame, then a message: the paint is out). */
export function painted(fn) {
  after.push(fn);
  mark();
}

document.addEventListener("visibilitychange", () => {
  asked = false; // a frame asked for before hiding may never come
  mark(...painters.keys());
});
