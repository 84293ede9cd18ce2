"""A school's board: counts only, late, small numbers hidden."""

from __future__ import annotations

from console.school import DELAY_US, Counter, day_start
from stream.clock import ManualClock, parse_rfc3339
from tests.console.livehouse import LiveHouse

MINUTE = 60_000_000


def site_of(live: LiveHouse, zone: str) -> str:
    return next(s.id for s in live.house.city.sites.values() if s.zone == zone)


def near(live: LiveHouse, n: int, kind: str = "near_miss", zone: str = "SZ-002", **more: object) -> None:
    for _ in range(n):
        live.opened(site_of(live, zone), kind, 2, domain="road", **more)


def later(live: LiveHouse) -> None:
    assert isinstance(live.clock, ManualClock)
    live.clock.advance(DELAY_US + MINUTE)


def test_the_day_is_koreas() -> None:
    assert day_start(parse_rfc3339("2026-09-21T00:00:01+09:00")) == parse_rfc3339("2026-09-21T00:00:00+09:00")
    assert day_start(parse_rfc3339("2026-09-20T16:00:00Z")) == parse_rfc3339("2026-09-21T00:00:00+09:00")


def test_counts_are_of_this_zone_and_five_minutes_late(live: LiveHouse) -> None:
    counter = Counter(live.house)
    near(live, 6)
    near(live, 5, zone="SZ-003")
    live.opened("HH-0001")
    assert counter.view("SZ-002")["total"] == {"n": None, "few": True}
    later(live)
    view = counter.view("SZ-002")
    assert view["counts"] == [{"kind": "near_miss", "n": 6, "few": False}]
    assert view["as_of"] == "2026-09-21T23:14:00+09:00"


def test_what_is_below_five_is_neither_named_nor_in_the_total(live: LiveHouse) -> None:
    near(live, 6)
    near(live, 2, "speeding_with_child")
    later(live)
    view = Counter(live.house).view("SZ-002")
    assert view["total"] == {"n": 6, "few": False}
    assert view["counts"] == [{"kind": "near_miss", "n": 6, "few": False}]


def test_what_was_no_incident_is_not_counted(live: LiveHouse) -> None:
    from stream.schema import Draft

    near(live, 5)
    for id in list(live.board.incidents)[:3]:
        body = {"disposition": "false_alarm", "reason": "shadow"}
        live.turn([Draft("incident.resolved", id, live.clock.now(), body, "kim")])
    later(live)
    assert Counter(live.house).view("SZ-002")["total"]["few"] is True


def test_nothing_of_a_place_or_person_is_in_it(live: LiveHouse) -> None:
    near(live, 7)
    later(live)
    counter = Counter(live.house)
    view = counter.view("SZ-002")
    assert set(view) == {"zone", "as_of", "counts", "total", "name", "state", "today", "week", "now", "weather", "home",
                         "advice"}
    assert {key for row in view["counts"] for key in row} == {"kind", "n", "few"}
    assert counter.zones() == ["SZ-002"]
    counter.view("nowhere")
    assert counter.zones() == ["SZ-002"]  # an unknown zone is answered and forgotten


def test_a_board_in_use_is_a_record_once_a_day_and_an_unknown_zone_is_none(live: LiveHouse) -> None:
    counter = Counter(live.house)
    for zone in ("SZ-002", "SZ-002", "SZ-003", "SZ-999"):
        counter.opened(zone, "board-1")
    assert [(r.kind, r.subject, r.by) for r in live.journal.read()] == [
        ("access.looked", "SZ-002", "board-1"), ("access.looked", "SZ-003", "board-1")]
    assert isinstance(live.clock, ManualClock)
    live.clock.advance(86_400_000_000)
    counter.opened("SZ-002", "board-1")
    assert len(live.kinds()) == 3
