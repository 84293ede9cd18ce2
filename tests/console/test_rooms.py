"""A room's messages, put together, are the board as its role may see it."""

from __future__ import annotations

import msgspec

from console.matrix import matrix
from console.rooms import Encoder, Room, shown
from stream.schema import Change
from tests.console.livehouse import LiveHouse


def room(live: LiveHouse, role: str) -> Room:
    return Room(role, live.board, Encoder(matrix(), {}))


def plain(raw: object) -> dict[str, object]:
    return msgspec.json.decode(msgspec.json.encode(raw))


def changed(live: LiveHouse, changes: list[Change]) -> list[tuple[str, object]]:
    return [(c.id, c.incident) for c in changes]


def test_the_snapshot_is_in_rank_order(live: LiveHouse) -> None:
    low = live.opened("HH-0001", priority=3, score=30)
    high = live.opened("HH-0002", priority=1, score=90)
    rows = [plain(row) for row in room(live, "operator").snapshot(live.clock.now())]
    assert [row["id"] for row in rows] == [high, low]


def test_an_incident_is_encoded_once_for_roles_that_see_the_same(live: LiveHouse) -> None:
    encoder = Encoder(matrix(), {})
    incident = live.board.get(live.opened())
    first = encoder.view(incident, "operator", live.clock.now())
    assert encoder.view(incident, "supervisor", live.clock.now()) is first
    assert encoder.view(incident, "liaison_119", live.clock.now()) is None
    encoder.forget(incident.id)
    assert encoder.view(incident, "operator", live.clock.now()) is not first


def test_closing_drops_it_with_its_last_view(live: LiveHouse) -> None:
    mine, id = room(live, "operator"), live.opened()
    closed = live.turn([draft(live, "incident.resolved", id, {"disposition": "confirmed", "reason": "fire"})])
    (change,) = mine.changes(changed(live, closed), live.clock.now())
    assert (change["op"], change["id"]) == ("drop", id)
    assert plain(change["incident"])["state"] == "resolved"


def test_a_liaison_hears_of_it_when_it_is_handed_over_and_no_sooner(live: LiveHouse) -> None:
    fire, police = room(live, "liaison_119"), room(live, "liaison_112")
    id = live.opened()
    assert fire.changes([(id, live.board.get(id))], 0) == []
    assert fire.counts(live.clock.now())["total"] == 0
    live.reported(id, "119", "requested")
    assert fire.changes([(id, live.board.get(id))], 0) == []
    live.turn([draft(live, "escalation.sent", id, {"agency": "119", "generation": 1, "key": f"{id}-119"})])
    (change,) = fire.changes([(id, live.board.get(id))], 0)
    assert change["op"] == "put"
    assert police.changes([(id, live.board.get(id))], 0) == []
    assert (fire.counts(live.clock.now())["total"], police.counts(live.clock.now())["total"]) == (1, 0)
    assert fire.order(live.clock.now()) == [id]


def test_what_is_taken_back_is_dropped_without_a_view(live: LiveHouse) -> None:
    fire, id = room(live, "liaison_119"), live.opened()
    live.reported(id, "119", "sent")
    assert [c["op"] for c in fire.changes([(id, live.board.get(id))], 0)] == ["put"]
    key = {"agency": "119", "generation": 1, "key": f"{id}-119"}
    live.turn([draft(live, "escalation.cancelled", id, key)])
    assert fire.changes([(id, live.board.get(id))], 0) == [{"op": "drop", "id": id}]
    assert fire.changes([(id, live.board.get(id))], 0) == []


def test_the_order_is_told_when_it_has_changed(live: LiveHouse) -> None:
    mine = room(live, "operator")
    first, second = live.opened("HH-0001", score=80), live.opened("HH-0002", score=90)
    assert mine.order(live.clock.now()) == [second, first]
    assert mine.order(live.clock.now()) is None
    live.opened("HH-0003", score=99)
    assert mine.order(live.clock.now())[1:] == [second, first]
    mine.snapshot(live.clock.now())  # somebody joined: told again
    assert mine.order(live.clock.now()) is not None


def test_the_control_room_hears_how_much_is_held_back_and_nobody_else(live: LiveHouse) -> None:
    now = live.clock.now()
    body = {"what": "maintenance", "reason": "installation", "since": now, "until": now + 60_000_000}
    live.turn([draft(live, "window.opened", "/device/cam-1", body)])
    shelved = {"reason": "known_work", "until": now + 60_000_000}
    live.turn([draft(live, "incident.shelved", live.opened(), shelved)])
    assert room(live, "operator").counts(now)["held"] == 2
    assert room(live, "operator").counts(now + 60_000_000)["held"] == 1  # the window has ended, the desk has not ticked
    assert "held" not in room(live, "liaison_119").counts(now)


def test_a_liaisons_counts_are_of_its_own(live: LiveHouse) -> None:
    id = live.opened()
    live.opened("HH-0002")
    live.reported(id, "119", "sent")
    assert [i.id for i in shown(live.board, "liaison_119", live.clock.now())] == [id]
    fire = room(live, "liaison_119")
    fire.snapshot(live.clock.now())
    assert fire.counts(live.clock.now())["total"] == 1
    assert room(live, "operator").counts(live.clock.now())["total"] == 2


def draft(live: LiveHouse, kind: str, id: str, body: dict[str, object]):
    from stream.schema import Draft

    return Draft(kind, id, live.clock.now(), body, "kim")
