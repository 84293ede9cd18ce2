"""A helper program lives as long as its parent, and no longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from connectors.leash import ROOT, Child, first_line

PARENT = """
from connectors.leash import Child
import os, signal
child = Child("connectors.agency", wait=True)
print(child._process.pid, flush=True)
signal.pause()
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int, within_s: float = 10) -> bool:
    until = time.monotonic() + within_s
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


def test_a_child_says_when_it_is_ready_and_ends_when_asked():
    child = Child("connectors.agency", wait=True)
    assert '"ready":true' in child.says
    assert child.ended is None
    child.stop()
    assert child.ended == 0


def test_a_secret_that_looks_like_an_option_is_none_of_its_words():
    child = Child("connectors.agency", wait=True, GWANJE_TOKEN="-Ji6u0qexoxPAhVY9vRX")
    words = Path(f"/proc/{child._process.pid}/cmdline").read_bytes()
    child.stop()
    assert '"ready":true' in child.says and b"Ji6u0" not in words


def test_a_killed_parent_takes_its_child_along():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(pid)


def test_the_first_line_of_a_module_is_what_it_says_or_nothing():
    assert first_line("platform").strip() != ""
    assert first_line("json.no_such_module") == ""
