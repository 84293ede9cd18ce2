"""What the device page knows, folded from records."""

from __future__ import annotations

from stream import bodies
from stream.devices import Devices
from stream.kinds import draft
from stream.schema import Record

S = "/device/radar-1"


def devices(*facts: tuple[str, object, int]) -> Devices:
    fold = Devices()
    for n, (kind, body, at) in enumerate(facts):
        one = draft(kind, S, at, body)
        fold.apply(Record(n + 1, at, at, kind, S, "engine", "", one.body))
    return fold


def test_status_keeps_what_an_update_does_not_say_and_when_it_began():
    row = devices(
        ("device.noted", bodies.Device("status", status="online", battery_pct=80.0), 10),
        ("device.noted", bodies.Device("status", status="online", rssi_dbm=-70.0), 20),
        ("device.noted", bodies.Device("status", status="offline"), 30),
    ).get(S)
    assert row is not None
    assert (row.status, row.since, row.battery_pct, row.rssi_dbm, row.noted_at) == ("offline", 30, 80.0, -70.0, 30)


def test_silent_since_the_first_word_of_it_until_it_is_back():
    silent = ("device.noted", bodies.Device("silent"), 10), ("device.noted", bodies.Device("silent"), 20)
    fold = devices(*silent)
    assert fold.get(S).silent_since == 10 and [r.source for r in fold.asking()] == [S]
    fold = devices(*silent, ("device.noted", bodies.Device("back"), 30))
    assert fold.get(S).silent_since == 0 and fold.asking() == []


def test_an_unknown_source_asks_for_its_registration():
    row = devices(("device.noted", bodies.Device("unregistered", type="city.road.frame"), 10)).asking()[0]
    assert (row.registered, row.type, row.tickets) == (False, "city.road.frame", {"unregistered": 1})


def test_gaps_are_listed_until_they_are_filled_and_still_counted():
    row = devices(
        ("source.gap", bodies.Gap(3, 5), 10), ("source.gap", bodies.Gap(9, 9), 20),
        ("source.filled", bodies.Gap(3, 5), 30),
    ).get(S)
    assert (row.gaps, row.gap_count) == (((9, 9),), 2)


def test_a_copy_goes_its_own_way():
    fold = devices(("device.noted", bodies.Device("tamper"), 10))
    other = fold.copy()
    fold.apply(Record(2, 11, 11, "device.noted", S, "engine", "", {"code": "tamper"}))
    assert (other.get(S).tickets, fold.get(S).tickets) == ({"tamper": 1}, {"tamper": 2})


def test_signs_nobody_knows_are_listed_by_source_for_their_registration():
    told = [("device.noted", bodies.Device("unknown_signal", rule=f"S{n}"), n) for n in range(25)]
    row = devices(*told).asking()[0]
    assert row.tickets == {"unknown_signal": 25} and row.unknown_signals == tuple(f"S{n}" for n in range(5, 25))


def test_a_settled_ticket_is_over_until_it_comes_again():
    told = [("device.noted", bodies.Device(code), at) for code, at in (("tamper", 10), ("blocked", 20), ("tamper", 30))]
    row = devices(*told).get(S)
    assert (row.tickets, row.asked_at, row.noted_at) == ({"tamper": 2, "blocked": 1}, 10, 30)
    told.append(("device.settled", bodies.DeviceSettled(("tamper",), "repaired"), 40))
    row = devices(*told).get(S)
    assert (row.tickets, row.asked_at, row.noted_at) == ({"blocked": 1}, 10, 30), "the device itself said nothing"
    told.append(("device.settled", bodies.DeviceSettled(("blocked",), "nothing_found"), 50))
    fold = devices(*told)
    assert (fold.get(S).tickets, fold.get(S).asked_at, fold.asking()) == ({}, 0, [])
    assert devices(*told, ("device.noted", bodies.Device("tamper"), 60)).get(S).asked_at == 60
