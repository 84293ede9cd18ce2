"""The alarm load of the simulated city in event time: an ordinary hour and the storm, as rerun would print them."""

from __future__ import annotations

from collections.abc import Iterator

from cep.rules import load_rules
from cep.threat import LIFE_RULES
from connectors.decode import decode
from connectors.simulate.day import Day
from connectors.simulate.road import TICK_US
from geo.city import City, load_city
from replay.recorded import Turn
from replay.rerun import Result, rerun
from stream.clock import parse_rfc3339
from stream.schema import US, Priority

OSAN = load_city(None)
MORNING = parse_rfc3339("2026-11-25T08:00:00+09:00")


def turns(city: City, minutes: int, storm: bool) -> Iterator[Turn]:
    """A simulated day from eight in the morning, a second a turn; one crossing with a radar, every home, every case."""
    day = Day(city, 1, MORNING, storm_on=storm, live_sites=1)
    while day.at < MORNING + minutes * 60 * US:
        events = []
        for _ in range(US // TICK_US):
            at = day.at + TICK_US
            events += [e for m in day.step(at) for e in decode(m.body, at, None, check_clock=False)[0]]
        yield day.at, events


def lived(minutes: int, storm: bool = False) -> Result:
    return rerun(turns(OSAN, minutes, storm), OSAN, load_rules())


def test_an_ordinary_hour_calls_an_operator_less_than_once_in_ten_minutes() -> None:
    """The scenes are denser than life: something grave every 5 to 20 minutes. Still under the limit in every slot."""
    result = lived(60)
    told = result.load.view(*result.span)
    assert 0 < told["annunciated"] and told["mean"] < 1 and told["worst"] <= 1
    assert (told["flood_minutes"], told["chattering"]) == (0, 0)


def test_a_storm_calls_an_operator_less_than_ten_times_and_keeps_every_p1() -> None:
    result = lived(14, storm=True)
    told = result.load.view(*result.span)
    assert len(result.detections) > 500
    assert told["worst"] < 10 and told["flood_minutes"] == 0
    assert told["annunciated"] <= 12  # the whole room, not one operator
    incidents = result.peaks.board.incidents.values()
    for detection in result.detections:
        if detection.rule in LIFE_RULES:
            of = [i for i in incidents if any(d.subject == detection.subject and d.rule == detection.rule
                                              for d in i.detections)]  # fmt: skip
            assert of and all(i.priority == Priority.P1 and i.annunciated and i.is_open for i in of)
    assert sum(i.priority == Priority.P1 for i in incidents) == 3  # smoke, a call for help, a fall and nothing after it
