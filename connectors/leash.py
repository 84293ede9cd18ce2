"""A helper program that ends with the one that started it, however that one ended.

``python -m connectors.leash MODULE ARGS`` runs a module and ends it when its standard input is closed: the system
closes it also for a parent that was killed. So no simulated day and no simulated agency outlives its console.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 5.0


class Child:
    """One helper program. ``says`` is its first line on stdout when it was started with ``wait=True``; ``more`` goes
    into its environment, where a secret is not seen by everybody who lists programs. With ``plain`` it gets no other
    setting of ours from there."""

    def __init__(self, module: str, *args: str, wait: bool = False, plain: bool = False, **more: str) -> None:
        given = {k: v for k, v in os.environ.items() if not (plain and k.startswith("GWANJE_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "connectors.leash", module, *args], cwd=ROOT, text=True, start_new_session=True,
            env={**given, **more}, stdin=subprocess.PIPE, stdout=subprocess.PIPE if wait else subprocess.DEVNULL)
        self.says = self._process.stdout.readline() if self._process.stdout else ""

    @property
    def ended(self) -> int | None:
        """Its exit code when it has ended, else None."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask it to end; after a while make it."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def first_line(module: str, *args: str) -> str:
    """Run a module to its first line on stdout and answer it; empty when it ended without one."""
    child = Child(module, *args, wait=True)
    child.stop()
    return child.says


def _watch() -> None:
    """Ask ourselves to end once the other side of standard input is gone; the hard way if nobody listens."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(PATIENCE_S)
    os._exit(1)


def main(argv: list[str]) -> None:
    """Run a module on the leash."""
    threading.Thread(target=_watch, name="leash", daemon=True).start()
    sys.argv = argv
    runpy.run_module(argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
