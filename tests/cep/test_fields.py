"""Fields of rule files: what fits and what does not."""

import math

import pytest

from cep.fields import by_kind, clock_span, hours, number, seconds, text, whole, word, words


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (number(most=1), [0, 0.5, 1], [-0.1, 1.1, True, "1", None, math.nan, math.inf]),
        (number(above=0, most=9), [0.1, 9], [0, 9.1]),
        (seconds(), [0.001, 3600], [0, -1, 31 * 86_400]),
        (hours(), [0.5, 720], [0, 721]),
        (whole(1, 5), [1, 5], [0, 6, 1.0, True, "1"]),
        (word(("a", "b")), ["a"], ["c", 1, None, ["a"]]),
        (words(("a", "b")), [["a"], ["b", "a"]], [[], ["c"], ["a", "a"], "a", [1]]),
        (words(("a",), least=0), [[]], [["b"]]),
        (clock_span(), [["07:30", "17:00"], ["22:00", "06:00"]], [["7:30", "17:00"], ["07:30"], [7, 8]]),
        (text(), ["x"], ["", "  ", 1]),
        (by_kind(), [{}, {"sos": "severe"}], [{"sos": "bad"}, {"ufo": "severe"}, []]),
    ],
)
def test_fields_take_what_fits_and_nothing_else(field: object, good: list[object], bad: list[object]) -> None:
    assert all(field.fits(value) for value in good)  # type: ignore[attr-defined]
    assert not any(field.fits(value) for value in bad)  # type: ignore[attr-defined]
    assert field.allowed  # type: ignore[attr-defined]
