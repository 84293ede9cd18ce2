"""The table of scenes: each plays, sends what its kind sends, and nothing of it is refused."""

import msgspec
import pytest

from connectors.decode import decode
from connectors.simulate.day import Day, ticks
from connectors.simulate.messages import Message
from connectors.simulate.scenes import OPENING, SCENES, camera, device_of, radar
from stream.schema import US
from tests.connectors.simulate.sight import MORNING, OSAN

SENDS = {
    "jaywalking": "jaywalking", "illegal_parking": "illegal_parking", "obstruction": "obstruction",
    "loitering": "loitering", "wrong_way": "wrong_way", "crowd": "crowd", "collision": "collision",
    "street_fall": "fall", "smoke": "smoke", "gas": "gas", "fall_quiet": "fall", "fall_up_again": "fall", "sos": "sos",
    "vital": "vital", "no_answer": "no_answer", "distress": "distress",
}  # fmt: skip


class Bare(Day):
    """A day without a plan of its own: only what a test plays."""

    def _plan_day(self, storm_on: bool) -> None:
        pass


def played(name: str) -> list[Message]:
    """A minute of a bare day, the scene, and five minutes more."""
    day = Bare(OSAN, 3, MORNING)
    ticks(day, MORNING + 60 * US)
    SCENES[name].play(day)
    return ticks(day, MORNING + 360 * US)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_scene_sends_only_good_events(name: str) -> None:
    for message in played(name):
        events, aside = decode(message.body, message.at, None)
        assert len(events) == 1 and aside == []


@pytest.mark.parametrize("name", sorted(SENDS))
def test_a_scene_sends_what_its_kind_sends(name: str) -> None:
    said = [msgspec.json.decode(m.body)["data"] for m in played(name) if m.delivery == "alarm"]
    words = {d.get("what") or d.get("alarm") or d.get("result") for d in said}
    assert SENDS[name] in words


def test_after_a_fall_without_getting_up_the_home_is_still() -> None:
    messages = [msgspec.json.decode(m.body) for m in played("fall_quiet")]
    fall = next(n for n, e in enumerate(messages) if e["type"] == "city.care.alarm")
    home = messages[fall]["subject"]
    after = [e["data"]["sensor"] for e in messages[fall:] if e["type"] == "city.care.reading" and e["subject"] == home]
    assert set(after) <= {"temperature"}


def test_who_gets_up_again_is_seen_to_move_within_a_minute() -> None:
    messages = [msgspec.json.decode(m.body) for m in played("fall_up_again")]
    fall = next(n for n, e in enumerate(messages) if e["type"] == "city.care.alarm")
    home = messages[fall]["subject"]
    assert any(e["type"] == "city.care.reading" and e["data"]["sensor"] == "pir" for e in messages[fall:]
               if e["subject"] == home)  # fmt: skip


def test_the_devices_of_scenes_stand_in_the_city_file() -> None:
    site, home = next(s for s in OSAN.sites if not s.startswith(("XW-DUT", "XW-TEST"))), "HH-0001"
    assert {camera(site), radar(site), device_of(home, "smoke")} <= set(OSAN.sources)


def test_the_opening_shows_one_of_each_domain_within_three_minutes() -> None:
    assert {SCENES[name].domain for _, name in OPENING} == {"school", "care", "welfare"}
    assert OPENING[0][0] < 5 and max(at for at, _ in OPENING) < 150


def test_a_radar_does_not_fall_silent_over_a_scene_that_plays() -> None:
    day = Bare(OSAN, 3, MORNING, live_sites=1)
    SCENES["run_out"].play(day)
    SCENES["radar_silent"].play(day)
    assert not day._road.silent
