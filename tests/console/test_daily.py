"""What is too old goes once a day, whenever the console was started, and the journal says so."""

from __future__ import annotations

import pytest

from console.daily import DAY_US, Daily, due
from stream.clock import ManualClock, parse_rfc3339
from stream.schema import Record
from stream.store import StoreError


def at(text: str) -> int:
    return parse_rfc3339(f"2026-11-{text}:00+09:00")


@pytest.mark.parametrize(("now", "last", "is_due"), [
    ("28T03:59", "27T04:00", False),
    ("28T04:00", "27T04:00", True),
    ("28T04:00", "28T03:59", True),
    ("28T23:59", "28T04:00", False),
    ("30T12:00", "28T04:00", True),
])
def test_it_is_due_once_it_has_been_four_in_korea(now, last, is_due):
    assert due(at(now), at(last)) is is_due


def record(kind: str, moment: int) -> Record:
    return Record(1, moment, moment, kind, "s", "house", "", {}, "")


class House:
    """A purge that counts, a store that may be away, and the drafts that were noted."""

    def __init__(self, now: int) -> None:
        self.clock, self.noted, self.done, self.away = ManualClock(now), [], 0, False
        self.daily = Daily(self.purge, self.noted.extend, self.clock)

    def purge(self, now: int) -> dict[str, int]:
        if self.away:
            raise StoreError("away", "the disk is gone")
        self.done += 1
        return {"tape": 7, "texts": 0}


def test_a_house_begins_with_its_first_record_and_is_swept_once_a_day():
    house = House(at("28T10:00"))
    house.daily.hear(record("run.started", at("28T09:00")))
    house.daily.hear(record("incident.opened", at("28T09:30")))
    assert not house.daily.look() and house.done == 0
    house.clock.set(at("29T04:01"))
    assert house.daily.look() and not house.daily.look() and house.done == 1
    kept = house.noted[0]
    assert (kept.kind, kept.at, kept.body) == ("store.purged", at("29T04:01"), {"gone": {"tape": 7, "texts": 0}})


def test_after_a_restart_the_last_time_is_known_from_the_journal():
    house = House(at("29T09:00"))
    for kind, moment in (("run.started", "20T09:00"), ("store.purged", "29T04:00"), ("run.started", "29T08:59")):
        house.daily.hear(record(kind, at(moment)))
    assert not house.daily.look()
    house.clock.advance(DAY_US)
    assert house.daily.look()


def test_a_store_that_is_away_is_asked_again_and_nothing_is_noted_meanwhile():
    house = House(at("29T09:00"))
    house.daily.hear(record("run.started", at("20T09:00")))
    house.away = True
    assert not house.daily.look() and house.noted == []
    house.away = False
    assert house.daily.look() and len(house.noted) == 1
