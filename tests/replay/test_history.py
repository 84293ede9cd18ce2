"""A home's day against its own fortnight: worked out by hand, then what every history must hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from replay.history import DAY_US, HOUR_US, Day, Lane, day, intervals
from stream.readings import Reading
from stream.schema import US

TO = 1_790_000_000 * US
MINUTE = 60 * US


def said(hours_ago: float, sensor: str, value: float = 1.0, location: str = "", unit: str = "") -> Reading:
    return Reading(TO - round(hours_ago * HOUR_US), sensor, location, unit, value)


def told(*readings: Reading) -> dict[str, Lane]:
    made: Day = day(sorted(readings), TO)
    return {f"{lane.what} {lane.location}".strip(): lane for lane in made.lanes}


def fortnight(sensor: str, value: float = 1.0, at: tuple[float, ...] = (1.5, 3.5), **more: str) -> list[Reading]:
    """The same each day for 14 days, and not today."""
    return [said(24 * n + h, sensor, value, **more) for n in range(1, 15) for h in at]


def test_a_silent_day_lies_below_a_fortnight_of_habit() -> None:
    lane = told(*fortnight("pir", location="living"), said(20, "pir", location="living"))["pir living"]
    assert lane.band[22] == (1.0, 1.0) and lane.band[10] == (0.0, 0.0)
    assert lane.often[20] and lane.often[22] and not lane.often[21]
    assert (lane.now, lane.usual, lane.out) == (1.0, (2.0, 2.0), "low")
    assert lane.marks == [[TO - 20 * HOUR_US]] and lane.last == TO - 20 * HOUR_US


def test_a_count_a_little_beyond_its_band_is_no_news() -> None:
    usual = fortnight("pir", at=tuple(7 + n / 10 for n in range(20)))
    for n, out in ((14, "low"), (16, ""), (24, ""), (26, "high")):
        assert told(*usual, *(said(7 + k / 10, "pir") for k in range(n)))["pir"].out == out, n


def test_of_few_days_nothing_is_said_and_days_nobody_heard_do_not_count() -> None:
    three = [said(24 * n + 1, "pir") for n in (1, 2, 3)]
    assert told(*three)["pir"].usual is None and told(*three)["pir"].out == ""
    heard = day(sorted([*three, said(24 * 9 + 1, "pir")]), TO)
    assert heard.days == 4 and heard.lanes[1].usual == (1.0, 1.0)


def test_a_door_that_stands_open_lasts_until_now_and_is_counted_by_its_openings() -> None:
    door = told(said(5, "door", 0.0, "front"), said(4, "door", 1.0, "front"), said(3.9, "door", 0.0, "front"),
                said(2, "door", 1.0, "front"))["door front"]  # fmt: skip
    assert door.form == "state" and door.now == 2.0
    assert door.marks == [[TO - 4 * HOUR_US, TO - round(3.9 * HOUR_US)], [TO - 2 * HOUR_US, TO]]


def test_a_meter_is_what_it_grew_by_and_a_socket_is_a_level() -> None:
    lanes = told(said(30, "water", 100.0, unit="L"), said(3.5, "water", 104.0, unit="L"),
                 said(2.5, "water", 5.0, unit="L"), said(2, "power", 75.0, "tv", "W"),
                 said(1, "power", 0.0, "tv", "W"))  # fmt: skip
    water, socket = lanes["water"], lanes["power tv"]
    assert (water.form, water.now, water.hours[20]) == ("sum", 4.0, 4.0)  # a new meter begins anew
    assert (socket.form, socket.now, socket.hours[22], socket.hours[23]) == ("level", 0.0, 75.0, 0.0)


def test_a_room_below_its_own_band_is_cold_and_a_little_is_no_news() -> None:
    usual = [said(24 * n + h, "temperature", 20 + n % 3, unit="C") for n in range(1, 15) for h in range(24)]
    for value, out in ((15.0, "low"), (19.4, ""), (25.0, "high")):
        lane = told(*usual, said(2, "temperature", value, unit="C"), said(0.9, "temperature", value, unit="C"))
        assert lane["temperature"].usual == (20.0, 22.0)
        assert (lane["temperature"].now, lane["temperature"].out) == (value, out)


def test_a_value_does_not_stand_for_ever_but_a_socket_s_until_it_says_otherwise() -> None:
    lanes = told(said(20, "temperature", 20.0), said(20, "power", 0.0, unit="W"))
    assert lanes["temperature"].hours[4:10] == [20.0] * 6 and lanes["temperature"].hours[10] is None
    assert lanes["power"].hours[4:] == [0.0] * 20


def test_a_morning_s_silence_is_not_hidden_by_a_busy_evening() -> None:
    evening = [said(10 + n / 10, "pir") for n in range(40)]
    life = told(*fortnight("pir", at=(1.5, 3.5, 12.5)), *evening)["life"]
    assert (life.now, life.usual, life.out) == (0.0, (2.0, 2.0), "low")


def test_life_is_all_signs_together_as_the_contract_counts_them() -> None:
    lanes = told(said(6, "pir", 0.0), said(5, "pir"), said(5, "fridge", 1.0), said(4, "fridge", 0.0),
                 said(3, "phone"), said(2, "heart_rate", 70.0))  # fmt: skip
    assert lanes["life"].now == 3.0 and lanes["life"].last == TO - 3 * HOUR_US
    assert next(iter(lanes)) == "life"
    assert day([], TO).lanes == []


def test_the_front_door_stands_first_and_not_more_than_a_screen_holds() -> None:
    many = [said(1, "pir", location=f"room {n:02d}") for n in range(20)]
    names = list(told(*many, said(1, "door", location="back"), said(1, "door", location="front")))
    assert names[:3] == ["life", "door front", "door back"] and len(names) == 13


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 15 * 24 * 60 - 1), st.sampled_from(("pir", "door", "water", "temperature")),
                          st.floats(0, 50)), max_size=60))  # fmt: skip
def test_whatever_came_the_bands_are_in_order_and_the_day_is_whole(rows: list[tuple[int, str, float]]) -> None:
    made = day(sorted(Reading(TO - m * MINUTE, sensor, "", "L", value) for m, sensor, value in rows), TO)
    for lane in made.lanes:
        assert len(lane.hours) == len(lane.band) == 24
        assert all(low <= high for low, high in filter(None, (*lane.band, lane.usual)))
        assert all(TO - DAY_US <= mark[0] <= TO for mark in lane.marks)
        if lane.form != "level":
            assert sum(hour or 0 for hour in lane.hours[18 if lane.form == "life" else 0:]) == lane.now


def test_an_interval_that_began_before_is_cut_and_one_that_ended_before_is_gone() -> None:
    said_ = [said(40, "bed"), said(30, "bed", 0.0), said(26, "bed"), said(16, "bed", 0.0)]
    assert intervals(said_, TO - DAY_US, TO) == [[TO - DAY_US, TO - 16 * HOUR_US]]
