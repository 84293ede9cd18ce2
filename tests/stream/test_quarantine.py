"""Junk is kept with its reason, cannot fill the disk, and what looks like an alarm is never only counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream.quarantine import PER_HOUR, Quarantine, looks_precious, mark_resubmitted, save
from stream.schema import US, Quarantined
from stream.store import Store
from stream.vault import Vault
from tests.stream.makers import T0

ALARM = b'{"type":"city.care.alarm","data":{"alarm":"fire'


def junk(raw: bytes = b"\xff{", source: str = "/device/x", reason: str = "no_json", at: int = T0) -> Quarantined:
    return Quarantined(raw, reason, "line 1", source, at, id="e1", seq=4)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "key")
    yield opened
    opened.close()


@pytest.fixture
def aside(store: Store, vault: Vault) -> Quarantine:
    return Quarantine(store, vault)


def put(aside: Quarantine, messages: list[Quarantined], now: int = T0) -> None:
    rows, more = aside.hold(messages, now)
    aside._vault.flush()
    with aside._store.begin() as conn:
        save(conn, rows, more)


def test_bytes_reason_time_and_source_are_kept(aside: Quarantine) -> None:
    put(aside, [junk(), junk(b"", "", "empty")])
    second, first = aside.list()
    assert (first.source, first.reason, first.detail, first.at, first.event, first.seq, first.size) == (
        "/device/x", "no_json", "line 1", T0, "e1", 4, 2)
    assert aside.raw(first.id) == b"\xff{"
    assert aside.raw(second.id) == b""
    assert aside.raw(99) is None
    assert aside.depth == 2
    assert aside.counted == {"no_json": 1, "empty": 1}


def test_they_are_listed_page_by_page_newest_first(aside: Quarantine) -> None:
    put(aside, [junk(source=f"/device/{i}") for i in range(5)])
    assert [e.id for e in aside.list(limit=2)] == [5, 4]
    assert [e.id for e in aside.list(before=4, limit=9)] == [3, 2, 1]


def test_a_flood_of_the_same_is_counted_on_the_last_one_kept(aside: Quarantine) -> None:
    put(aside, [junk() for _ in range(PER_HOUR + 30)])
    put(aside, [junk() for _ in range(10)], T0 + US)
    kept = aside.list(limit=2 * PER_HOUR)
    assert len(kept) == PER_HOUR
    assert [e.more for e in kept] == [40] + [0] * (PER_HOUR - 1)
    put(aside, [junk()], T0 + 3600 * US)
    assert len(aside.list(limit=2 * PER_HOUR)) == PER_HOUR + 1
    assert aside.counted["no_json"] == PER_HOUR + 41


def test_a_flood_of_one_source_does_not_hide_another(aside: Quarantine) -> None:
    put(aside, [junk() for _ in range(PER_HOUR + 1)] + [junk(source="/device/y"), junk(reason="too_deep")])
    assert {(e.source, e.reason) for e in aside.list(limit=2 * PER_HOUR)} == {
        ("/device/x", "no_json"), ("/device/y", "no_json"), ("/device/x", "too_deep")}


def test_what_looks_like_an_alarm_is_always_kept_whole(aside: Quarantine) -> None:
    put(aside, [junk() for _ in range(PER_HOUR + 1)] + [junk(ALARM) for _ in range(50)])
    assert sum(aside.raw(e.id) == ALARM for e in aside.list(limit=2 * PER_HOUR)) == 50
    assert looks_precious(ALARM)
    assert looks_precious(b"\xffcity.care.reading")
    assert not looks_precious(b'{"type":"city.road.frame"')


def test_handed_in_again_is_marked(aside: Quarantine) -> None:
    put(aside, [junk(), junk(source="/device/y")])
    with aside._store.begin() as conn:
        mark_resubmitted(conn, 1)
    assert [e.state for e in aside.list()] == ["waiting", "resubmitted"]


def test_a_group_tells_what_waits_and_is_seen_to_at_once(aside: Quarantine) -> None:
    put(aside, [junk(), junk(source="/device/y"), *(junk() for _ in range(PER_HOUR + 4))])
    x, y = aside.groups()
    assert (x.source, x.n, x.more, x.waiting, x.last) == ("/device/x", PER_HOUR, 5, PER_HOUR, PER_HOUR + 1)
    assert (y.source, y.n, y.more) == ("/device/y", 1, 0)
    assert aside.waiting("/device/x", "no_json", 2) == [1, 3]
    assert aside.settle("/device/x", "no_json") == PER_HOUR
    assert (aside.depth, aside.waiting("/device/x", "no_json", 2)) == (1, [])
    assert [g.source for g in aside.groups()] == ["/device/y", "/device/x"], "what waits stands first"


def test_after_a_restart_numbers_go_on(aside: Quarantine, store: Store, vault: Vault) -> None:
    put(aside, [junk()])
    again = Quarantine(store, vault)
    assert again.depth == 1
    put(again, [junk(source="/device/z")])
    assert [e.id for e in again.list()] == [2, 1]


def test_old_entries_go_with_their_bytes(aside: Quarantine, store: Store) -> None:
    put(aside, [junk(at=T0), junk(source="/device/y", at=T0 + 10)])
    with store.begin() as conn:
        assert aside.purge(conn, T0 + 5) == 1
    assert [e.source for e in aside.list()] == ["/device/y"]
    assert aside.depth == 1
    assert aside.raw(1) is None


def test_detail_and_id_cannot_break_a_database(aside: Quarantine) -> None:
    put(aside, [Quarantined(b"x", "bad_text", "a\0b" * 500, "/device/x", T0, id="i\0d")])
    [entry] = aside.list()
    assert "\0" not in entry.detail
    assert len(entry.detail) <= 300
    assert entry.event == "i?d"
