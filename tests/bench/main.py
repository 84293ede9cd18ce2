"""``run.py bench [engine|turn|screen|flood|soak|queue|day|chaos|risk|wall|crowd]``: JSON lines; alone the first three.

Every module named here has ``main(words) -> exit code``, given the words after its name. Compare ratios of one run;
absolute figures go with the machine.
"""

from __future__ import annotations

import importlib

MODULES = {
    "engine": "tests.bench.engine",
    "turn": "tests.bench.turn",
    "screen": "tests.bench.screen",
    "flood": "tests.bench.flood",
    "soak": "tests.bench.soak",
    "queue": "tests.bench.queue",
    "day": "tests.bench.day",
    "chaos": "tests.chaos.campaign",
    "risk": "tests.bench.risk",
    "wall": "tests.bench.wall",
    "crowd": "tests.bench.crowd",
}
USUAL = ("engine", "turn", "screen")


def main(words: list[str]) -> int:
    """Measure what is named; the exit code is the worst of them."""
    if words and words[0] in ("-h", "--help"):
        print(f"usage: run.py bench [{'|'.join(MODULES)}] [options]\n\n{__doc__}")
        return 0
    if words and words[0] not in MODULES:
        print(f"there is no benchmark {words[0]!r}; there are: {', '.join(MODULES)}")
        return 2
    if words:
        return int(importlib.import_module(MODULES[words[0]]).main(words[1:]) or 0)
    return max(int(importlib.import_module(MODULES[name]).main([]) or 0) for name in USUAL)
