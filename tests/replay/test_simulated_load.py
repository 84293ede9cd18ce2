"""The alarm load of the simulated city in event time: an ordinary hour and the storm, as rerun would print them."""

from stream.schema import Priority
from tests.bench.day import MORNING, hidden, lived


def test_an_ordinary_hour_calls_an_operator_less_than_once_in_ten_minutes() -> None:
    """The scenes are denser than life: something every 5 to 20 minutes. Still under the limit in every slot."""
    result = lived(MORNING, 60)
    told = result.load.view(*result.span)
    assert 0 < told["annunciated"] and told["mean"] < 1 and told["worst"] <= 1
    assert (told["flood_minutes"], told["chattering"]) == (0, 0)
    assert not hidden(result)


def test_a_storm_calls_an_operator_less_than_ten_times_and_keeps_every_p1() -> None:
    result = lived(MORNING, 14, written=0)
    told = result.load.view(*result.span)
    assert len(result.detections) > 500
    assert told["worst"] < 10 and told["flood_minutes"] == 0
    assert told["annunciated"] <= 12  # the whole room, not one operator
    assert not hidden(result)
    incidents = result.peaks.board.incidents.values()
    assert sum(i.priority == Priority.P1 for i in incidents) == 3  # smoke, a call for help, a fall and nothing after it


def test_citizens_letters_beside_it_call_for_those_in_danger_only() -> None:
    """At the rate of 2,000 an hour; the whole hour is ``run.py bench day --storm``."""
    without, result = lived(MORNING, 11, written=0), lived(MORNING, 11, written=330)
    told, before = result.load.view(*result.span), without.load.view(*without.span)
    letters = [d for d in result.detections if d.rule == "welfare_urgent"]
    assert len(letters) == 330 // 20
    assert told["worst"] < 10 and told["flood_minutes"] == 0 and not hidden(result)
    assert told["annunciated"] - before["annunciated"] <= len(letters), "no street full of water called anybody"
