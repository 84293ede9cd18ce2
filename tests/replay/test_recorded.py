"""What a re-run is fed with: events in the order of the contract, whole instants, the tape of a console."""

from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from cep.rules import load_rules
from connectors.files import load_events
from geo.city import load_city
from replay.recorded import ordered, recorded, taken, turns_of
from replay.rerun import rerun
from stream import bodies, tape
from stream.journal import Journal
from stream.kinds import draft
from stream.places import store_url, vault_key, vault_url
from stream.schema import US, CareAlarm, DetectionRef, Event, SourceError
from stream.settings import Settings
from stream.store import open_store
from stream.vault import Vault
from tests.stream import makers
from tests.stream.loop import Loop


def event(id: str, at: int, source: str = "/device/a", seq: int | None = None) -> Event:
    return Event(id, source, "city.care.alarm", at, "H", CareAlarm("H", "sos"), seq, at, at)


def test_events_are_put_in_the_order_of_the_contract() -> None:
    wanted = [
        event("z", 1), event("b", 2, seq=None), event("c", 2, seq=0), event("a", 2, seq=1), event("0", 2, "/device/b"),
        event("1", 3),
    ]  # fmt: skip
    assert ordered(wanted[::-1]) == wanted
    assert ordered([*wanted, *wanted]) == wanted


def test_of_two_with_one_identity_the_earlier_stays_whatever_the_order() -> None:
    early, late = event("a", 1), event("a", 5)
    assert ordered([late, early]) == ordered([early, late]) == [early]


def test_of_two_that_differ_in_their_data_alone_the_same_one_stays_whatever_the_order() -> None:
    one, other = event("a", 1), replace(event("a", 1), data=CareAlarm("H", "gas"))
    assert ordered([one, other]) == ordered([other, one]) == [other]


def test_turns_never_cut_an_instant_in_two() -> None:
    events = [event(str(n), n // 3) for n in range(10)]
    turns = list(turns_of(events, batch=4))
    assert [now for now, _ in turns] == [1, 3]
    assert [e for _, some in turns for e in some] == events
    assert list(turns_of(events, until=3)) == list(turns_of(events)) and list(turns_of(events, until=9))[-1] == (9, [])
    assert list(turns_of([], until=9)) == [(9, [])] and list(turns_of([])) == []


def test_a_file_of_junk_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(SourceError, match="holds no event; of its first line: wrong_encoding"):
        recorded(str(file), load_events, load_city())


def test_a_data_folder_gives_its_turns_and_what_people_confirmed(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    store, journal = open_store(store_url(settings)), None
    Vault(vault_url(settings), vault_key(settings)).close()
    journal = Journal(store)
    ref = DetectionRef("sos", 5, "H", 3)
    opened = bodies.Opened("sos", "care", "H", 1, 70, (), (ref,))
    resolved = bodies.Resolved("confirmed", "seen")
    records = [
        journal.stamp(draft("incident.opened", "19700101-0001", 5, opened), 5),
        journal.stamp(draft("incident.folded", "19700101-0001", 7, bodies.Folded("sos", "H", 7, 3)), 7),
        journal.stamp(draft("incident.resolved", "19700101-0001", 9, resolved, by="kim"), 9),
    ]
    with store.begin() as conn:
        tape.append(conn, 1, 5, [event("1", 5)])
        tape.append(conn, 2, 8, [])
        journal.write(conn, records)
    store.close()
    source = recorded(str(tmp_path), load_events, load_city(), until=20)
    assert [(now, [e.id for e in events]) for now, events in source.turns()] == [(5, ["1"]), (8, []), (20, [])]
    assert list(source.turns()) == list(source.turns()) and source.n == 1
    assert source.confirmed == [("19700101-0001", frozenset({("sos", 5, "H"), ("sos", 7, "H")}))]
    assert taken(records[2]) == []


def test_the_tape_gives_the_very_detections_that_the_operators_saw(tmp_path: Path) -> None:
    """Messages come late and out of order, there is a restart; the tape knows how they were judged."""
    loop = Loop(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)
    rng, n = Random(3), 0
    for batch in range(60):
        events = []
        for _ in range(rng.randrange(4)):
            n += 1
            at, now = loop.clock.now() - rng.choice([0, 0, 90_000, 5 * US]), loop.clock.now()
            make = rng.choice([makers.frame, makers.frame, makers.smoke, makers.reading, makers.case, makers.sos])
            events.append(replace(make(f"e{n}"), at=at, time=at, arrival=now, source=f"/device/{make.__name__}"))
        loop.turn(*events)
        loop.tick(rng.choice([50_000, 100_000, 100_000, 20 * US, 3600 * US]))
        if batch == 30:
            loop = loop.again()
    loop.tick(13 * 3600 * US)
    records = list(loop.pipeline.journal.read())
    loop.close()
    source = recorded(str(tmp_path), load_events, load_city())
    again = rerun(source.turns(), load_city(), load_rules())
    seen = sorted((took, record.subject) for record in records for took in taken(record))
    assert len(seen) > 20 and source.n == n
    assert sorted((tuple(took), id) for id, some in again.peaks.detections.items() for took in some) == seen
    queue = {i.id: (i.kind, i.subject, i.opened_at, i.unplaced) for i in again.peaks.board.incidents.values()}
    assert queue == {i.id: (i.kind, i.subject, i.opened_at, i.unplaced) for i in loop.board.incidents.values()}


def test_a_source_that_never_spoke_is_found_silent_again(tmp_path: Path) -> None:
    loop = Loop(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)
    start = loop.clock.now()
    loop.pipeline.expect(start)
    loop.pipeline.note([draft("run.started", "gwanje-1", start, bodies.Run(expects=True), "house")])
    loop.turn(makers.smoke("a1"))
    loop.tick(300 * US)
    seen = [(r.body["rule"], r.at, r.subject) for r in loop.pipeline.journal.read(kinds=["detection.noted"])]
    loop.close()
    source = recorded(str(tmp_path), load_events, load_city())
    again = rerun(source.turns(), load_city(), load_rules(), expects=source.expects)
    told = [(d.rule, d.at, d.subject) for d in again.detections if d.rule == "source_silent"]
    assert len(told) > 100 and told == [row for row in seen if row[0] == "source_silent"]
    assert list(source.expects) == [start]
    assert not [d for d in rerun(source.turns(), load_city(), load_rules()).detections if d.rule == "source_silent"]
