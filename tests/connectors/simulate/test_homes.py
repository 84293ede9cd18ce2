"""Two days in a hundred homes: they sleep, rise, cook, go out and come back, and no rule would call them silent."""

import itertools
from collections import defaultdict
from typing import Any

import pytest

from connectors.simulate.homes import Homes, alone
from connectors.simulate.messages import Maker
from stream.clock import parse_rfc3339
from stream.schema import US
from tests.connectors.simulate.sight import MORNING, OSAN, read

HOUR = 3600 * US
IDS = [f"HH-{n:04d}" for n in range(1, 101)]
MIDNIGHT = MORNING - int(7.5 * 3600) * US
DAYS = 2


@pytest.fixture(scope="module")
def two_days() -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Readings by home, each with its moment."""
    homes, maker, found = Homes(IDS, 7, MIDNIGHT), Maker(MIDNIGHT), defaultdict(list)
    for minute in range(1, DAYS * 1440 + 1):
        for event in read(homes.step(MIDNIGHT + minute * 60 * US, maker), "city.care.reading"):
            found[event["subject"]].append((parse_rfc3339(event["time"]), event["data"]))
    return found


def is_activity(data: dict[str, Any], last: dict[tuple, Any]) -> bool:
    """Activity in the contract's sense (CONTRACT 6, inactivity)."""
    key = data["sensor"], data.get("location")
    before, last[key] = last.get(key), data["value"]
    match data["sensor"]:
        case "pir":
            return data["value"] is True
        case "door" | "fridge" | "bed":
            return before is not None and before != data["value"]
        case "water" | "power":
            return before is not None and data["value"] > before
    return False


def test_every_home_lives_and_none_is_silent_for_ten_hours(two_days: dict) -> None:
    assert set(two_days) == set(IDS)
    for id, rows in two_days.items():
        last: dict[tuple, Any] = {}
        active = [at for at, data in rows if is_activity(data, last)]
        gaps = [b - a for a, b in itertools.pairwise(active)]
        assert len(active) > 60 and max(gaps) < 10 * HOUR, id


def test_days_are_busier_than_nights(two_days: dict) -> None:
    hours = [0] * 24
    for rows in two_days.values():
        for at, data in rows:
            hours[(at - MIDNIGHT) // HOUR % 24] += data["sensor"] == "pir"
    assert min(hours[7:21]) > 2 * max(hours[1:4])


def test_who_goes_out_comes_back_the_same_day(two_days: dict) -> None:
    outings = 0
    for rows in two_days.values():
        door = [(at, d["value"]) for at, d in rows if d["sensor"] == "door"]
        opened = [v for _, v in door]
        assert opened == [n % 2 == 0 for n in range(len(opened))]  # open, shut, open, shut
        shut = [at for at, v in door if not v]
        away = [b - a for a, b in zip(shut[::2], shut[1::2], strict=False)]
        assert all(a < 6 * HOUR for a in away)
        outings += len(away)
    assert outings > len(IDS)


def test_a_water_meter_only_grows(two_days: dict) -> None:
    for rows in two_days.values():
        for place in ("kitchen", "bathroom"):
            read_out = [d["value"] for _, d in rows if d["sensor"] == "water" and d["location"] == place]
            assert read_out == sorted(read_out)


def test_a_hub_says_hourly_that_it_is_well() -> None:
    homes, maker = Homes(IDS[:5], 7, MIDNIGHT), Maker(MIDNIGHT)
    said = read([m for h in range(1, 13) for m in homes.step(MIDNIGHT + h * HOUR, maker)], "city.device.status")
    assert all(sum(e["source"] == f"/device/hub-{id[3:]}" for e in said) == 12 for id in IDS[:5])


def test_a_hushed_home_is_still_and_wakes_again() -> None:
    homes, maker = Homes(IDS, 7, MORNING), Maker(MORNING)
    homes.hush("HH-0001", MORNING + 5 * HOUR)
    def moves(hours: range) -> list[dict]:
        rows = [e for h in hours for e in read(homes.step(MORNING + h * HOUR, maker), "city.care.reading")]
        return [e for e in rows if e["subject"] == "HH-0001" and e["data"]["sensor"] != "temperature"]

    assert moves(range(1, 5)) == [] and moves(range(5, 9)) != []


def test_scenes_choose_the_frail() -> None:
    chosen = list(alone(OSAN.households))
    assert len(chosen) > 20 and all(OSAN.households[h].alone and OSAN.households[h].risk == "high" for h in chosen)
