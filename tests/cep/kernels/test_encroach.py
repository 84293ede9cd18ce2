"""Who left a square of the crosswalk, who came after, and how near a touch was predicted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cep.engine import Engine
from cep.rules import load_rules
from stream.schema import US, Detection, Event, RoadFrame, RoadObject
from tests.cep import streams
from tests.naive import Naive
from tests.twins import TWIN, lived

CITY, RULES = streams.PlainCity(), load_rules()
T = 1_772_000_000 * US


def frames(rows: list[tuple[float, list[RoadObject]]], source: str = "/device/r9", site: str = "S0") -> list[Event]:
    made = []
    for n, (s, objects) in enumerate(rows):
        at = T + round(s * US)
        made.append(Event(str(n), source, "city.road.frame", at, "", RoadFrame(site, objects), None, at, at))
    return made


def measured(events: list[Event], engine: Engine | None = None) -> list[Detection]:
    found = (engine or Engine(CITY, RULES)).step(events)
    return [d for d in found if d.rule == "post_encroachment"]


def walker(x: float, y: float = 0.5, id: str = "p", vx: float = 1.5, cls: str = "child") -> RoadObject:
    return RoadObject(id, cls, x, y, vx, 0.0)  # type: ignore[arg-type]


def car(y: float, x: float = 0.0, vy: float = 10.0, id: str = "v") -> RoadObject:
    return RoadObject(id, "vehicle", x, y, 0.0, vy)


def crossing(gap: float, first: str = "person") -> list[Event]:
    """Somebody walks east over the lane about x = 0; the car's box comes north, ``gap`` seconds after or before."""
    rows = []
    for n in range(60):
        s = n / 10
        x = -3.0 + 1.5 * s  # leaves the lane's last square (x < 1) at 2.6 s, comes to its first (x >= -1) at 1.4 s
        arrive = 2.6 + gap if first == "person" else 1.4 - gap - 0.5
        y = 0.5 - 2.25 + 10.0 * (s - arrive)  # the front is at the walker's line at ``arrive``
        rows.append((s, [walker(x), car(y)] if -8 < y < 8 else [walker(x)]))
    return frames(rows)


def test_a_car_that_comes_a_second_after_the_child_left() -> None:
    (found,) = measured(crossing(1.0))
    evidence = found.evidence
    assert (found.rule, found.subject, found.severity.name) == ("post_encroachment", "S0", "notice")
    assert 0.9 <= evidence["pet_s"] <= 1.2 and evidence["psm_s"] == evidence["pet_s"]
    assert (evidence["vehicle"], evidence["person"], evidence["person_class"]) == ("v", "p", "child")
    assert evidence["speed_kph"] == 36.0 and abs(evidence["x"]) <= 1.0 and evidence["y"] == 0.5


def test_a_child_that_steps_out_behind_the_car_has_a_margin_below_zero() -> None:
    (found,) = measured(crossing(0.4, "vehicle"))
    assert 0.2 <= found.evidence["pet_s"] <= 0.7 and found.evidence["psm_s"] == -found.evidence["pet_s"]


def test_two_seconds_apart_are_no_conflict_and_a_standing_car_marks_nothing() -> None:
    assert measured(crossing(2.0)) == [] and measured(crossing(2.2, "vehicle")) == []
    standing = [(n / 10, [walker(-3.0 + n * 0.15), car(0.5, vy=0.4)]) for n in range(40)]
    assert measured(frames(standing)) == []


def test_what_was_predicted_tells_a_driver_who_braked_from_one_who_never_came_near() -> None:
    rows, y = [], -19.75  # the front would be at the walker's line after 1.8 s
    for n in range(45):
        rows.append((n / 10, [walker(-3.0 + 0.15 * n), car(y, vy=10.0 if n < 10 else 4.0)]))
        y += 1.0 if n < 10 else 0.4
    (braked,) = measured(frames(rows))
    assert braked.evidence["pcr"] == "danger" and 0.7 < braked.evidence["predicted_s"] <= 1.0
    assert 0.0 < braked.evidence["pet_s"] < 0.6
    (far,) = measured(crossing(1.4))
    assert far.evidence["pcr"] == "safe" and "predicted_s" not in far.evidence


def test_each_source_measures_on_its_own_and_only_where_there_is_a_crosswalk() -> None:
    rows = [(e.at, e.data.objects) for e in crossing(0.5)]
    mixed = []
    for at, objects in rows:  # one sensor sees only the child, the other only the car
        for source, kept in (("/device/r8", ["p"]), ("/device/r9", ["v"])):
            data = RoadFrame("S0", [o for o in objects if o.id in kept])
            mixed.append(Event("x", source, "city.road.frame", at, "", data, None, at, at))
    assert measured(mixed) == []
    assert measured(frames([((at - T) / US, objects) for at, objects in rows], site="S1")) == []


def test_once_a_pair_and_again_after_half_a_minute_unmet() -> None:
    engine, once = Engine(CITY, RULES), crossing(0.5)

    def again(s: int) -> list[Event]:
        late = s * US
        return [Event(e.id, e.source, e.type, e.at + late, "", e.data, None, e.at + late, e.at + late) for e in once]

    assert len(measured(once + again(10), engine)) == 1
    assert len(measured(again(50), engine)) == 1


@TWIN
@given(st.data())
def test_engine_and_twin_agree_on_random_meetings(data: st.DataObject) -> None:
    """Slow walkers and crawling cars about the crosswalk, in any batches and over restarts."""
    t, events = T, []
    for n in range(data.draw(st.integers(2, 30))):
        t += data.draw(st.sampled_from([100_000, 100_000, 300_000, 1_000_000, 1_500_000, 31 * US]))
        objects = [
            RoadObject(
                id, data.draw(st.sampled_from(["vehicle", "pedestrian", "child", "bus"])),
                data.draw(st.integers(-9, 9)) / 2, data.draw(st.integers(-6, 6)) / 2,
                data.draw(st.sampled_from([0.0, 0.3, 2.0, -3.0])), data.draw(st.sampled_from([0.0, 0.4, 5.0])),
            )
            for id in data.draw(st.lists(st.sampled_from([1, "1", "a", "b", "c", "d"]), max_size=5))
        ]  # fmt: skip
        source, site = data.draw(st.sampled_from([("/device/r8", "S0"), ("/device/r9", "S0"), ("/device/r9", "S1")]))
        events.append(Event(str(n), source, "city.road.frame", t, "", RoadFrame(site, objects), None, t, t))
    assert lived(data, CITY, RULES, events) == sorted(Naive(CITY, RULES).step(events))
