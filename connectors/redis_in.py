"""Events by Redis Streams: stream ``city:in``, group ``console``; XACK once durable, and ``city:ack`` names the ids.

Redis is transport, never the record: it may be killed, flushed or full at any moment. The group is made anew from the
first entry; what was read and not acked comes again (own entries at each connection, entries of a console that is gone
by XAUTOCLAIM). The stream is trimmed below the oldest entry that any group still needs, never by length, which would
drop entries that nobody has stored yet (SAFETY T10).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from connectors.decode import Far, decode
from connectors.handing import Handing
from stream.clock import Clock, monotonic
from stream.intake import Intake, Outcome
from stream.schema import Quarantined

STREAM, GROUP, ACKS, FIELD = "city:in", "console", "city:ack", b"event"
COUNT = 500  # entries of one read
BLOCK_MS = 1000
IDLE_MS = 60_000  # far above the slowest turn: an entry idle for so long has lost its console
CLAIM_S = 30.0
TRIM_S = 30.0
ACKS_KEPT = 100_000  # a producer that is further behind sends again and is named again
BACKOFF_S = (0.1, 0.3, 1.0, 2.0)
HUNG_S = 15.0

Entry = tuple[bytes, dict[bytes, bytes] | None]  # id, fields (none: deleted by somebody while it was pending)


class RedisIn:
    """The way in by Redis. Two threads: one reads (and blocks in it), one acknowledges."""

    def __init__(self, url: str, node_id: str, intake: Intake, clock: Clock, far: Far | None = None) -> None:
        self.node, self.clock, self.far = node_id, clock, far
        self.received = self.faults = self.regrouped = 0
        self.up, self.refused = False, ""
        self._handing = Handing(intake)
        self._db = redis.Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0), protocol=2)
        self._done: deque[tuple[bytes, Outcome]] = deque()
        self._ended, self._woken = threading.Event(), threading.Event()
        self._last = monotonic()
        self._reader = threading.Thread(target=self._keep, args=(self._read,), name="redis-in", daemon=True)
        self._acker = threading.Thread(target=self._keep, args=(self._ack,), name="redis-ack", daemon=True)

    def start(self) -> None:
        """Read what comes; returns at once."""
        self._reader.start()
        self._acker.start()

    def stop(self) -> None:
        """Acknowledge what is durable and disconnect; the rest stays pending and comes again."""
        self._ended.set()
        self._woken.set()
        for thread in (self._reader, self._acker):
            if thread.ident is not None:
                thread.join(10)
        self._db.close()

    def health(self) -> dict[str, Any]:
        """Is it alive, and what happened so far."""
        age_s = monotonic() - self._last
        return {"ok": self.up and age_s < HUNG_S, "up": self.up, "age_s": age_s, "refused": self.refused,
                "received": self.received, "regrouped": self.regrouped, "faults": self.faults}

    def _keep(self, work: Callable[[], None]) -> None:
        """Do the work until the end; whatever Redis does, try again."""
        tries = 0
        while not self._ended.is_set():
            began = monotonic()
            try:
                work()
            except (redis.RedisError, OSError) as broken:
                self.up, self.refused = False, type(broken).__name__
                if str(broken).startswith(("NOGROUP", "UNBLOCKED")):
                    self.regrouped += 1
            except Exception as bug:  # ours: counted, and the next entry is tried
                self.faults += 1
                self.refused = repr(bug)
            tries = 0 if monotonic() - began > 10 else tries
            self._ended.wait(BACKOFF_S[min(tries, len(BACKOFF_S) - 1)])
            tries += 1

    # the reader's thread

    def _read(self) -> None:
        """Make the group if it is not there, take what was left over, then what comes."""
        try:
            self._db.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except redis.ResponseError as there:
            if not str(there).startswith("BUSYGROUP"):
                raise
        self._left_over()
        claim_at = trim_at = monotonic()
        while not self._ended.is_set():
            self._last, self.up, self.refused = monotonic(), True, ""
            if monotonic() >= claim_at:
                self._claim()
                claim_at = monotonic() + CLAIM_S
            if monotonic() >= trim_at:
                self._trim()
                trim_at = monotonic() + TRIM_S
            self._handing.again()
            told: Any = self._db.xreadgroup(GROUP, self.node, {STREAM: ">"}, count=COUNT, block=BLOCK_MS)
            self._take_all(_entries(told))

    def _left_over(self) -> None:
        """Entries that were given to this console and never acked: a crash, or a connection that broke."""
        at: Any = "0"
        while entries := _entries(self._db.xreadgroup(GROUP, self.node, {STREAM: at}, count=COUNT)):
            self._take_all(entries)
            at = entries[-1][0]

    def _claim(self) -> None:
        """Entries of a console that is gone, followed to the end of the list."""
        at: Any = "0-0"
        while True:
            at, entries, *_ = self._db.xautoclaim(STREAM, GROUP, self.node, IDLE_MS, start_id=at, count=COUNT)
            self._take_all(entries)
            if at in (b"0-0", "0-0"):
                return

    def _trim(self) -> None:
        """Drop what every group has read and acked."""
        needed = []
        for group in self._db.xinfo_groups(STREAM):
            pending = self._db.xpending(STREAM, group["name"])
            needed.append(pending["min"] or group["last-delivered-id"])
        if needed:
            self._db.xtrim(STREAM, minid=min(needed, key=_order), approximate=True)

    def _take_all(self, entries: list[Entry]) -> None:
        for at, fields in entries:
            self.received += 1
            arrival = self.clock.now()
            told = partial(self._told, at)
            if fields and FIELD in fields:
                events, aside = decode(fields[FIELD], arrival, None, far=self.far)
            else:
                raw = b" ".join(k + b"=" + v for k, v in (fields or {}).items())
                events, aside = [], [Quarantined(raw, "missing_field", "no field `event` in the entry", "", arrival)]
            if events or aside:
                self._handing.give(events, aside, told)
            else:
                told(Outcome())

    # the loop's thread, then the acker's

    def _told(self, at: bytes, outcome: Outcome) -> None:
        self._done.append((at, outcome))
        self._woken.set()

    def _ack(self) -> None:
        """Name the ids, then ack the entries: cut in between, they come again and are named again."""
        while not (self._ended.is_set() and not self._done):
            self._woken.wait(1.0)
            self._woken.clear()
            batch = list(islice(self._done, COUNT))
            if not batch:
                continue
            pipe = self._db.pipeline(transaction=False)
            for _, outcome in batch:
                for id_ in outcome.ids:
                    pipe.xadd(ACKS, {"id": id_}, maxlen=ACKS_KEPT, approximate=True)
            pipe.xack(STREAM, GROUP, *[at for at, _ in batch])
            pipe.execute()
            for _ in batch:
                self._done.popleft()
            if self._done:
                self._woken.set()


def _entries(told: Any) -> list[Entry]:
    """The entries of an answer of XREADGROUP on one stream."""
    return list(told[0][1]) if told else []


def _order(id_: bytes | str) -> tuple[int, int]:
    """Stream ids in their order: milliseconds, then number."""
    ms, _, n = (id_.decode() if isinstance(id_, bytes) else id_).partition("-")
    return int(ms), int(n or 0)
