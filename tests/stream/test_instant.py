"""Time in and time out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.instant import format_kst, parse_rfc3339
from stream.schema import US, SourceError


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 09:00:00+09:00", 0),
        ("2026-03-02T08:30:00.123456+09:00", 1772407800123456),
        ("2026-03-02T08:30:00.1234569+09:00", 1772407800123456),
        ("2026-03-01T23:30:00.1Z", 1772407800100000),
        ("2016-12-31T23:59:60Z", 1483228800 * US),
        ("1969-12-31T23:59:59Z", -US),
    ],
)
def test_a_time_with_an_offset_is_read(text: str, us: int) -> None:
    assert parse_rfc3339(text) == us


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-03-02", "2026-03-02T08:30:00", "2026-03-02T08:30+09:00", "20260302T083000Z", "1772407800",
        "2026-13-02T08:30:00Z", "2026-02-30T08:30:00Z", "2026-03-02T25:30:00Z", "2026-03-02T08:30:00+0900",
        "2026-W10-1T08:30:00Z", "２０２６-03-02T08:30:00Z",
    ],
)
def test_anything_else_is_the_senders_fault(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_rfc3339(text)
    assert caught.value.code == "bad_time"


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        assert isinstance(parse_rfc3339(text), int)
    except SourceError as refused:
        assert refused.code == "bad_time"


@given(st.integers(0, 4_102_444_800_000))
def test_what_is_written_is_read_back(ms: int) -> None:
    text = format_kst(ms * 1000)
    assert text.endswith("+09:00")
    assert parse_rfc3339(text) == ms * 1000
    assert ("." in text) == (ms % 1000 != 0)


def test_below_a_millisecond_is_cut_off() -> None:
    assert format_kst(1_500_999) == format_kst(1_500_000) == "1970-01-01T09:00:01.500+09:00"
