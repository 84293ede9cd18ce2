"""The first of a kind is told at once, the rest as a sum."""

from stream.meter import ROWS, Meter

MIN = 60


def test_first_at_once_then_one_sum_a_minute() -> None:
    meter: Meter[str] = Meter(MIN)
    meter.add({"a": 1})
    assert meter.due(0) == [("a", 1)]
    meter.add({"a": 2, "b": 1})
    assert meter.due(1) == [("b", 1)]
    meter.add({"a": 3})
    assert meter.due(59) == []
    assert meter.due(60) == [("a", 5)]
    assert meter.due(200) == []


def test_a_thousand_kinds_are_told_little_by_little_the_most_frequent_first() -> None:
    meter: Meter[int] = Meter(MIN)
    meter.add({i: i + 1 for i in range(100)})
    first = meter.due(0)
    assert [key for key, _ in first] == list(range(99, 99 - ROWS, -1))
    told = dict(first)
    for second in range(1, 10):
        told |= dict(meter.due(second))
    assert told == {i: i + 1 for i in range(100)}
