"""Letters of a storm: good events, spread over its time, and only those from people in danger are urgent."""

from cep.urgent import urgent_classes
from connectors.decode import decode
from connectors.simulate.day import ticks
from connectors.simulate.letters import ASKED, IN_DANGER, ONE_IN, WHAT, WHERE, write
from stream.schema import US
from tests.connectors.simulate.sight import MORNING, OSAN
from tests.connectors.simulate.test_scenes import Bare


def test_one_in_twenty_is_in_danger_and_only_their_words_are_urgent() -> None:
    day = Bare(OSAN, 3, MORNING)
    assert write(day, 60, 200) == 200 // ONE_IN
    messages = [m for m in ticks(day, MORNING + 70 * US) if b'"city.welfare.case"' in m.body]
    events = [event for m in messages for event in decode(m.body, m.at, None)[0]]
    assert len(events) == 200 == len({event.data.case for event in events})
    urgent = [event.data.text for event in events if urgent_classes(event.data.text)]
    assert len(urgent) == 200 // ONE_IN and all(any(one in text for one in IN_DANGER) for text in urgent)
    assert events[-1].time - events[0].time > 50 * US


def test_no_letter_about_a_street_holds_an_urgent_word() -> None:
    texts = {where + what for where in WHERE for what in WHAT} | set(ASKED)
    assert not [text for text in texts if urgent_classes(text)]
    assert all(urgent_classes(text) for text in IN_DANGER)
