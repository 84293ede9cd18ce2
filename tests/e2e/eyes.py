"""What a careful reader would find on a page: bare keys, the other language, cut text, and what axe-core calls serious.

Each function looks at one page as it stands and gives back the faults it found as lines; none is good.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from console import words

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
GRAVE = ("serious", "critical")

SECTIONS = "|".join(sorted({key.split(".")[0] for key in words.catalogue("ko")}))
BARE_KEY = re.compile(rf"\b(?:{SECTIONS})\.[a-z0-9_]+(?:\.[a-z0-9_]+)*\b")
HANGUL = re.compile("[가-힣]+")
LATIN = re.compile(r"(?<![A-Za-z0-9_./-])[A-Za-z]{2,}(?:['-][A-Za-z]+)*(?![A-Za-z0-9_./@-])")
# Latin words that a Korean control room says as they are: units, names of measures and file kinds, the other language.
SAID_IN_LATIN = frozenset(re.findall(r"[\w/]+", """
    AI API CCTV CSV DB EEMUA EN English GPS ID IP ISA IoT KPI MQTT MTTA MTTR PDF PET PM SMS TTC URL UTC AUC
    Esc Enter Tab Shift Ctrl Alt Home End Page Up Down HH MM SS km km/h kWh ms mm cm dB lux
"""))

# Every visible piece of text with the nearest element that holds it; a label, title or placeholder is read as well.
TEXTS = """() => {
  const out = [];
  const seen = (el) => el.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const el = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (!text || !el || el.closest("script,style,[translate=no],body [lang]") || !seen(el)) continue;
    out.push([text, el.closest("[id]")?.id || "", el.className?.toString?.() || el.tagName]);
  }
  for (const el of document.querySelectorAll("[aria-label],[title],[placeholder]")) {
    if (el.closest("[translate=no],body [lang]") || !seen(el)) continue;
    for (const name of ["aria-label", "title", "placeholder"])
      if (el.getAttribute(name)) out.push([el.getAttribute(name), el.closest("[id]")?.id || "", name]);
  }
  return out;
}"""

# Text that a box hides: it is wider or higher than its box, or lies outside a box that clips; what scrolls is not cut.
CUT = """() => {
  const out = [];
  const clips = (style) => [style.overflowX, style.overflowY].map((v) => v === "hidden" || v === "clip");
  const scrolls = (style) => [style.overflowX, style.overflowY].map((v) => v === "auto" || v === "scroll");
  const walk = document.createTreeWalker(document.getElementById("page"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, el = node.parentElement;
    if (!node.textContent.trim() || !el) continue;
    if (el.closest("script,style,option,select,textarea,svg,.unseen,.leaflet-container,[hidden],[data-cut=whole]"))
      continue;
    if (!el.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    let free = [false, false], why = null;
    for (let at = el; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at), edge = at.getBoundingClientRect(), [cx, cy] = clips(style);
      if (cx && !free[0] && (box.right > edge.right + 1.5 || box.left < edge.left - 1.5)) why = ["x", at];
      if (cy && !free[1] && (box.bottom > edge.bottom + box.height * 0.3 || box.top < edge.top - box.height * 0.3))
        why = ["y", at];
      if (why) break;
      const [sx, sy] = scrolls(style);
      free = [free[0] || sx, free[1] || sy];
      if (style.position === "fixed") break;
    }
    if (!why && !free[0] && (box.right > innerWidth + 1.5 || box.left < -1.5)) why = ["screen", document.body];
    if (why) out.push(`${why[0]}: "${node.textContent.trim().slice(0, 60)}" in ` +
      `${el.tagName.toLowerCase()}.${el.className} cut by ${why[1].id || why[1].className || why[1].tagName}`);
  }
  return out;
}"""

RUN_AXE = """async (off) => (await axe.run(document, {
  resultTypes: ["violations"], rules: Object.fromEntries(off.map((id) => [id, {enabled: false}])),
})).violations.map((v) => [v.impact, v.id, v.help, v.nodes.map((n) => n.target.join(" ") + " | " +
  [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ").slice(0, 160))])"""


def bare_keys(page: Any) -> list[str]:
    """Keys of the catalogue that are shown instead of their words."""
    return sorted({found for text, *_ in page.evaluate(TEXTS) for found in BARE_KEY.findall(text)})


def foreign(page: Any, lang: str, names: tuple[str, ...] = ()) -> list[str]:
    """Words of the other language; ``names``, what is said in Latin and what tells its own ``lang`` are left out."""
    found = []
    by_length = sorted(names, key=len, reverse=True)
    for text, id, where in page.evaluate(TEXTS):
        rest = text
        for name in by_length:
            rest = rest.replace(name, "_")
        odd = HANGUL.findall(rest) if lang == "en" else [w for w in LATIN.findall(rest) if w not in SAID_IN_LATIN]
        if odd:
            found.append(f"{' '.join(odd)!r} in {text[:80]!r} (#{id} .{where})")
    return found


def cut(page: Any) -> list[str]:
    """Text that a reader can't see whole and can't scroll to."""
    return sorted(set(page.evaluate(CUT)))


def wide(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def grave(page: Any, off: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds serious or critical, rules named in ``off`` left out."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    return [f"{impact} {rule}: {text}: {node}" for impact, rule, text, nodes in page.evaluate(RUN_AXE, list(off))
            if impact in GRAVE for node in nodes]
