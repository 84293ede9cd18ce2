"""What came in is told apart: new, twice, broken, poison; each arrival hears what became of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream.columns import unpack
from stream.intake import Arrival, Shed
from stream.quarantine import Quarantine
from stream.schema import US, Quarantined
from stream.seen import Seen
from stream.sequence import Sequence
from stream.sort import Sorter
from stream.store import open_store
from stream.vault import Vault
from tests.stream import makers
from tests.stream.makers import T0


@pytest.fixture
def sorter(tmp_path: Path) -> Iterator[Sorter]:
    store = open_store(f"sqlite:///{tmp_path}/s.db")
    vault = Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "key")
    yield Sorter(Seen(store), Sequence(store, US), vault, Quarantine(store, vault))
    store.close()
    vault.close()


def test_each_arrival_hears_its_own_outcome(sorter: Sorter) -> None:
    alarm = makers.smoke("a", seq=5)
    first = Arrival([alarm, makers.frame("f", seq=1)])
    second = Arrival([alarm, makers.signal("s"), makers.reading("r")])
    out = sorter.sort([first, second], T0)
    assert out.twice == [[False, False], [True, False, False]]
    assert [e.id for e in out.sealed] == ["a", "f", "s", "r"]
    one, two = (sorter.outcome(a, t, set()) for a, t in zip((first, second), out.twice, strict=True))
    assert (one.accepted, one.duplicate, one.ids) == (2, 0, ["a"])
    assert one.seqs == {"/device/smoke-h-1": 5, "/device/radar-1": 1}
    assert (two.accepted, two.duplicate, two.ids) == (2, 1, ["a", "r"])
    assert two.seqs["/device/lamp-1"] is None


def test_the_rules_see_the_text_the_tape_does_not(sorter: Sorter) -> None:
    out = sorter.sort([Arrival([makers.case("c"), makers.smoke("a")])], T0)
    assert [e.data.text for e in out.judged[:1]] == ["쌀이 없어요"]
    assert unpack(sorter.columns(out, T0))[0].data.text is None
    assert out.judged[1] is out.sealed[1]


def test_a_broken_message_is_named_to_its_bringer_and_its_number_is_not_missing(sorter: Sorter) -> None:
    sorter.sort([Arrival([makers.frame("1", seq=1)])], T0)
    junk = Quarantined(b"{", "no_json", "", "/device/radar-1", T0, id="q", seq=2)
    lies = Quarantined(b"{", "wrong_source", "", "/device/radar-1", T0, seq=900)
    arrival = Arrival([makers.frame("3", seq=3)], [junk, lies])
    out = sorter.sort([arrival], T0)
    outcome = sorter.outcome(arrival, out.twice[0], set())
    assert (outcome.accepted, outcome.quarantined, outcome.ids) == (1, 2, ["q"])
    assert outcome.seqs == {"/device/radar-1": 3}
    assert len(out.aside) == 2


def test_what_was_shed_is_not_missing(sorter: Sorter) -> None:
    sorter.sort([Arrival([makers.frame("1", seq=1)])], T0)
    sorter.shed(Shed(seqs={"/device/radar-1": [2, 3]}), T0)
    sorter.sort([Arrival([makers.frame("4", seq=4)])], T0)
    assert sorter.numbers.contiguous("/device/radar-1") == 4


def test_poison_leaves_the_tape_and_goes_aside_as_it_was_sent(sorter: Sorter) -> None:
    arrival = Arrival([makers.case("c"), makers.smoke("a")])
    out = sorter.sort([arrival], T0)
    sorter.poison(out, [(out.judged[0], "ZeroDivisionError")], T0)
    assert [e.id for e in out.sealed] == [e.id for e in out.judged] == ["a"]
    assert out.keys == [("/device/smoke-h-1", "a")]
    assert out.aside[0]["reason"] == "rule_crash"
    sorter.vault.flush()
    kept = sorter.vault.open_bytes(out.aside[0]["ref"])
    assert kept is not None
    outcome = sorter.outcome(arrival, out.twice[0], {("/system/welfare", "c")})
    assert (outcome.accepted, outcome.quarantined, outcome.ids) == (1, 1, ["c", "a"])
    again = sorter.sort([Arrival([makers.case("c")])], T0)  # handed in again it is new
    assert again.twice == [[False]]


def test_an_event_that_cannot_be_written_goes_aside_and_the_others_are_written(sorter: Sorter) -> None:
    out = sorter.sort([Arrival([makers.smoke("a"), makers.reading("x", value=2**70), makers.smoke("b", "h-2")])], T0)
    assert [e.id for e in unpack(sorter.columns(out, T0))] == ["a", "b"]
    assert out.aside[0]["reason"] == "rule_crash"
    assert out.aside[0]["detail"] == "unwritable"


def test_an_alarm_that_is_sent_again_under_a_new_number_leaves_no_gap(sorter: Sorter) -> None:
    sorter.sort([Arrival([makers.smoke("a", seq=1), makers.smoke("b", seq=2)])], T0)
    sorter.sort([Arrival([makers.smoke("a", seq=3), makers.smoke("c", seq=4)])], T0)
    assert sorter.numbers.contiguous("/device/smoke-h-1") == 4
    assert sorter.numbers.tick(T0 + 60 * US) == []
    sorter.sort([Arrival([makers.smoke("a", seq=1)])], T0)  # redelivered as it was: no restart either
    assert sorter.numbers.contiguous("/device/smoke-h-1") == 4
