"""Crisis mode begins with a heat or cold warning and is off again by itself, by its end or by the all-clear."""

from __future__ import annotations

from stream.bodies import ContextNoted
from stream.crisis import Crisis, crises, weather
from stream.kinds import draft
from stream.schema import US
from tests.ledger import T0, Ledger

HOUR = 3600 * US


class Sky(Ledger):
    """A ledger whose weather changes."""

    def say(self, value: str, level: str, area: str = "오산시", hours: float = 0.0, frm: int = 0, to: int = 0) -> None:
        self.now = T0 + int(hours * HOUR)
        self.note([draft("context.noted", area, self.now, ContextNoted("weather", level, value, frm, to))])

    def holds(self, hours: float) -> list[Crisis]:
        return crises(self.board.context, self.board.begun, T0 + int(hours * HOUR))


def test_a_warning_holds_from_when_it_was_said_until_the_all_clear():
    sky = Sky()
    sky.say("heatwave", "warning")
    assert sky.holds(1) == [Crisis("heatwave", "warning", "오산시", T0)]
    sky.say("heatwave", "none", hours=5)
    assert sky.holds(5) == []


def test_it_ends_by_itself_at_its_own_end_and_begins_at_its_own_beginning():
    sky = Sky()
    sky.say("coldwave", "warning", frm=T0 + HOUR, to=T0 + 3 * HOUR)
    assert [len(sky.holds(hours)) for hours in (0.5, 1, 2.9, 3)] == [0, 1, 1, 0]
    assert sky.holds(2)[0].since == T0 + HOUR


def test_a_word_that_says_the_same_begins_nothing_anew_and_a_graver_one_does():
    sky = Sky()
    sky.say("heatwave", "advisory")
    sky.say("heatwave", "advisory", hours=1, to=T0 + 9 * HOUR)
    assert sky.holds(2)[0].since == T0
    sky.say("heatwave", "warning", hours=3)
    assert (sky.holds(4)[0].level, sky.holds(4)[0].since) == ("warning", T0 + 3 * HOUR)


def test_a_warning_that_had_ended_begins_anew():
    sky = Sky()
    sky.say("heatwave", "warning", to=T0 + HOUR)
    sky.say("heatwave", "warning", hours=24)
    assert sky.holds(25)[0].since == T0 + 24 * HOUR


def test_the_gravest_stands_first_and_rain_is_no_crisis():
    sky = Sky()
    sky.say("heatwave", "advisory", "궐동")
    sky.say("heatwave", "warning", "오산동", 1)
    sky.say("heavy_rain", "warning", "오산시", 2)
    assert [(one.area, one.level) for one in sky.holds(3)] == [("오산동", "warning"), ("궐동", "advisory")]
    assert Ledger().board.copy().begun == {} and sky.board.copy().begun == sky.board.begun


def test_the_other_weather_stands_apart_from_heat_and_cold():
    sky = Sky()
    sky.say("heavy_rain", "warning", to=T0 + HOUR)
    sky.say("heatwave", "advisory")
    sky.say("fine_dust", "none")
    told = weather(sky.board.context, sky.board.begun, T0)
    assert told == [Crisis("heavy_rain", "warning", "오산시", T0, T0 + HOUR)]
    assert [one.value for one in sky.holds(0)] == ["heatwave"]
    assert weather(sky.board.context, sky.board.begun, T0 + HOUR) == []
