"""Moving objects for the screens that watch a site: the newest frame, at most 10 a second, one flat array a site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from geo.frame import to_lonlat
from stream.clock import monotonic
from stream.schema import Event

TYPE = "city.road.frame"
MIN_GAP_S = 0.1
OVERVIEW = "*"
OVERVIEW_SITES = 5
WATCH_MAX = 20


def flat(site: Any, event: Event) -> list[Any]:
    """``[id, class, lon, lat, speed, …]``: five values an object, degrees to 6 places, m/s to 1."""
    row: list[Any] = []
    for o in event.data.objects:
        lon, lat = to_lonlat(site, o.x, o.y)
        row += (o.id, o.cls, round(lon, 6), round(lat, 6), round((o.vx * o.vx + o.vy * o.vy) ** 0.5, 1))
    return row


class Frames:
    """Which screen watches which site, and the newest frame of each watched one."""

    def __init__(self, city: Any, emit: Callable[[str, Any, str], None]) -> None:
        self._city = city
        self._emit = emit
        self._lock = threading.Lock()
        self._watch: dict[str, frozenset[str]] = {}
        self._watched: frozenset[str] = frozenset()
        self._busy: tuple[str, ...] = ()
        self._newest: dict[str, Event] = {}
        self._sent_at: dict[str, float] = {}

    @property
    def waiting(self) -> bool:
        """Whether a frame waits to be sent."""
        return bool(self._newest)

    def watch(self, sid: str, sites: Iterable[str]) -> list[str]:
        """The screen ``sid`` watches these sites from now on; answers its rooms (unknown sites have none)."""
        wanted = frozenset(s for s in list(sites)[:WATCH_MAX] if s == OVERVIEW or s in self._city.sites)
        with self._lock:
            self._watch[sid] = wanted
            self._count()
        return [f"site:{s}" for s in sorted(wanted)]

    def leave(self, sid: str) -> None:
        """The screen is gone."""
        with self._lock:
            self._watch.pop(sid, None)
            self._count()

    def overview(self, sites: Iterable[str | None]) -> None:
        """The sites that have something open, most urgent first: the overview shows the first five."""
        known = dict.fromkeys(s for s in sites if s is not None and s in self._city.sites)
        with self._lock:
            self._busy = tuple(known)[:OVERVIEW_SITES]
            self._count()

    def _count(self) -> None:
        watched = frozenset().union(*self._watch.values())
        self._watched = watched | set(self._busy) if OVERVIEW in watched else watched

    def hear(self, turn: Any) -> bool:
        """Keep the newest frame of each watched site (loop thread); True when one waits and none did before."""
        watched, before = self._watched, bool(self._newest)
        if not watched:
            return False
        for event in turn.events:
            if event.type == TYPE and event.data.site in watched:
                self._newest[event.data.site] = event
        return bool(self._newest) and not before

    def flush(self, now: int) -> None:
        """Send what is due: to the site's own room, and to the overview's."""
        tick = monotonic()
        overview: dict[str, Any] = {}
        for site in [s for s in list(self._newest) if tick - self._sent_at.get(s, 0.0) >= MIN_GAP_S]:
            row = flat(self._city.sites[site], self._newest.pop(site))
            self._sent_at[site] = tick
            self._send(now, {site: row}, f"site:{site}")
            if site in self._busy:
                overview[site] = row
        if overview:
            self._send(now, overview, f"site:{OVERVIEW}")

    def _send(self, now: int, sites: dict[str, Any], room: str) -> None:
        self._emit("frames", msgspec.Raw(msgspec.json.encode({"at": now // 1000, "sites": sites})), room)
