"""People: along the pavement, wait, across at a walking pace, away."""

from random import Random

import pytest

from connectors.simulate.walkers import KERB_M, PACE, SEEN_M, Walker, draw, step

HALF = 5.0


def walk(person: Walker, may_cross: bool, seconds: float) -> list[tuple[str, float, float]]:
    seen = []
    for _ in range(round(seconds * 10)):
        if not step(person, 0.1, HALF, may_cross):
            break
        seen.append((person.phase, person.u, person.r))
    return seen


@pytest.mark.parametrize("kind", sorted(PACE))
def test_everybody_gets_across_and_away(kind: str) -> None:
    person = draw(Random(3), 1, kind, HALF, 2.0)
    side = person.side
    seen = walk(person, True, 120)
    assert list(dict.fromkeys(phase for phase, _, _ in seen)) == ["come", "wait", "cross", "leave"]
    assert person.r == pytest.approx(-side * (HALF + KERB_M), abs=0.3) and abs(person.u) > SEEN_M


def test_nobody_steps_out_before_they_may_nor_leans_over_the_kerb() -> None:
    person = draw(Random(4), 1, "child", HALF, 2.0)
    seen = walk(person, False, 60)
    assert seen[-1][0] == "wait" and all(abs(r) == HALF + KERB_M for _, _, r in seen)
    assert person.vu == person.vr == 0


def test_paces_are_those_of_people() -> None:
    rng = Random(2)
    paces = {kind: [draw(rng, n, kind, HALF, 2.0).pace for n in range(300)] for kind in PACE}
    assert all(0.8 <= min(p) and max(p) <= 2.8 for p in paces.values())
    assert sum(paces["child"]) < sum(paces["pedestrian"]) < sum(paces["bicycle"])


def test_in_a_scene_somebody_stands_until_told() -> None:
    person = Walker(1, "child", 1.2, 1, 0.0, 6.0, 0.0, 1, phase="stand")
    assert {s[0] for s in walk(person, True, 5)} == {"stand"} and person.r == 6.0
