"""The slow twin of ``[when]``: does a rule hold at this moment and place? Written from docs/rules.md, with datetime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cep.exposure import DAYLIGHT, SCHOOL_RUN
from stream.schema import Event

WEATHER = {"rain": "heavy_rain", "snow": "heavy_snow", "wind": "strong_wind", "heat": "heatwave", "cold": "coldwave"}


class When:
    """Hears ``city.context`` and says which rules hold."""

    def __init__(self, city: Any) -> None:
        self.city = city
        self.said: list[Any] = []

    def hear(self, event: Event) -> None:
        if event.type == "city.context":
            self.said.append(event.data)

    def holds(self, when: dict[str, Any], place: Any, at: int) -> bool:
        if not when:
            return True
        local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=9, microseconds=at)
        now = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(hours=1)
        names = self._names(place, local, now, at)
        days = [("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]]
        spans = [s for a, b in when["hours"] for s in ([(a, b)] if a < b else [(a, 24), (0, b)])]
        return (
            (not spans or any(a <= now < b for a, b in spans))
            and (not when["days"] or days[0] in when["days"])
            and (not when["any"] or bool(names & set(when["any"])))
            and set(when["all"]) <= names
            and not names & set(when["none"])
        )

    def _names(self, place: Any, local: datetime, now: float, at: int) -> set[str]:
        here, latest = set(), {}
        for told in self.said:  # the last word of each area and kind counts
            latest[told.area, told.what, "" if told.what == "calendar" else str(told.value)] = told
        for told in latest.values():
            named = (place.dong, place.zone, place.site, place.household) if place is not None else ()
            parts = self.city.parts(told.area)  # of a ward its dong
            mine = parts is None or any(name in parts for name in named)
            if not mine or (told.level == "none" and told.what != "calendar"):
                continue
            if (told.from_ and _us(told.from_) > at) or (told.to and _us(told.to) <= at):
                continue
            here.add(str(told.value) if told.what in ("weather", "calendar") else told.what)
        rise, fall = DAYLIGHT[local.month - 1]
        names = {name for name, value in WEATHER.items() if value in here} | here & {"roadworks", "event"}
        school = local.weekday() < 5 and not here & {"holiday", "vacation", "weekend"}
        zone = self.city.zones.get(place.zone) if place and place.zone else None
        home = self.city.households.get(place.household) if place and place.household else None
        dark = now < rise or now >= fall
        found = {
            "school_day": school, "school_run": school and any(a <= now < b for a, b in SCHOOL_RUN),
            "school_zone": zone is not None and bool(zone.school), "dark": dark,
            "high_risk": home is not None and home.risk == "high",
            "low_light": dark or bool(here & {"heavy_rain", "heavy_snow", "fine_dust"}),
        }  # fmt: skip
        return names | {name for name, yes in found.items() if yes}


def _us(text: str) -> int:
    past = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return past // timedelta(microseconds=1)
