"""Trials of proposed changes of rules as rows: every web process sees the one that any of them began.

A trial is a program that one process waits for. While it does, it says so again and again (``beat``); a row that was
not spoken of for ``GONE_US`` is of a process that has ended, and counts as failed: a person may begin it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import or_, select, update

from stream import tables
from stream.schema import US
from stream.store import Store

RUNNING, DONE, FAILED = "running", "done", "failed"
BEAT_S = 10.0
GONE_US = 60 * US
KEEP_DAYS = 90  # a proposal is decided within days; of what was decided the record stays, not its trial
_T = tables.trials


def claim(store: Store, n: int, hours: int, now: int) -> bool:
    """Begin the trial of proposal ``n``; False when one runs. Two processes that ask at once: one gets it."""
    row = {"at": now, "hours": hours, "state": RUNNING, "figures": ""}
    free = or_(_T.c.state != RUNNING, _T.c.at < now - GONE_US)
    insert = store.insert(_T).values(n=n, **row).on_conflict_do_update(index_elements=["n"], set_=row, where=free)
    with store.begin() as conn:
        return conn.execute(insert.returning(_T.c.n)).first() is not None


def beat(store: Store, n: int, now: int) -> None:
    """It still runs."""
    with store.begin() as conn:
        conn.execute(update(_T).where(_T.c.n == n, _T.c.state == RUNNING).values(at=now))


def end(store: Store, n: int, figures: Mapping[str, Any] | None, now: int) -> None:
    """What came of it; None when nothing did."""
    told = {"state": DONE, "figures": msgspec.json.encode(figures).decode()} if figures else {"state": FAILED}
    with store.begin() as conn:
        conn.execute(update(_T).where(_T.c.n == n).values(at=now, **told))


def get(store: Store, n: int, now: int) -> dict[str, Any] | None:
    """``state``, ``hours`` and, when it is done, its figures; None without one."""
    with store.read() as conn:
        row = conn.execute(select(_T.c.at, _T.c.hours, _T.c.state, _T.c.figures).where(_T.c.n == n)).first()
    if row is None:
        return None
    state = FAILED if row.state == RUNNING and row.at < now - GONE_US else row.state
    return {"state": state, "hours": row.hours} | (msgspec.json.decode(row.figures) if row.figures else {})
