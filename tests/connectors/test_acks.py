"""The retained ack of a source: what the device must find in it, and how often it is said."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.acks import KEEP, KEEP_US, LEAST_US, SEQ_US, SOURCES, Acks

S = 1_000_000


def _told(acks: Acks, now: int) -> dict[str, dict[str, Any]]:
    return {source: json.loads(payload) for source, payload, _ in acks.take(now)}


def test_the_first_ack_goes_at_once_and_the_next_ones_together() -> None:
    acks = Acks()
    acks.note("cam-1", ["a"], 1, S)
    assert _told(acks, S) == {"cam-1": {"ids": ["a"], "seq": 1}}
    acks.note("cam-1", ["b"], 2, S + 1000)
    acks.note("cam-1", ["c"], 3, S + 2000)
    assert _told(acks, S + 2000) == {}
    assert acks.next_due() == S + LEAST_US
    assert _told(acks, S + LEAST_US) == {"cam-1": {"ids": ["a", "b", "c"], "seq": 3}}
    assert acks.next_due() is None


def test_long_acks_are_said_less_often_so_that_busy_sources_do_not_fill_the_line() -> None:
    acks, told, size = Acks(), 0, 0
    for now in range(0, 60 * S, 10_000):  # a hundred events a second, for a minute
        acks.note("gate", [f"event-{now}"], None, now)
        for _, payload, _ in acks.take(now):
            told, size = told + 1, size + len(payload)
    assert size < 60 * 80_000, "it was twelve times as much when each 20 ms named a thousand"
    assert 60 < told < 1000, "and still more than one a second"


def test_a_device_that_was_away_finds_what_was_acked_before_the_last_message() -> None:
    acks = Acks()
    for n in range(5):
        acks.note("home", [f"e{n}"], None, n * S)
        last = _told(acks, n * S)
    assert last == {"home": {"ids": ["e0", "e1", "e2", "e3", "e4"]}}, "and no seq, for it sends none"


def test_what_is_long_past_is_not_repeated() -> None:
    acks = Acks()
    acks.note("home", ["old"], None, 0)
    _told(acks, 0)
    acks.note("home", ["new"], None, KEEP_US + S)
    assert _told(acks, KEEP_US + S) == {"home": {"ids": ["new"]}}


def test_a_burst_is_named_whole_even_when_it_is_longer_than_the_window() -> None:
    acks = Acks()
    ids = [f"b{n}" for n in range(KEEP * 3)]
    for i in range(0, len(ids), 50):
        acks.note("gate", ids[i : i + 50], None, S)
    assert _told(acks, S)["gate"]["ids"] == ids
    acks.note("gate", ["z"], None, 2 * S)
    assert _told(acks, 2 * S)["gate"]["ids"] == [*ids[-KEEP + 1 :], "z"]


def test_a_duplicate_is_named_again_and_any_id_is_sound_json() -> None:
    acks = Acks()
    acks.note("cam", ["a", 'say "한글"\n'], None, 0)
    _told(acks, 0)
    acks.note("cam", ["a"], None, S)
    assert _told(acks, S) == {"cam": {"ids": ["a", 'say "한글"\n', "a"]}}


def test_telemetry_is_told_its_number_once_a_second_and_nothing_without_one() -> None:
    acks = Acks()
    acks.note("radar", [], None, 0)
    assert acks.next_due() is None
    acks.note("radar", [], 1, 0)
    assert _told(acks, 0) == {"radar": {"ids": [], "seq": 1}}
    acks.note("radar", [], 2, 40_000)
    assert acks.next_due() == SEQ_US
    acks.note("radar", ["alarm"], 3, 60_000)
    assert _told(acks, 60_000) == {"radar": {"ids": ["alarm"], "seq": 3}}


def test_the_broker_is_acked_for_what_a_message_names_not_before() -> None:
    acks = Acks()
    acks.note("cam", ["a"], None, 0, "m1")
    assert [marks for _, _, marks in acks.take(0)] == [["m1"]]
    acks.note("cam", ["b"], None, 1000, "m2")
    acks.note("cam", ["c"], None, 2000, "m3")
    assert acks.take(3000) == []
    assert [marks for _, _, marks in acks.take(LEAST_US)] == [["m2", "m3"]]


def test_memory_is_bounded_by_the_number_of_sources() -> None:
    acks = Acks()
    for n in range(SOURCES + 10):
        acks.note(f"s{n}", ["a"], None, 0)
    assert len(acks.take(0)) == SOURCES


@given(
    st.lists(
        st.tuples(
            st.sampled_from("xyz"), st.lists(st.text("ab", min_size=1, max_size=3), max_size=3), st.integers(0, 100_000)
        ),
        max_size=60,
    )
)
def test_every_id_is_named_in_some_message_of_its_source(steps: list[tuple[str, list[str], int]]) -> None:
    acks, now = Acks(), 0
    named: dict[str, set[str]] = {}
    noted: dict[str, set[str]] = {}
    for source, ids, pause in steps:
        now += pause
        acks.note(source, ids, None, now)
        noted.setdefault(source, set()).update(ids)
        for told, body in _told(acks, now).items():
            named.setdefault(told, set()).update(body["ids"])
    for told, body in _told(acks, now + SEQ_US).items():
        named.setdefault(told, set()).update(body["ids"])
    assert {s: ids for s, ids in noted.items() if ids} == {s: ids for s, ids in named.items() if ids}
