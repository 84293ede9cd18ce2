"""What sounded in the last ten minutes."""

from __future__ import annotations

from msgspec.structs import replace

from stream.loud import Loud
from stream.schema import US, Priority, State
from tests.ledger import T0, Ledger


def test_first_and_again_sound_and_work_in_hand_does_not():
    loud, incident = Loud(), Ledger().open(Priority.P2)
    loud.hear(None, incident, T0)
    seen = replace(incident, state=State.acknowledged)
    loud.hear(incident, seen, T0 + 1)
    loud.hear(seen, incident, T0 + 2)
    loud.hear(incident, replace(incident, score=50), T0 + 3)
    assert loud.count(T0 + 3) == 2


def test_what_is_silent_counts_when_it_is_annunciated():
    loud, silent = Loud(), Ledger().open(Priority.P4)
    loud.hear(None, silent, T0)
    assert loud.count(T0) == 0
    loud.hear(silent, replace(silent, annunciated=True, priority=2), T0 + 1)
    assert loud.count(T0 + 1) == 1


def test_ten_minutes_are_remembered_whatever_the_order():
    loud, incident = Loud(), Ledger().open(Priority.P1)
    for seconds in (0, 700, 300, 600):
        loud.hear(None, incident, T0 + seconds * US)
    assert [loud.count(T0 + s * US) for s in (700, 900, 901, 1300, 1301)] == [3, 3, 2, 1, 0]
    other = loud.copy()
    loud.hear(None, incident, T0 + 2000 * US)
    assert (loud.count(T0 + 2000 * US), other.count(T0 + 700 * US)) == (1, 3)
