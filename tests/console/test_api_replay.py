"""The look back over the API: strip, steps, jumps, what moved, who did what, notes that no operator's card shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from console.api_replay import up
from stream import tape
from stream.clock import format_kst
from stream.schema import US, Event, RoadFrame, RoadObject
from tests.console.conftest import Desk

SITE = "XW-GASU-1"
API = "/api/v1/replay"


def span(desk: Desk, before: float = 600, after: float = 600) -> dict[str, str]:
    now = desk.live.clock.now()
    return {"from": format_kst(now - int(before * US)), "to": format_kst(now + int(after * US))}


def get(desk: Desk, path: str, role: str = "supervisor", **query: Any) -> Any:
    return desk.client(role).get(f"{API}/{path}?{urlencode(query)}")


def worked(desk: Desk) -> str:
    """An incident that an operator acknowledged and looked into, seven seconds after it was opened."""
    live = desk.live
    id = live.opened(text_ref=live.vault.seal("HH-0001", "연기가 납니다", "open"))
    live.clock.advance(7 * US)
    operator = desk.client("operator")
    asked = {"id": str(uuid4()), "verb": "acknowledge", "revision": 1}
    done = operator.post(f"/api/v1/incidents/{id}/commands", json=asked)
    assert done.status_code == 200, done.text
    assert operator.get(f"/api/v1/incidents/{id}/notes").status_code == 200
    assert operator.get(f"/api/v1/incidents/{id}/identity?purpose=verify").status_code == 200
    return id


def test_the_strip_counts_by_lane(desk: Desk) -> None:
    worked(desk)
    told = get(desk, "strip", "operator", bins=20, **span(desk)).json
    assert told["bins"] == 20
    assert sum(told["lanes"]["incident"]) == 1
    assert sum(told["lanes"]["operator"]) >= 3


@pytest.mark.parametrize("query", [{"from": "2026-09-21T00:00:00+09:00", "to": "2026-09-22T00:00:00+09:00"},
                                   {"from": "2026-09-21T02:00:00+09:00", "to": "2026-09-21T01:00:00+09:00"},
                                   {"bins": 100_000}, {"from": "gestern"}])  # fmt: skip
def test_a_span_that_is_none_or_too_long_is_refused(desk: Desk, query: dict[str, Any]) -> None:
    assert get(desk, "strip", **query).status_code == 400


def test_a_step_and_a_jump_go_where_the_record_is_on_the_board(desk: Desk) -> None:
    desk.live.clock.advance(1)  # not a whole millisecond: the board of the answer must hold the record all the same
    id = worked(desk)
    first = next(r for r in desk.live.journal.read(subject=id))
    found = get(desk, "find", what=id).json
    assert (found["seq"], found["incident"]) == (first.seq, id)
    assert found["at_ms"] * 1000 >= first.noted_at > (found["at_ms"] - 1) * 1000
    assert get(desk, "find", what=f"#{first.seq}").json == found
    on = get(desk, "step", at=format_kst(found["at_ms"] * 1000), way="next").json
    assert on["at_ms"] == up(desk.live.journal.read(after=first.seq, limit=1).__next__().noted_at)
    back = get(desk, "step", at=format_kst(on["at_ms"] * 1000), way="previous").json
    assert back["at_ms"] == found["at_ms"]


@pytest.mark.parametrize("what", ["", "#", "#0x1", "#99999999", "#" + "9" * 40, "20260101-0001", "HH-0001", "<b>"])
def test_a_jump_to_nothing_is_told(desk: Desk, what: str) -> None:
    worked(desk)
    assert get(desk, "find", what=what).status_code == 404


def test_what_moved_comes_back_as_the_live_screens_showed_it(desk: Desk) -> None:
    now = desk.live.clock.now()
    for n in range(40):
        at = now + n * US // 10
        car = RoadObject(id=1, cls="vehicle", x=float(n), y=3.0, vx=3.0, vy=4.0)
        event = Event(id=str(n), source="/device/r", type="city.road.frame", time=at, subject=SITE,
                      data=RoadFrame(site=SITE, objects=[car]), at=at)  # fmt: skip
        with desk.live.store.begin() as conn:
            tape.append(conn, tape.last_turn(conn) + 1, at, [event])
    rows = get(desk, "objects", "operator", site=SITE, seconds=2, **{"from": format_kst(now)}).json["items"]
    assert len(rows) == 21
    assert rows[3]["at_ms"] == now // 1000 + 300
    assert rows[3]["flat"][:2] == [1, "vehicle"]
    assert rows[3]["flat"][4] == 5.0
    assert get(desk, "objects", site="XW-NONE").status_code == 404
    assert get(desk, "objects", site=SITE, seconds=3600).status_code == 400


def test_what_each_person_did_and_saw(desk: Desk) -> None:
    id = worked(desk)
    other = desk.live.opened("HH-0002")
    rows = get(desk, "deeds", incident=id).json["items"]
    assert [(r["kind"], r["by"]) for r in rows] == [
        ("incident.acknowledged", "operator"), ("access.looked", "operator"), ("access.looked", "operator")]
    assert {r["subject"] for r in rows} == {id}
    assert rows[2]["args"]["purpose"] == "verify"
    everything = get(desk, "deeds", **span(desk)).json["items"]
    assert {r["kind"] for r in everything} >= {"access.login", "incident.acknowledged"}
    assert {r["by"] for r in get(desk, "deeds", by="operator", **span(desk)).json["items"]} == {"operator"}
    assert get(desk, "deeds", incident=other).json["items"] == []
    assert get(desk, "deeds", incident="nothing").status_code == 404


def test_the_figures_of_one_incident(desk: Desk) -> None:
    rows = {m["name"]: m for m in get(desk, f"incidents/{worked(desk)}").json["items"]}
    assert set(rows) == {"opened", "ack"}
    assert (rows["ack"]["ms"], rows["ack"]["by"]) == (7000.0, "operator")


def note(desk: Desk, text: str, **more: Any) -> Any:
    at = format_kst(desk.live.clock.now())
    return desk.client("supervisor").post(f"{API}/notes", json={"at": at, "text": text, **more})


def test_a_training_note_is_kept_in_the_vault_and_seen_by_supervisors_alone(desk: Desk) -> None:
    id = worked(desk)
    assert note(desk, "전화가 늦었음 <b>", incident=id).status_code == 201
    assert [n["text"] for n in get(desk, "notes", incident=id, **span(desk)).json["items"]] == ["전화가 늦었음 <b>"]
    assert [n["incident"] for n in get(desk, "notes", **span(desk)).json["items"]] == [id]
    kept = [r for r in desk.live.journal.read() if r.kind == "training.noted"]
    assert len(kept) == 1 and "전화" not in str(kept[0].body)
    assert [r for r in desk.live.journal.read() if r.kind == "access.looked" and r.body["what"] == "training"]
    card = desk.client("operator").get(f"/api/v1/incidents/{id}").text
    texts = desk.client("operator").get(f"/api/v1/incidents/{id}/notes").text
    assert "training" not in card + texts and "늦었음" not in card + texts
    assert desk.client("operator").get(f"{API}/notes").status_code == 403
    assert desk.client("operator").post(f"{API}/notes", json={}).status_code == 403


@pytest.mark.parametrize(("body", "status"), [
    ({"text": "  "}, 422), ({"text": "가" * 5_000}, 422), ({"text": "x", "incident": "none"}, 404),
    ({"text": "x", "at": "어제"}, 400), ({"text": 5}, 400), ({"text": "x", "more": 1}, 400),
])  # fmt: skip
def test_a_note_that_can_not_be_kept_leaves_nothing(desk: Desk, body: dict[str, Any], status: int) -> None:
    given = {"at": format_kst(desk.live.clock.now())} | body
    assert desk.client("supervisor").post(f"{API}/notes", json=given).status_code == status
    assert "training.noted" not in desk.live.kinds()
