"""Welfare cases: quiet ones stay below the rule's marks, urgent ones say in plain Korean what is wrong."""

from random import Random

from cep.urgent import urgent_classes
from connectors.simulate.welfare import (
    FIRE_TEXTS,
    SIGNS,
    URGENT_TEXTS,
    cut_off_case,
    fire_case,
    grave_case,
    quiet_case,
    risk,
    signs,
    urgent_case,
)


def test_a_quiet_case_is_below_every_mark() -> None:
    rng = Random(1)
    for _ in range(300):
        case = quiet_case(rng, "궐동", "HH-0001")
        assert case.get("risk", 0) < 80 and sum(s["weight"] for s in case["signals"]) < 1.0


def test_an_urgent_letter_is_one_of_the_texts() -> None:
    rng = Random(1)
    texts = {urgent_case(rng, "궐동")["text"] for _ in range(100)}
    assert texts == {text for _, text, _ in URGENT_TEXTS}


def test_grave_signs_reach_the_mark() -> None:
    case = grave_case(Random(1), "궐동", "HH-0001")
    assert case["risk"] >= 80 and len({s["code"] for s in case["signals"]}) == 4


def test_more_signs_are_more_risk() -> None:
    rng = Random(1)
    few, many = signs(rng, 1), signs(rng, 3)
    assert risk(few, Random(2)) < risk(many, Random(2)) < 80
    assert all(0 < w <= 0.5 for w in SIGNS.values())


def test_what_a_neighbour_writes_of_a_fire_is_read_as_fire() -> None:
    assert all("fire" in urgent_classes(text) for text in FIRE_TEXTS)
    assert fire_case(Random(1), "궐동", "HH-0001")["household"] == "HH-0001"


def test_a_home_that_is_cut_off_is_at_risk_and_says_by_what() -> None:
    case = cut_off_case(Random(1), "궐동", "HH-0001")
    assert case["risk"] >= 80 and "power_cut" in {s["code"] for s in case["signals"]}
