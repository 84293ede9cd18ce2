"""The same rule and subject again and again is told once, until it has calmed down."""

import pytest

from cep.chatter import Chatter
from cep.rules import load_rules
from stream.schema import US, Detection, Severity


def seen(s: float, rule: str = "vital", subject: str = "H") -> Detection:
    return Detection(rule, 1, round(s * US), subject, Severity.serious, {"source": "/device/d"})


@pytest.fixture
def chatter() -> Chatter:
    return Chatter(load_rules())


def told(chatter: Chatter, *times: float) -> list[float]:
    return [made.at / US for s in times for made in chatter.hear(seen(s))]


def test_the_third_within_a_minute_is_chatter_told_once(chatter: Chatter) -> None:
    assert told(chatter, 0, 30, 60, 70, 80, 90) == [60]


def test_the_window_is_a_minute_to_the_end(chatter: Chatter) -> None:
    assert told(chatter, 0, 30, 60.000001, 90) == [90]


def test_what_lies_far_back_is_not_counted_with_what_is_now(chatter: Chatter) -> None:
    assert told(chatter, 1000, 1001, 100, 1002) == [] and told(chatter, 1003, 1004) == [1004]


def test_after_a_pause_it_is_told_anew(chatter: Chatter) -> None:
    assert told(chatter, 0, 1, 2, 3, 100, 101, 102) == [2, 102]


def test_rule_and_subject_are_counted_apart_and_chatter_itself_never(chatter: Chatter) -> None:
    for n in range(2):
        assert chatter.hear(seen(n)) == chatter.hear(seen(n, "sos")) == chatter.hear(seen(n, subject="X")) == []
    (made,) = chatter.hear(seen(2))
    assert (made.rule, made.subject, made.severity) == ("chattering", "H", Severity.notice)
    assert made.evidence == {"of": "vital", "n": 3, "source": "/device/d"}
    assert chatter.hear(made) == chatter.hear(made) == chatter.hear(made) == []


def test_what_is_long_over_is_forgotten(chatter: Chatter) -> None:
    told(chatter, 0, 1)
    chatter.forget(86_400 * US)
    assert chatter.last != [{}]
    chatter.forget(86_500 * US)
    assert chatter.last == [{}]
