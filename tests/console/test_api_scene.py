"""The moment again over the API: for the control room only, with the ground under it; empty where there is nothing."""

from __future__ import annotations

from msgspec.structs import replace

from console.api_scene import gravest
from stream import tape
from stream.schema import US, DetectionRef, Event, RoadFrame, RoadObject
from tests.console.conftest import Desk

SITE = "XW-GASU-1"


def seen(desk: Desk, severity: int = 3) -> str:
    """A near miss at a crosswalk, with the frames around it on the tape."""
    live, now = desk.live, desk.live.clock.now()
    car = {"id": 1, "cls": "vehicle", "y": 3.0, "vx": 8.0, "vy": 0.0}
    for n in range(-20, 20):
        at = now + n * US // 10
        data = RoadFrame(site=SITE, objects=[RoadObject(x=n * 0.8, **car)])
        event = Event(id=str(n), source="/device/r", type="city.road.frame", time=at, subject=SITE, data=data, at=at)
        with live.store.begin() as conn:
            tape.append(conn, tape.last_turn(conn) + 1, at, [event])
    detection = {"rule": "near_miss", "at": now, "subject": SITE, "severity": severity,
                 "evidence": {"vehicle": 1, "person": 7, "ttc_s": 0.8}}  # fmt: skip
    return live.opened(SITE, "near_miss", 2, detections=[detection])


def test_the_moment_is_seen_again_with_the_crosswalk_under_it(desk):
    told = desk.client("operator").get(f"/api/v1/incidents/{seen(desk)}/scene").json
    assert told["site"] == SITE
    assert told["about"] == [1, 7]
    assert len(told["crosswalk"]) >= 3
    assert len(told["pictures"]) == 40
    assert told["pictures"][0]["objects"] == [[1, "vehicle", -16.0, 3.0, 8.0, 0.0]]


def test_a_home_has_no_scene(desk):
    told = desk.client("operator").get(f"/api/v1/incidents/{desk.live.opened()}/scene").json
    assert told == {"site": None, "at_ms": None, "crosswalk": [], "stop_lines": [], "about": [], "pictures": []}


def test_a_liaison_may_not_ask_for_it(desk):
    id = seen(desk)
    desk.live.reported(id, "119", "sent")
    assert desk.client("liaison_119").get(f"/api/v1/incidents/{id}/scene").status_code == 403


def test_the_worst_detection_is_looked_at_and_of_equals_the_first(desk):
    incident = desk.live.board.get(seen(desk))
    rows = [DetectionRef("near_miss", at, SITE, severity) for at, severity in ((5, 1), (9, 3), (7, 3))]
    assert gravest(replace(incident, detections=tuple(rows))).at == 7
