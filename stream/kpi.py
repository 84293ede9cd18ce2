"""The indicators of the city's plan, folded from the journal: one number, one definition, no sum made elsewhere.

Times are the records' own ``at``; a span takes the incidents opened in it, the paints, annunciations and cases of it.
The folds stand one idea a file (``kpi_story``, ``kpi_cases``, ``kpi_road``, ``kpi_devices``, ``kpi_use``); which
figures there are, in which order and unit, stands in ``kpi_table``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import msgspec

from stream import alarmload, kpi_cases, kpi_road, kpi_story, margins, zoneday
from stream.alarmload import AlarmLoad
from stream.figures import load, quantiles
from stream.kinds import KINDS
from stream.kpi_cases import Cases
from stream.kpi_devices import Outages
from stream.kpi_road import Road
from stream.kpi_span import parts
from stream.kpi_story import Stories
from stream.kpi_table import figures
from stream.kpi_times import times, verdicts
from stream.kpi_use import ACCESS, DEEDS, Use
from stream.margins import Margins
from stream.schema import Place, Record
from stream.zoneday import ZoneDays

NONE_AFTER_ALL = ("false_alarm", "test", "duplicate")


class Kpi:
    """``apply`` each record; ``view(frm, to)`` gives the figures of a span (µs), of one dong or zone when named.

    ``place`` says where a site or device is, ``expected`` are the sources that should speak, ``people`` live here,
    ``heard`` tells when a source spoke last (0: never).
    """

    def __init__(self, place: Callable[[str], Place | None] | None = None, expected: Collection[str] = (),
                 people: int = 0, heard: Callable[[str], int] = lambda source: 1) -> None:
        self._place, self._expected, self._people, self._heard = place, expected, people, heard
        self._stories, self._cases, self._road = Stories(), Cases(), Road()
        self._outages, self._use, self._alarms, self._margins = Outages(), Use(), AlarmLoad(), Margins()
        self.days = ZoneDays()  # what the schools' boards count
        folds = (
            (self._stories, {*kpi_story.STEPS, *kpi_story.FIRST_DEEDS}), (self._cases, kpi_cases.STEPS),
            (self._road, kpi_road.STEPS), (self._outages, {"device.noted"}), (self._use, {*ACCESS, *DEEDS}),
            (self._alarms, alarmload.STEPS), (self._margins, margins.KINDS), (self.days, zoneday.KINDS),
        )  # fmt: skip
        self._steps: dict[str, list[Callable[[Record], None]]] = {
            kind: [fold.apply for fold, kinds in folds if kind in kinds] for kind in KINDS}
        self._zones: dict[str, tuple[str, str]] = {}
        self.first = self.last = 0  # moments of the journal

    def apply(self, record: Record) -> None:
        """Take one record in; kinds that say nothing about the figures cost a few look-ups."""
        if not self.first:
            self.first = record.noted_at
            self._outages.apply(record)  # nothing was expected of a device before
        self.last = max(self.last, record.noted_at)
        for step in self._steps.get(record.kind, ()):
            step(record)

    def view(self, frm: int, to: int, area: str = "") -> dict[str, Any]:
        """Every figure of ``frm`` <= time < ``to``. Durations in seconds unless the name says otherwise.

        Use and protection are of the whole house, whatever the area; reports per 100,000 are of the whole city only.
        """
        stories = self._stories.of(frm, to, area)
        begun = self._begun(frm, to)
        told = load(self._stories.annunciated(begun, to, area), begun, to)
        return {
            "from": frm,
            "to": to,
            "area": area,
            "detection_to_popup_ms": quantiles(self._stories.painted(frm, to, area), 0.99),
            **times(stories),
            **verdicts(stories),
            "load": told | {"from_ms": begun // 1000, "per_operator": self._use.per_operator(told["slots"], begun)},
            "notices": sum(not s.sounded for s in stories),
            **self._cases.view(frm, to, area, 0 if area else self._people),
            **self._road.view(frm, to, area, self._zone),
            "margins": self._margins.view(frm, to, lambda site: not area or area in self._zone(site)),
            **self._outages.view(frm, to, self._expected, lambda source: not area or area in self._zone(source),
                                 self._heard),
            **self._use.view(frm, to),
        }

    def _begun(self, frm: int, to: int) -> int:
        """From when slots of ten minutes are counted: a time before the journal's first record was no calm one."""
        return max(frm, min(self.first, to))

    def false_alarms(self) -> dict[str, Any]:
        """False alarms of all verdicts so far: ``all``, ``by_rule``, ``by_source``, each a rate with its interval."""
        told: dict[str, Any] = verdicts(self._stories.of(0, self.last + 1, ""))["false_alarms"]
        return told

    def alarm_load(self, frm: int, to: int) -> dict[str, Any]:
        """Standing, stale, fleeting, chattering, floods of the room, by who was at work (``stream.alarmload``)."""
        begun = self._begun(frm, to)
        told = load(self._stories.annunciated(begun, to), begun, to)
        operators = self._use.per_operator(told["slots"], begun)["operators"]
        return self._alarms.view(frm, to, max(1, round(operators)))

    def by_dong(self, frm: int, to: int, dongs: Iterable[str]) -> dict[str, dict[str, int]]:
        """Incidents of road and care (false alarms, tests and repeats left out) and welfare cases of each dong."""
        table = {}
        for dong in dongs:
            real = [s for s in self._stories.of(frm, to, dong) if s.disposition not in NONE_AFTER_ALL and not s.merged]
            count = {domain: sum(s.domain == domain for s in real) for domain in ("road", "care")}
            table[dong] = count | {"reports": self._cases.view(frm, to, dong)["reports"]["n"]}
        return table

    def indicators(self, view: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of ``kpi_table`` for a view, as plain values."""
        return [msgspec.structs.asdict(row) for row in figures(view)]

    def series(self, frm: int, to: int, by: str, area: str = "") -> list[dict[str, Any]]:
        """The indicators by Korean day, week or month: ``[{from, to, figures}]``, from the journal's beginning on."""
        spans = parts(max(frm, self.first), to, by) if self.first else []
        return [{"from": a, "to": b, "figures": self.indicators(self.view(a, b, area))} for a, b in spans]

    def _zone(self, subject: str) -> tuple[str, str]:
        """(zone, dong) of a subject, "" where there is none."""
        found = self._zones.get(subject)
        if found is None:
            place = self._place(subject) if self._place else None
            found = self._zones[subject] = ((place.zone or "", place.dong or "") if place else ("", ""))
        return found
