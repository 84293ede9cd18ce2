"""Moving SQLite's log into its file beside the loop, so that no turn pays for it.

A writer that has to move the log itself stops for as long as that takes (tens of milliseconds each few seconds under
load). A passive checkpoint on a connection of its own waits for nobody and makes nobody wait; what a reader still needs
is moved the next time.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import structlog

EVERY_S = 1.0
WORTH_BYTES = 2 << 20  # a smaller log is left alone
PAGES = 25_000  # 100 MB: with a log this long the writer moves it itself after all, should this thread be gone
LOG = structlog.get_logger("store")


class Mover:
    """The thread of one database file."""

    def __init__(self, database: Path) -> None:
        self._database, self._log = database, database.with_name(database.name + "-wal")
        self._ended = threading.Event()
        self.moved = 0
        self._thread = threading.Thread(target=self._run, name="store-log", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            try:
                if self._log.exists() and self._log.stat().st_size >= WORTH_BYTES:
                    self._move()
            except (sqlite3.Error, OSError) as broken:  # full or gone: the writer finds out and says so
                LOG.debug("store.log_unmoved", error=str(broken))

    def _move(self) -> None:
        conn = sqlite3.connect(self._database, timeout=1.0, isolation_level=None)
        try:
            conn.execute("PRAGMA synchronous=FULL")
            conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            self.moved += 1
        finally:
            conn.close()
