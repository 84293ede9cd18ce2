"""The table of devices: what the city expects and what the records tell."""

from __future__ import annotations

from console import devices
from stream.schema import Draft
from tests.console.livehouse import LiveHouse


def never(source: str) -> int:
    return 0


def noted(live: LiveHouse, source: str, code: str, **more: object) -> None:
    live.turn([Draft("device.noted", source, live.clock.now(), {"code": code, **more})])


def test_every_registered_source_has_a_row_before_it_has_spoken(live: LiveHouse) -> None:
    table = devices.rows(live.house.city, live.board.devices, live.board.trust)
    told = devices.tally(live.house.city, live.board.devices, never)
    assert len(table) == len(live.house.city.sources) == told["total"] == told["unheard"]
    assert {row["state"] for row in table} == {"unknown"}
    assert all(row["verdicts"] == {"judged": 0, "false_alarms": 0, "reasons": {}} for row in table)
    assert [row["id"] for row in table] == sorted(row["id"] for row in table)


def test_silence_status_and_tickets_stand_in_the_row(live: LiveHouse) -> None:
    known = devices.wire(next(iter(live.house.city.sources)))
    noted(live, known, "status", status="degraded", battery_pct=12.0, firmware="2.1")
    noted(live, known, "silent")
    noted(live, "/device/stranger", "unregistered", type="city.care.reading")
    table = {row["id"]: row for row in devices.rows(live.house.city, live.board.devices, live.board.trust)}
    row = table[known]
    assert (row["state"], row["battery_pct"], row["firmware"], row["registered"]) == ("silent", 12.0, "2.1", True)
    assert row["silent_since"] == "2026-09-21T23:13:20+09:00"
    stranger = table["/device/stranger"]
    assert (stranger["registered"], stranger["tickets"], stranger["of"]) == (False, {"unregistered": 1}, None)


def test_why_a_device_asks_for_a_person_the_gravest_first(live: LiveHouse) -> None:
    known = devices.wire(next(iter(live.house.city.sources)))
    noted(live, known, "tamper")
    noted(live, known, "status", status="online", battery_pct=19.0, clock_offset_ms=-2500.0)
    noted(live, known, "silent")
    until = live.clock.now() + 60_000_000
    table = devices.rows(live.house.city, live.board.devices, live.board.trust, {known: until})
    row, other = (next(r for r in table if (r["id"] == known) == own) for own in (True, False))
    assert row["asks"] == ["silent", "tamper", "battery", "clock"]
    assert (row["window_until"], row["asked_at"]) == ("2026-09-21T23:14:20+09:00", "2026-09-21T23:13:20+09:00")
    assert (other["asks"], other["window_until"], other["asked_at"]) == ([], None, None)
    assert other["state"] == "unknown", "one never heard is not broken"
    heard = devices.rows(live.house.city, live.board.devices, live.board.trust, heard=lambda source: live.clock.now())
    assert {r["state"] for r in heard} == {"silent", "online"}
    assert heard[0]["heard_at"] == "2026-09-21T23:13:20+09:00"


def test_the_tally_counts_as_the_page_folds_and_what_never_spoke_is_not_well(live: LiveHouse) -> None:
    first, second, third = [devices.wire(id) for id in list(live.house.city.sources)[:3]]
    noted(live, first, "silent")
    noted(live, second, "status", status="offline")
    total = len(live.house.city.sources)
    count = devices.tally(live.house.city, live.board.devices, lambda source: int(source == third))
    assert count == {"total": total, "well": 1, "asks": 2, "unheard": total - 3}
    noted(live, first, "back")
    noted(live, second, "status", status="online")
    assert devices.tally(live.house.city, live.board.devices, never)["well"] == 2
    rows = devices.rows(live.house.city, live.board.devices, live.board.trust)
    assert sum(row["state"] == "unknown" for row in rows) == total - 2
