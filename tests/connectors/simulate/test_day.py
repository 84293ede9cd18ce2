"""A day as a whole: the same bytes from the same seed, good events only, and quiet after its opening."""

import msgspec
import pytest

from connectors.decode import decode
from connectors.simulate.day import Day, ticks
from geo.city import City
from stream.schema import US
from tests.connectors.simulate.sight import MORNING, NIGHT, OSAN, read


def lines(seed: int, seconds: int, start: int = MORNING, **options: object) -> list[bytes]:
    return [m.body for m in ticks(Day(OSAN, seed, start, **options), start + seconds * US)]  # type: ignore[arg-type]


def test_the_same_seed_and_start_give_the_same_bytes() -> None:
    assert lines(4, 120) == lines(4, 120)
    assert lines(4, 60) != lines(5, 60)


def test_every_event_of_an_hour_is_good_and_named_once() -> None:
    messages = ticks(Day(OSAN, 2, MORNING), MORNING + 3600 * US)
    assert all(decode(m.body, m.at, None)[1] == [] for m in messages)
    assert len({(m.source, m.id) for m in messages}) == len(messages)
    assert all(OSAN.knows(m.source) for m in messages)  # nobody is asked to register
    known = {e["data"]["site"] for e in read(messages, "city.road.frame")}
    assert known <= set(OSAN.sites) and len(known) >= 10
    assert {e["type"] for e in read(messages)} >= {
        "city.road.frame", "city.road.signal", "city.road.detection", "city.care.reading", "city.care.alarm",
        "city.care.call", "city.welfare.case", "city.device.status", "city.context",
    }  # fmt: skip


def test_alarms_come_in_the_order_and_at_the_time_they_say() -> None:
    day = Day(OSAN, 2, MORNING)
    for n in range(1, 1800):
        at = MORNING + n * US // 10
        assert all(at - US // 10 <= m.at <= at for m in day.step(at) if m.delivery != "reading")


def test_after_the_opening_an_ordinary_hour_has_few_alarms() -> None:
    messages = ticks(Day(OSAN, 2, NIGHT), NIGHT + 3600 * US)
    later = [m for m in messages if m.at > NIGHT + 300 * US and m.delivery == "alarm"]
    kinds = [msgspec.json.decode(m.body) for m in later]
    rung = [k for k in kinds if k["type"] in ("city.care.alarm", "city.road.detection", "city.sos")]
    assert len(rung) <= 8


def test_homes_that_live_alone_are_called_in_the_morning_and_answer() -> None:
    start = MORNING + 2 * 3600 * US  # 09:30
    calls = read(ticks(Day(OSAN, 2, start - 60 * US, domains={"care"}), start + 7500 * US), "city.care.call")
    answered = {c["subject"] for c in calls if c["data"]["result"] == "answered"}
    assert {h.id for h in OSAN.households.values() if h.alone} <= answered


@pytest.mark.parametrize("domain, absent", [("school", "city.care.alarm"), ("care", "city.road.frame"),
                                            ("welfare", "city.care.reading")])  # fmt: skip
def test_one_domain_alone(domain: str, absent: str) -> None:
    messages = ticks(Day(OSAN, 2, MORNING, domains={domain}), MORNING + 200 * US)
    types = {e["type"] for e in read(messages)}
    assert absent not in types and "city.device.status" in types
    assert any(m.delivery == "alarm" and m.at <= MORNING + 20 * US for m in messages) or domain == "school"


def test_the_rhythm_can_be_another_hour_than_the_stamps() -> None:
    by_night = read(ticks(Day(OSAN, 2, NIGHT, shift_us=int(5.5 * 3600) * US), NIGHT + 120 * US), "city.road.frame")
    assert any(o["class"] == "child" for e in by_night[-500:] for o in e["data"]["objects"])
    assert all(e["time"].startswith("2026-07-01T03:0") for e in by_night)


def test_a_pause_is_no_gap_for_homes() -> None:
    day = Day(OSAN, 2, MORNING, domains={"care"})
    ticks(day, MORNING + 10 * US)
    day.at = MORNING + 3600 * US
    caught_up = read(day.step(day.at + US // 10), "city.care.reading")
    assert len(caught_up) > 200


@pytest.mark.parametrize("kinds", [{"boundary", "school"}, {"boundary", "household"}, set()])
def test_a_small_city_lives_too(kinds: set[str]) -> None:
    small = City([f for f in OSAN.features if f.kind in kinds], "x")
    messages = ticks(Day(small, 1, MORNING), MORNING + 200 * US)
    assert all(decode(m.body, m.at, None)[1] == [] for m in messages)
    assert bool(read(messages, "city.care.reading")) == ("household" in kinds)
