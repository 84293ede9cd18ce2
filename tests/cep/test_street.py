"""Street rules as arrays, and a city's areas behind the names of its sites."""

import numpy as np

from cep.engine import Engine
from cep.follow import compile_follow
from cep.memory import Memory
from cep.rules import RuleTable, load_rules
from cep.street import PER_TRACK, SPOTS, compile_street, street_of
from cep.table import compile_rules
from geo.city import load_city
from stream.schema import US, Event, RoadFrame, RoadObject, Severity
from tests.cep.streams import PlainCity

RULES = load_rules()
STREET = compile_street(RULES)
DAY = 86_400 * US


def test_numbers_are_squares_microseconds_and_bits() -> None:
    stray, dwell, parking = STREET.strays[0], STREET.dwells[0], STREET.parkings[0]
    assert (stray["margin2"], stray["hold"], stray["grave_severity"]) == (4.0, US, Severity.moderate)
    assert (dwell["first"], dwell["last"], dwell["days"]) == (7.5 * 3600 * US, 17.5 * 3600 * US, 0b11111)
    assert (parking["stay"], parking["radius2"], parking["range"]) == (300 * US, 4.0, 10.0)
    assert sorted(row["sign"] for row in STREET.jolts) == [-1.0, 1.0]
    assert round(float(STREET.againsts[0]["cosine"]), 9) == 0.707106781
    assert all(len(rows) == 0 for rows in compile_street(RuleTable([])))


def test_each_site_has_the_areas_that_the_city_draws_and_an_unknown_one_has_none() -> None:
    street, of = street_of(PlainCity(), STREET)
    first, corner = street.places[of["S0"]], street.places[of["S2"]]
    assert (first["n_way"], first["n_walk"], first["n_lanes"], first["n_waits"], first["school"]) == (4, 4, 1, 0, 1)
    assert (corner["n_way"], corner["n_waits"], corner["school"]) == (0, 1, 0)
    assert (first["west"], first["north"]) == (-4.0, 20.0)
    lane = street.lanes[first["lane"]]
    assert (lane["ux"], lane["uy"]) == (0.0, 1.0)
    assert street.places[0] == np.zeros((), street.places.dtype) and "S9" not in of
    assert street.spots.shape == (3, 1, SPOTS)


def test_tables_grow_with_names_and_tracks() -> None:
    memory = Memory(PlainCity(), compile_rules(RULES), compile_follow(RULES), STREET)
    for n in range(200):
        memory.entity(f"/device/{n}")
        memory.track(0, n)
    assert all(len(getattr(memory.street, name)) >= 200 for name in PER_TRACK)
    site = memory.entity("S2")
    assert memory.street.watch[site]["place"] == 2 and memory.street.watch[0]["place"] == 0


def frames(objects: list[RoadObject], times: range, site: str = "XW-TEST-01") -> list[Event]:
    """One frame at each of these seconds of 2 March 2026, a Monday."""
    start = 1_772_377_200 * US
    stamps = [start + s * US for s in times]
    frame = RoadFrame(site, objects)
    return [Event(str(at), "/device/test-01", "city.road.frame", at, "", frame, None, at, at) for at in stamps]


def test_a_car_parked_for_three_days_is_one_detection() -> None:
    car = RoadObject("v1", "vehicle", 5.0, 9.0, 0.0, 0.0)
    found = Engine(load_city(), RULES).step(frames([car], range(0, 3 * 86_400, 20)))
    assert [(d.rule, d.evidence["stayed_s"]) for d in found] == [("illegal_parking", 300.0)]


def test_a_car_parked_for_three_days_whose_number_changes_all_the_time_is_one_too() -> None:
    engine, found = Engine(load_city(), RULES), []
    for n in range(72 * 6):
        car = RoadObject(f"v{n}", "vehicle", 5.0 + n % 3 * 0.4, 9.0, 0.0, 0.0)
        found += engine.step(frames([car], range(n * 600, n * 600 + 500, 50)))
    assert [d.rule for d in found] == ["illegal_parking"]


def test_a_rule_that_is_off_and_a_site_without_areas_say_nothing() -> None:
    car = RoadObject("v1", "vehicle", 5.0, 9.0, 0.0, 0.0)
    rules = RuleTable(r for r in RULES.rules if r.id != "illegal_parking")
    assert Engine(load_city(), rules).step(frames([car], range(0, 1000, 10))) == []
    assert Engine(load_city(), RULES).step(frames([car], range(0, 1000, 10), "XW-NOBODY-KNOWS")) == []
