"""The hand-off from the many threads that bring messages in to the one loop that judges them.

Three lanes, so that an alarm never waits behind readings, nor a reading behind frames. Only the lane of telemetry is
bounded: when it is full the oldest message goes, and is counted by source and named to the loop. What waits is taken in
the order it came as long as it fits into one turn; when more waits than that, alarms go first. How much fits, the turns
before tell: an alarm that comes while one goes on waits for its end, so it must not be long.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable

import msgspec

from stream.clock import monotonic
from stream.schema import Delivery, Event, Quarantined

ALARM, READING, TELEMETRY = "alarm", "reading", "telemetry"
LANES = (ALARM, READING, TELEMETRY)
TURN_S = 0.25  # a turn under a flood: an alarm waits for two of them at most
LEAST = 512  # events of a turn however slow the last was: a stall of the disk says nothing about the next


class Outcome(msgspec.Struct, frozen=True):
    """What became of one arrival, told once it is durable (``ok``) or cannot be made durable now (not ``ok``).

    ``ids`` are alarms and readings that are safe with us (duplicates and quarantined ones too); ``seqs`` names for each
    source the highest number with nothing missing below it, None when it sends none.
    """

    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ok: bool = True
    ids: list[str] = []
    seqs: dict[str, int | None] = {}


class Arrival(msgspec.Struct, frozen=True, eq=False):
    """One message as it was decoded. ``done`` is called exactly once, on the loop's thread (for shed telemetry on the
    thread that brought the next one); it must not wait. ``lane`` is a name for people; ``lane_of`` decides."""

    events: list[Event]
    quarantined: list[Quarantined] = []
    done: Callable[[Outcome], None] | None = None
    lane: str = ""


def lane_of(events: Iterable[Event], quarantined: Iterable[Quarantined] = ()) -> str:
    """The most urgent class in a message names its lane; what could not be read may have been an alarm."""
    classes = {event.delivery for event in events}
    if Delivery.alarm in classes or any(True for _ in quarantined):
        return ALARM
    return READING if Delivery.reading in classes else TELEMETRY


class Shed(msgspec.Struct):
    """Telemetry that was let go since the last look: how many by source, and which numbers."""

    n: Counter[str] = msgspec.field(default_factory=Counter)
    seqs: dict[str, list[int]] = {}


class Intake:
    """Bounded hand-off. ``limit`` counts waiting telemetry messages (events, an array of 50 counts as 50)."""

    def __init__(self, limit: int, cap: int = 4096, least_s: float = 0.010) -> None:
        self.limit = limit
        self.cap = cap
        self.least_s = least_s
        self.received = 0  # events and quarantined messages handed in
        self.shed = 0
        self.shed_by: Counter[str] = Counter()  # since the start
        self._lanes: dict[str, deque[tuple[int, Arrival]]] = {lane: deque() for lane in LANES}
        self._waiting = dict.fromkeys(LANES, 0)
        self._n = 0
        self._shed = Shed()
        self._ready = threading.Condition()
        self._ending = threading.Event()
        self._closed = False
        self._nudged = False
        self._last = -1e9
        self._room, self._picked = cap, 0  # events that fit into the next turn; that the last one had
        self._taken: Arrival | None = None  # the oldest of what the loop works on now

    def put(self, arrival: Arrival) -> bool:
        """Hand one message in, from any thread. False: not taken (closed), or telemetry that was itself shed."""
        size = len(arrival.events) + len(arrival.quarantined)
        lane = lane_of(arrival.events, arrival.quarantined)
        let_go: list[Arrival] = []
        with self._ready:
            if self._closed:
                return False
            self.received += size
            self._n += 1
            self._lanes[lane].append((self._n, arrival))
            self._waiting[lane] += size
            while lane == TELEMETRY and self._waiting[TELEMETRY] > self.limit:
                let_go.append(self._shed_oldest())
            self._ready.notify()
        for old in let_go:
            if old.done is not None:
                old.done(Outcome())
        return not any(old is arrival for old in let_go)

    def _shed_oldest(self) -> Arrival:
        """Let the telemetry that waits longest go, and remember what it was."""
        _, old = self._lanes[TELEMETRY].popleft()
        self._waiting[TELEMETRY] -= len(old.events)
        self.shed += len(old.events)
        for event in old.events:
            self.shed_by[event.source] += 1
            self._shed.n[event.source] += 1
            if event.seq is not None:
                self._shed.seqs.setdefault(event.source, []).append(event.seq)
        return old

    def take(self, timeout: float) -> list[Arrival]:
        """All that waits, at most ``cap`` events (but one arrival at least), as soon as something waits.

        Returns an empty list after ``timeout`` seconds, or at once when it was nudged or closed. Two takes that found
        something lie at least ``least_s`` apart, so that a turn has something to do.
        """
        with self._ready:
            self._taken = None
            self._measure(monotonic() - self._last)
            self._ready.wait_for(self._has_news, timeout)
            if not self._has_news():
                return []
        pause = self._last + self.least_s - monotonic()
        if pause > 0:
            self._ending.wait(pause)  # not on the condition: each message that comes meanwhile would wake us
        with self._ready:
            self._nudged = False
            self._last = monotonic()
            return self._pick()

    def _has_news(self) -> bool:
        return self._closed or self._nudged or any(self._lanes.values())

    def _measure(self, took_s: float) -> None:
        """The last turn is over: so many events in so long; the next one gets what fits into ``TURN_S``."""
        if self._picked:
            fits = int(self._picked * TURN_S / max(took_s, 1e-6))
            self._room = min(self.cap, max(LEAST, fits))
            self._picked = 0

    def _pick(self) -> list[Arrival]:
        picked: list[tuple[int, Arrival]] = []
        room = self._room
        for lane in LANES:
            waiting = self._lanes[lane]
            while waiting and (room > 0 or not picked):
                n, arrival = waiting[0]
                size = len(arrival.events) + len(arrival.quarantined)
                if size > room and picked:
                    break
                waiting.popleft()
                self._waiting[lane] -= size
                room -= size
                picked.append((n, arrival))
            if waiting:
                break
        picked.sort(key=lambda pair: pair[0])
        self._taken = picked[0][1] if picked else None
        self._picked = self._room - room
        return [arrival for _, arrival in picked]

    def take_shed(self) -> Shed:
        """What was shed since this was asked last."""
        with self._ready:
            shed, self._shed = self._shed, Shed()
            return shed

    def waiting(self) -> int:
        """How many events wait now."""
        return sum(self._waiting.values())

    def oldest(self) -> int | None:
        """Arrival time (µs) of the oldest event that waits or is being worked on, None without one: how far behind the
        loop is."""
        with self._ready:
            heads = [waiting[0][1] for waiting in self._lanes.values() if waiting]
            heads += [self._taken] if self._taken else []
        times = [(head.events or head.quarantined)[0].arrival for head in heads if head.events or head.quarantined]
        return min(times, default=None)

    def nudge(self) -> None:
        """Let ``take`` return now: something else than a message waits for the loop (a command)."""
        with self._ready:
            self._nudged = True
            self._ready.notify()

    def close(self) -> None:
        """Take nothing more in; what waits can still be taken."""
        with self._ready:
            self._closed = True
            self._ending.set()
            self._ready.notify_all()
