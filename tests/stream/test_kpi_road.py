"""A school zone's day: vehicles, speeds and events by zone and hour, per 1,000 vehicles seen."""

from __future__ import annotations

from typing import get_args, get_type_hints

from stream import bodies
from stream.contract import RoadDetection
from stream.facts import Passed
from stream.kinds import draft
from stream.kpi_road import EVENTS, Road
from stream.schema import US, DetectionRef
from tests.ledger import T0, Ledger
from tests.servers import ROOT

HOUR = 3600 * US
ZONES = {"XW-1": ("SZ-1", "궐동"), "XW-2": ("SZ-2", "오산동"), "XW-9": ("", "궐동")}


def zone(subject: str) -> tuple[str, str]:
    return ZONES.get(subject, ("", ""))


def road() -> Road:
    ledger, made = Ledger(), Road()
    for hour, site, vehicles, within, kph in ((0, "XW-1", 400, 380, 25.0), (1, "XW-1", 100, 90, 30.0),
                                              (0, "XW-2", 500, 250, 40.0), (0, "XW-9", 999, 0, 90.0)):
        body = Passed(T0 + hour * HOUR, vehicles, within, kph, 30.0)
        ledger.note([draft("traffic.noted", site, T0 + (hour + 1) * HOUR, body)])
    for n in range(5):
        ledger.note([draft("detection.noted", "XW-1", T0 + n, bodies.Notice("speeding", 0))])
    seen = DetectionRef("reported", T0, "XW-1", 1, {"what": "jaywalking"})
    id = ledger.open(detections=(seen,)).id
    again = bodies.Folded("reported", "XW-1", T0 + HOUR, 1, "jaywalking")
    near = bodies.Attached(DetectionRef("near_miss", T0, "XW-1", 2), "x", "road")
    ledger.note([draft("incident.folded", id, T0 + HOUR, again), draft("incident.attached", id, T0, near)])
    for record in ledger.records:
        made.apply(record)
    return made


def test_a_zone_by_hand():
    one = road().view(T0, T0 + 24 * HOUR, "", zone)["school"]["zones"]["SZ-1"]
    assert (one["vehicles"], one["compliance"]["k"], one["compliance"]["rate"]) == (500, 470, 0.94)
    assert one["mean_kph"] == 26.0
    assert one["speeding"] == {"n": 5, "per_1000": 10.0, "vehicles": 500}
    assert one["jaywalking"]["n"] == 2 and one["risk"]["per_1000"] == 2.0 and one["signal"]["n"] == 0
    nine, ten = one["by_hour"][9], one["by_hour"][10]
    assert (nine["vehicles"], nine["speeding"]["per_1000"], nine["mean_kph"]) == (400, 12.5, 25.0)
    assert (ten["jaywalking"]["n"], ten["jaywalking"]["per_1000"]) == (1, 10.0)
    assert one["by_hour"][3]["mean_kph"] is None and one["by_hour"][3]["risk"]["per_1000"] is None


def test_all_zones_are_the_sum_and_what_lies_in_none_is_no_school_figure():
    told = road().view(T0, T0 + 24 * HOUR, "", zone)
    assert told["school"]["all"]["vehicles"] == 1000 and set(told["school"]["zones"]) == {"SZ-1", "SZ-2"}
    assert told["road"]["speeding"]["by_subject"] == {"XW-1": 5}


def test_one_area_and_one_hour():
    made = road()
    assert made.view(T0, T0 + 24 * HOUR, "SZ-2", zone)["school"]["all"]["mean_kph"] == 40.0
    assert made.view(T0, T0 + 24 * HOUR, "오산동", zone)["road"] == {}
    assert made.view(T0 + HOUR, T0 + 2 * HOUR, "", zone)["school"]["all"]["vehicles"] == 100
    assert made.view(T0 + 1, T0 + HOUR, "", zone)["school"]["all"]["vehicles"] == 0, "whole hours only"


def test_no_event_is_counted_in_two_columns_and_each_is_one_that_can_happen():
    names = [name for row in EVENTS.values() for name in row]
    rules = {file.stem for file in (ROOT / "cep/rules").glob("*.toml")}
    assert set(names) <= rules | set(get_args(get_type_hints(RoadDetection)["what"]))
    assert len(names) == len(set(names))
