"""Each scene on the road, at every fourth crossing of Osan, by day and by night: what it is meant to show, it shows."""

from collections.abc import Callable
from math import hypot

import pytest

from connectors.simulate import acts
from connectors.simulate.crossing import Act, Crossing
from geo.features import Site
from tests.connectors.simulate.sight import GATES, LIT, PEOPLE, kph, nearest_miss

HOURS = (180, 510)  # minutes of the day: night, school-run
LIGHTS = [s for s in GATES if s.id in LIT]


def played(site: Site, minute: float, act: Callable[[Crossing], Act]) -> tuple[Crossing, list[list[dict]], list[str]]:
    """A minute of life, then the act to its end: the crossing, its frames and its light meanwhile."""
    x = Crossing(site, site.id in LIT, f"{site.id}/{minute}")
    for _ in range(600):
        x.step(0.1, minute, True)
    x.acts.append(act(x))
    frames, lights = [], []
    while x.acts:
        x.step(0.1, minute, True)
        frames.append(x.frame())
        lights.append(x.phase.pedestrian)
        assert len(frames) < 3000
    return x, frames, lights


@pytest.mark.parametrize("minute", HOURS)
@pytest.mark.parametrize("site", GATES[::4], ids=lambda s: s.id)
def test_a_child_runs_out_and_the_car_stops_in_time(site: Site, minute: float) -> None:
    x, frames, _ = played(site, minute, acts.run_out)
    near = [nearest_miss(frame) for frame in frames]
    severe = [n for n, t in enumerate(near) if t <= 1.0]
    assert len(severe) >= 2 and severe == list(range(severe[0], severe[-1] + 1))  # one encounter, at least two frames
    assert min(near) > 0.3  # nobody is hit
    assert not x.held


@pytest.mark.parametrize("site", GATES[::12], ids=lambda s: s.id)
def test_a_child_that_goes_down_lies_there_is_told_of_once_and_helped_up(site: Site) -> None:
    told: list[tuple[float, float]] = []
    x, frames, _ = played(site, 510, lambda x: acts.run_out(x, lambda child: told.append(x.place(child.u, child.r))))
    lying = [c for f in frames for c in f if c["class"] == "child" and (c["x"], c["y"]) == told[0]]
    assert len(told) == 1 and len(lying) >= 300 and {(c["vx"], c["vy"]) for c in lying[1:]} == {(0, 0)}
    assert not x.held


@pytest.mark.parametrize("site", GATES[::12], ids=lambda s: s.id)
def test_three_cars_race_past_the_last_one_past_a_child(site: Site) -> None:
    _, frames, _ = played(site, 510, acts.race_thrice)
    beside: dict[int, set[str]] = {}  # who is there while each fast car is
    for frame in frames:
        for car in (o for o in frame if o["class"] not in PEOPLE and kph(o) > 40):
            beside.setdefault(car["id"], set()).update(o["class"] for o in frame if o["class"] in PEOPLE)
    assert list(beside.values()) == [set(), set(), {"child"}]


@pytest.mark.parametrize("minute", HOURS)
@pytest.mark.parametrize("site", GATES[::4], ids=lambda s: s.id)
def test_a_car_races_past_a_waiting_child(site: Site, minute: float) -> None:
    _, frames, _ = played(site, minute, acts.race_past)
    fast = [(o, f) for f in frames for o in f if o["class"] not in PEOPLE and kph(o) > 35]
    assert len(fast) > 20  # two seconds and more above the limit and its margin
    children = [(o, c) for o, f in fast for c in f if c["class"] == "child"]
    assert min(hypot(o["x"] - c["x"], o["y"] - c["y"]) for o, c in children) < 15
    assert min(map(nearest_miss, frames)) > 1.5  # fast, but not at the child


@pytest.mark.parametrize("site", LIGHTS[::3], ids=lambda s: s.id)
def test_a_car_runs_the_light_while_a_pupil_is_on_the_crosswalk(site: Site) -> None:
    x = Crossing(site, True, f"{site.id}/red")
    x.acts.append(acts.run_the_light(x))
    over: list[tuple[str, bool]] = []
    before: dict[int, float] = {}
    for _ in range(3000):
        x.step(0.1, 510, True)
        for car in x.lanes[0].vehicles:
            if before.get(car.id, car.s) < x.lanes[0].stop_s <= car.s and car.blind:
                inside = any(abs(p.r) < x.half and abs(p.u) < x.deep for p in x.people)
                over.append((x.phase.pedestrian, inside))
            before[car.id] = car.s
        if not x.acts:
            break
    assert over in ([("walk", True)], [("flashing", True)])
