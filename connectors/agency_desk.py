"""What the simulated 112/119 desk knows and does: its own ledger, its behaviours, the updates it owes the console.

The ledger is the desk's own book, apart from everything of the console: one row a report by idempotency key, however
often it came. Tests hold the console to it: at most one effect a key. It is a file, so a restart forgets nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from connectors.emergency import Report
from stream.clock import Clock, ManualClock, format_kst
from stream.schema import US

ACCEPTED, DISPATCHED, ARRIVED, CLOSED = 0.0, 40.0, 240.0, 900.0  # s after the answer: seen in a demo, yet not absurd
UNITS = {"112": "patrol-3", "119": "rescue-1"}  # the screens say them in words
REJECTION = "out_of_area"


class Behaviour(msgspec.Struct, frozen=True):
    """How the desk treats a report: whether it enters the ledger, the form of its answer, the updates that follow.

    ``answer``: ok, late, hang, reset, drip, garbage, wrong, or an HTTP status. ``copies``: of each update that is sent.
    """

    files: bool
    answer: str
    then: str = "accepted"
    copies: int = 1
    mute: bool = False  # does not answer a question by key either


BEHAVIOURS: dict[str, Behaviour] = {
    "accept": Behaviour(True, "ok"),
    "reject": Behaviour(True, "ok", then="rejected"),
    "late": Behaviour(True, "late"),
    "twice": Behaviour(True, "ok", copies=2),
    "never": Behaviour(True, "hang", then="", mute=True),
    "silent": Behaviour(True, "ok", then=""),
    "refuse": Behaviour(False, "422"),
    "busy": Behaviour(False, "503"),
    "fail": Behaviour(False, "500"),
    "lost": Behaviour(False, "hang"),
    "error_after": Behaviour(True, "500"),
    "reset": Behaviour(True, "reset"),
    "slow": Behaviour(True, "drip"),
    "garbage": Behaviour(True, "garbage"),
    "wrong_receipt": Behaviour(True, "wrong"),
}


class Update(msgspec.Struct, frozen=True):
    """One thing the desk owes the console: a CloudEvent that is due at ``due`` (µs)."""

    row: int
    due: int
    body: bytes


class Ledger:
    """The book, safe for many threads. ``path`` may be ``:memory:``."""

    def __init__(self, path: str, clock: Clock | ManualClock) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode=WAL;"
            "CREATE TABLE IF NOT EXISTS report (key TEXT PRIMARY KEY, agency TEXT, incident TEXT, generation INT,"
            " status TEXT, receipt TEXT, state TEXT, reason TEXT, received_at INT, tries INT);"
            "CREATE TABLE IF NOT EXISTS owed (row INTEGER PRIMARY KEY, due INT, body BLOB);")

    def file(self, report: Report, behaviour: Behaviour, delay_s: float, pace: float) -> tuple[dict[str, Any], bool]:
        """Enter a report and what it is owed, both or neither; the answer is its row and whether it is new.

        The same key again only counts the try.
        """
        rejected = behaviour.then == "rejected"
        with self.lock, self._together():
            new = self._find(report.key) is None
            n = self.db.execute("SELECT count(*) FROM report").fetchone()[0]
            row = (report.key, report.agency, report.incident, report.generation, report.status,
                   f"{report.agency}-{n + 1:05d}", "rejected" if rejected else "received",
                   REJECTION if rejected else "", self.clock.now())
            self.db.execute("INSERT INTO report VALUES (?,?,?,?,?,?,?,?,?,1) "
                            "ON CONFLICT (key) DO UPDATE SET tries = tries + 1", row)
            entered = self._find(report.key) or {}
            if new:
                self._owe(entered, behaviour, delay_s, pace)
            return entered, new

    @contextmanager
    def _together(self) -> Iterator[None]:
        """All of it, or nothing when the process ends meanwhile."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def _find(self, key: str) -> dict[str, Any] | None:
        cursor = self.db.execute("SELECT * FROM report WHERE key = ?", (key,))
        names = [column[0] for column in cursor.description]
        row = cursor.fetchone()
        return dict(zip(names, row, strict=True)) if row else None

    def find(self, key: str) -> dict[str, Any] | None:
        """The row of this key, or None."""
        with self.lock:
            return self._find(key)

    def rows(self) -> list[dict[str, Any]]:
        """Every row, in order of arrival."""
        with self.lock:
            cursor = self.db.execute("SELECT * FROM report ORDER BY rowid")
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def _owe(self, row: dict[str, Any], behaviour: Behaviour, delay_s: float, pace: float) -> None:
        """Note the updates that follow this report, each with the moment it is due."""
        now = self.clock.now()
        for state, after_s, more in _steps(row, behaviour, pace):
            due = now + int((delay_s + after_s) * US)
            for copy in range(behaviour.copies):
                body = _event(row, state, due, more, copy)
                self.db.execute("INSERT INTO owed (due, body) VALUES (?, ?)", (due, body))

    def due(self) -> tuple[list[Update], int | None]:
        """Updates that are due now, oldest first, and when the next one after them is (µs)."""
        now = self.clock.now()
        with self.lock:
            rows = self.db.execute("SELECT row, due, body FROM owed WHERE due <= ? ORDER BY due, row", (now,))
            ready = [Update(*row) for row in rows]
            after = self.db.execute("SELECT min(due) FROM owed WHERE due > ?", (now,)).fetchone()[0]
        return ready, after

    def paid(self, update: Update) -> None:
        """The console has this update durably."""
        with self.lock:
            self.db.execute("DELETE FROM owed WHERE row = ?", (update.row,))

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.db.close()


def _steps(row: dict[str, Any], behaviour: Behaviour, pace: float) -> list[tuple[str, float, dict[str, Any]]]:
    """States that follow, seconds after the answer, and what each says more."""
    if behaviour.then == "rejected":
        return [("rejected", ACCEPTED, {"reason": REJECTION})]
    if not behaviour.then:
        return []
    unit = UNITS[row["agency"]]
    return [
        ("accepted", ACCEPTED, {}),
        ("dispatched", DISPATCHED * pace, {"unit": unit, "eta_s": (ARRIVED - DISPATCHED) * pace}),
        ("arrived", ARRIVED * pace, {"unit": unit}),
        ("closed", CLOSED * pace, {"unit": unit, "reason": "handled"}),
    ]


def _event(row: dict[str, Any], state: str, at: int, more: dict[str, Any], copy: int) -> bytes:
    """The update as the contract's event. A second copy has an id of its own: the desk says it twice."""
    source = f"/system/agency-{row['agency']}"
    data = {"report": row["key"], "state": state, "by": f"agency-{row['agency']}"} | more
    return msgspec.json.encode({
        "specversion": "1.0", "id": f"{row['receipt']}-{state}-{copy}", "source": source, "type": "city.agency.update",
        "time": format_kst(at), "subject": row["incident"], "data": data,
    })
