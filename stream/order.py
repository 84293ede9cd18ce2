"""The order of the queue: P1 first, then by score and waiting, shelved ones last.

``rank`` is a pure function of (incident, now). ``Order`` keeps the open incidents sorted by it, so that nobody sorts
100,000 of them for one click: each incident has one key in a sorted list, and a heap says when a waiting incident's key
changes by itself.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from heapq import heappop, heappush, merge
from itertools import islice

from stream.schema import US, Factor, Incident, Priority, State

HYSTERESIS = 5  # points: the order follows a score only past this (DESIGN 6)
# Seconds until a person should have seen it. P1: 95 % within 15 s is NENA-STA-020's mark for answering; P2: the
# 60 s of NFPA 1225 for processing; P3 and P4 are ours.
TARGET_S = {Priority.P1: 15, Priority.P2: 60, Priority.P3: 300, Priority.P4: 1800}
WAIT_MOST = 10  # points of the factor for waiting (DESIGN 6), reached at twice the target

Key = tuple[int, int, int, str]


def waiting(incident: Incident, now: int) -> Factor | None:
    """The factor for waiting (0-10 points) while nobody has seen it: 5 at its target time, 10 at twice of it."""
    if incident.state != State.new:
        return None
    target, waited = TARGET_S[Priority(incident.priority)] * US, max(0, now - incident.new_at)
    points = min(WAIT_MOST, waited * HYSTERESIS // target)
    return Factor("waiting", points, "waiting", {"s": waited // US, "target_s": target // US}) if points else None


def rank(incident: Incident, now: int) -> Key:
    """Where it stands in the queue (small first): P1, the others, the shelved; in each by points, then age.

    Waiting moves it in steps of the hysteresis, so that rows don't trade places each second.
    """
    band = 2 if incident.state == State.shelved else 0 if incident.priority == Priority.P1 else 1
    factor = waiting(incident, now)
    step = factor.points // HYSTERESIS * HYSTERESIS if factor else 0
    return band, -(incident.order + step), incident.opened_at, incident.id


def _next_step(incident: Incident, now: int) -> int:
    """When waiting moves it next (µs), 0 when it never does."""
    if incident.state != State.new:
        return 0
    target = TARGET_S[Priority(incident.priority)] * US
    steps = [incident.new_at + target, incident.new_at + 2 * target]
    return next((at for at in steps if at > now), 0)


class Order:
    """The open incidents in rank order. The writer calls ``put``, ``drop`` and ``advance``; ``first`` only reads."""

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._of: dict[str, Key] = {}
        self._due: list[tuple[int, str]] = []
        self._now = 0

    def __len__(self) -> int:
        return len(self._of)

    def put(self, incident: Incident, now: int) -> None:
        """Place an open incident, or place it anew."""
        self.drop(incident.id)
        self._now = max(self._now, now)
        key = self._of[incident.id] = rank(incident, self._now)
        insort(self._keys, key)
        if due := _next_step(incident, self._now):
            heappush(self._due, (due, incident.id))

    def drop(self, id: str) -> None:
        """Take it out, if it is in."""
        if key := self._of.pop(id, None):
            del self._keys[bisect_left(self._keys, key)]

    def advance(self, now: int, get: Callable[[str], Incident | None]) -> None:
        """Move those that have waited long enough by ``now``. Time never goes back here."""
        self._now = max(self._now, now)
        while self._due and self._due[0][0] <= now:
            _, id = heappop(self._due)
            incident = get(id)
            if id in self._of and incident is not None and rank(incident, self._now) != self._of[id]:
                self.put(incident, now)
            elif id in self._of and incident is not None and (due := _next_step(incident, self._now)):
                heappush(self._due, (due, id))

    def first(self, now: int, get: Callable[[str], Incident | None], limit: int | None = None) -> list[str]:
        """Ids in rank order as of ``now``, the first ``limit`` of them; changes nothing, so any thread may ask.

        A moment before the last advance counts as that: what has been folded can't be asked for its past.
        """
        now = max(now, self._now)
        moved = self._moved(now)
        if not moved:
            return [key[3] for key in self._keys[:limit]]
        due = sorted(rank(incident, now) for id in moved if id in self._of and (incident := get(id)) is not None)
        rest = (key for key in list(self._keys) if key[3] not in moved)
        return [key[3] for key in islice(merge(rest, due), limit)]

    def copy(self) -> Order:
        """The same order, for another writer."""
        other = Order()
        other._keys, other._of, other._due = list(self._keys), dict(self._of), list(self._due)
        other._now = self._now
        return other

    def _moved(self, now: int) -> set[str]:
        """Ids in the heap whose time has come: only the part of the heap that is due is visited."""
        due, found, todo = self._due, set(), [0]
        while todo:
            at = todo.pop()
            if at < len(due) and due[at][0] <= now:
                found.add(due[at][1])
                todo += (2 * at + 1, 2 * at + 2)
        return found
