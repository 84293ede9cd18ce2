"""A console with its outbox that dies without a word at a named step; run by test_outbox_killed.py as its own process.

python -m tests.connectors.outbox_child FOLDER URL STEP
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

from tests.connectors.test_outbox import Office

STEPS = ("requested", "sent", "called", "delivered")


def die(*_: Any, **__: Any) -> Any:
    """End as ``kill -9`` does: nothing is flushed, closed or said."""
    os._exit(9)


def main(folder: str, url: str, step: str) -> None:
    """Ask for a report, print its key, and die at ``step``."""
    office = Office(Path(folder), url, begin=False)
    office.begin(started=False)
    line, send = office.outbox.line, office.outbox.line.send
    if step == "sent":
        line.send = die  # type: ignore[method-assign]
    elif step == "called":
        line.send = lambda *args: die(send(*args))  # type: ignore[method-assign]
    _, key = office.house.escalate()
    print(key, flush=True)
    if step == "requested":
        die()
    office.outbox.start()
    if step == "delivered":
        office.wait(key, "delivered")
        die()
    threading.Event().wait(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
