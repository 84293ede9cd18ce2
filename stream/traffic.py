"""How many vehicles a site sees and how fast they go, counted from frames: one record a site and hour.

Frames are no records, so what the figures need of them is counted while they pass, from the frames' own times and in
their order: the same frames give the same records, whatever the turns. Of each source the first frame of a second is
looked at. A vehicle is a track (CONTRACT 6: unseen for 30 s it has ended); it counts for the hour it was last seen in.
Its speed is the mean of the looks at which it moved, and it kept the limit unless two looks (or its only one) saw it
above: one look alone may be the sensor's error. Of several sources that see one site the one that counted most speaks.
"""

from __future__ import annotations

from collections.abc import Callable

from stream.facts import Passed
from stream.kinds import draft
from stream.schema import US, Draft, Event

ENDED_US = 30 * US
HOUR_US = 3600 * US
GRACE_US = 60 * US  # after the hour: every vehicle of it has ended by then
MOVING_MPS = 1.0
KPH = 3.6
VEHICLES = frozenset({"vehicle", "bus", "truck", "motorcycle"})
MOST = 2000  # tracks of a source at once; no sensor follows more, a hostile one cannot fill the memory
FRAME = "city.road.frame"


class Track:
    """One vehicle while it is seen: when last, its moving looks, the sum of their m/s, how many were too fast."""

    __slots__ = ("above", "looks", "seen", "speeds")

    def __init__(self) -> None:
        self.seen = self.looks = self.above = 0
        self.speeds = 0.0


class Count:
    """A source's hour: vehicles that moved, those within the limit, the sum of their mean km/h, seconds looked at."""

    def __init__(self, limit_kph: float) -> None:
        self.vehicles = self.within = self.seconds = 0
        self.kph, self.limit_kph = 0.0, limit_kph


class Site:
    """What is counted of one site and not told yet: tracks by source, counts by (hour, source)."""

    def __init__(self) -> None:
        self.tracks: dict[str, dict[int | str, Track]] = {}
        self.counts: dict[tuple[int, str], Count] = {}


class Traffic:
    """``hear`` each event in order; ``limit_kph(site, at)`` is the city's word."""

    def __init__(self, limit_kph: Callable[[str, int], float]) -> None:
        self._limit_kph = limit_kph
        self._second: dict[str, int] = {}
        self._sites: dict[str, Site] = {}

    def hear(self, event: Event) -> list[Draft]:
        """Look at a frame; the records of the site's hours that are over by now."""
        if event.type != FRAME or self._second.get(event.source, -1) >= event.at // US:
            return []
        self._second[event.source] = event.at // US
        name = event.data.site
        site = self._sites.setdefault(name, Site())
        self._sweep(name, site, event.at - ENDED_US)
        self._look(name, site, event)
        return self._told(name, site, (event.at - GRACE_US) // HOUR_US, event.at)

    def rest(self, at: int) -> list[Draft]:
        """What was counted and not told yet: the console stops at ``at``."""
        told: list[Draft] = []
        for name in sorted(self._sites):
            site = self._sites[name]
            self._sweep(name, site, at)
            told += self._told(name, site, at // HOUR_US + 1, at)
        return told

    def _look(self, name: str, site: Site, event: Event) -> None:
        limit, tracks = self._limit_kph(name, event.at), site.tracks.setdefault(event.source, {})
        self._count(site, event.at // HOUR_US, event.source, limit).seconds += 1
        for one in event.data.objects:
            if one.cls not in VEHICLES or (one.id not in tracks and len(tracks) >= MOST):
                continue
            track = tracks.setdefault(one.id, Track())
            track.seen = event.at
            speed = float((one.vx * one.vx + one.vy * one.vy) ** 0.5)
            if speed >= MOVING_MPS:
                track.looks += 1
                track.speeds += speed
                track.above += round(speed * KPH, 3) > limit

    def _count(self, site: Site, hour: int, source: str, limit: float) -> Count:
        return site.counts.setdefault((hour, source), Count(limit))

    def _sweep(self, name: str, site: Site, until: int) -> None:
        """Count the vehicles last seen at ``until`` or before; what stood all the time is parked and no vehicle."""
        for source, tracks in site.tracks.items():
            for id in [id for id, track in tracks.items() if track.seen <= until]:
                track = tracks.pop(id)
                if track.looks:
                    count = self._count(site, track.seen // HOUR_US, source, self._limit_kph(name, track.seen))
                    count.vehicles += 1
                    count.within += track.above < min(2, track.looks)
                    count.kph += track.speeds / track.looks * KPH

    def _told(self, name: str, site: Site, before: int, at: int) -> list[Draft]:
        """Records of the hours earlier than ``before``."""
        told = []
        for hour in sorted({hour for hour, _ in site.counts if hour < before}):
            rows = [site.counts.pop(key) for key in sorted(site.counts) if key[0] == hour]
            best = max(rows, key=lambda c: (c.vehicles, c.seconds))
            mean = round(best.kph / best.vehicles, 2) if best.vehicles else 0.0
            body = Passed(hour * HOUR_US, best.vehicles, best.within, mean, best.limit_kph, best.seconds)
            told.append(draft("traffic.noted", name, at, body, "engine", "timer"))
        return told
