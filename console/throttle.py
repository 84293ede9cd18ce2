"""Guessing passwords is slowed: by account and address, and by address over all names.

By account *and* address, so that nobody can lock a whole shift out from elsewhere. Over all names, because each try
costs 30 ms of a core and a record: a flood of made-up names would slow the alarms (SAFETY S12). Who has come in from an
address before is not slowed there by what others try. All of it is memory: a restart forgives.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from stream.clock import monotonic

FREE_TRIES = 5
LOCK_TRIES = 10
LOCK_S = 900.0
ADDRESS_TRIES = 120  # wrong ones, of all names together
ADDRESS_S = 60.0


class Throttle:
    """Counts wrong tries of (user, address): five are free, then the wait doubles, from ten on it is 15 minutes.

    An address may be wrong ``ADDRESS_TRIES`` times in ``ADDRESS_S`` seconds; ``limit`` of each are remembered.
    """

    def __init__(self, clock: Callable[[], float] = monotonic, limit: int = 10_000) -> None:
        self._clock = clock
        self._limit = limit
        self._tries: dict[tuple[str, str], tuple[int, float]] = {}
        self._wrong: dict[str, deque[float]] = {}
        self._known: dict[tuple[str, str], None] = {}
        self._lock = threading.Lock()

    def wait_s(self, user: str, address: str) -> float:
        """Seconds until this pair may try again; 0 = now."""
        now = self._clock()
        with self._lock:
            _, until = self._tries.get((user, address), (0, 0.0))
            wrong = self._wrong.get(address)
            if wrong and len(wrong) == ADDRESS_TRIES and (user, address) not in self._known:
                until = max(until, wrong[0] + ADDRESS_S)
        return max(0.0, until - now)

    def wrong(self, user: str, address: str) -> float:
        """Count a wrong try; answers the seconds that this account has to wait from now on."""
        now = self._clock()
        with self._lock:
            n = self._tries.pop((user, address), (0, 0.0))[0] + 1
            wait = LOCK_S if n >= LOCK_TRIES else 2.0 ** (n - FREE_TRIES) if n >= FREE_TRIES else 0.0
            self._tries[(user, address)] = (n, now + wait)
            times = self._wrong.pop(address, deque(maxlen=ADDRESS_TRIES))
            times.append(now)
            self._wrong[address] = times
            self._trim()
        return wait

    def right(self, user: str, address: str) -> None:
        """Forget what was wrong of this pair, and know it."""
        with self._lock:
            self._tries.pop((user, address), None)
            self._known.pop((user, address), None)
            self._known[(user, address)] = None
            self._trim()

    def _trim(self) -> None:
        for kept in (self._tries, self._wrong, self._known):
            _forget(kept, self._limit)


def _forget(kept: dict[Any, Any], limit: int) -> None:
    """The oldest go until no more than ``limit`` are left."""
    while len(kept) > limit:
        del kept[next(iter(kept))]
