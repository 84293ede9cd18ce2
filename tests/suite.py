"""``run.py test [ARGS]``: find or install the servers, then run every test; ARGS go to pytest."""

from __future__ import annotations

import os
import sys

import pytest

from tests import needs

HELP = "run.py test [ARGS]: install the servers and the browser that are missing, run all tests; ARGS go to pytest:\n"


def main(words: list[str]) -> int:
    """Run pytest over as many processes as there are cores, a file in one of them; the answer is pytest's exit code.

    The order of files is that of ``tests.conftest``: the longest first, so that no core waits for another at the end.
    """
    if "-h" in words or "--help" in words:
        print(HELP)
    else:
        absent = needs.install()
        if absent:
            print(f"still absent: {', '.join(need.name for need in absent)}", file=sys.stderr)
    workers = min(os.cpu_count() or 1, 8)
    return int(pytest.main(["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder", *words]))
