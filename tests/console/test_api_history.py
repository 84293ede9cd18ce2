"""A home's day over the API: of that home, until a moment, on record; nobody else's, and not for ever."""

from __future__ import annotations

import uuid

from console.api_history import AFTER_US
from stream import readings
from stream.clock import format_kst
from stream.schema import US
from tests.console.conftest import Desk

HOUR = 3600 * US
HOME = "HH-0001"


def lived(desk: Desk, days: int = 14, home: str = HOME) -> None:
    """Somebody moved at the same two hours of each of the last days, and once today."""
    now = desk.live.clock.now()
    ago = [24 * n + h for n in range(1, days + 1) for h in (2, 5)] + [20]
    with desk.live.store.begin() as conn:
        readings.save(conn, [(home, now - h * HOUR, "pir", "living", "", 1000) for h in ago])


def test_the_day_of_the_home_stands_beside_its_fortnight_and_the_look_is_on_record(desk: Desk) -> None:
    lived(desk)
    lived(desk, home="HH-0002")
    id = desk.live.opened(HOME, "inactivity", 3)
    told = desk.client("operator").get(f"/api/v1/incidents/{id}/history").json
    assert (told["household"], told["days"]) == (HOME, 14)
    life, living = told["lanes"]
    assert (life["what"], life["now"], life["usual"], life["out"]) == ("life", 0.0, [2.0, 2.0], "low")
    assert living["marks"] == [[told["to_ms"] - 20 * 3_600_000]] and living["often"][18] is True
    (look,) = desk.live.journal.read(kinds=["access.looked"])
    assert (look.subject, look.by, look.body["what"], look.body["incident"]) == (HOME, "operator", "history", id)


def test_where_nothing_was_heard_and_on_the_road_there_is_nothing_and_no_look(desk: Desk) -> None:
    seat = desk.client("operator")
    for subject, domain in ((HOME, "care"), ("XW-GASU-1", "road"), ("case-1", "welfare")):
        id = desk.live.opened(subject, "other", 3, domain=domain)
        assert seat.get(f"/api/v1/incidents/{id}/history").json["lanes"] == []
    assert list(desk.live.journal.read(kinds=["access.looked"])) == []


def test_a_past_moment_knows_nothing_of_later_and_a_wrong_one_is_refused(desk: Desk) -> None:
    lived(desk)
    id, seat = desk.live.opened(HOME, "inactivity", 3), desk.client("supervisor")
    at = desk.live.clock.now() - 21 * HOUR
    told = seat.get(f"/api/v1/incidents/{id}/history?at={format_kst(at).replace('+', '%2B')}").json
    assert told["to_ms"] == at // 1000
    assert told["lanes"][1]["marks"] == [[(at - h * HOUR) // 1000] for h in (8, 5)]
    assert seat.get(f"/api/v1/incidents/{id}/history?at=yesterday").status_code == 400


def test_a_look_ends_a_little_after_the_incident_and_is_the_control_room_s(desk: Desk) -> None:
    lived(desk)
    handed, seat = desk.live.opened(HOME, "inactivity", 3), desk.client("operator")
    desk.live.reported(handed, "119", "sent")
    assert desk.client("liaison_119").get(f"/api/v1/incidents/{handed}/history").status_code == 403
    id = desk.live.opened(HOME, "inactivity", 3)
    args = {"disposition": "confirmed", "reason": "handled"}
    body = {"id": str(uuid.uuid4()), "verb": "resolve", "args": args, "revision": desk.live.board.get(id).revision}
    assert seat.post(f"/api/v1/incidents/{id}/commands", json=body).status_code == 200
    over = desk.live.board.get(id).updated_at
    desk.live.clock.advance(48 * HOUR)
    assert seat.get(f"/api/v1/incidents/{id}/history").json["to_ms"] == (over + AFTER_US) // 1000
