"""How a request is read: bounds, times, words; a wrong one says what is allowed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from flask import Flask

from console.api import body_as, chosen, moment, page_of, reply, whole
from console.deeds import OpenIn
from console.problems import Problem

APP = Flask("reader")


def read(query: str, ask: Callable[[], object]) -> object:
    with APP.test_request_context(f"/?{query}"):
        return ask()


@pytest.mark.parametrize(("query", "expected"), [("", 7), ("n=", 7), ("n=1", 1), ("n=10", 10)])
def test_a_whole_number_has_a_default(query: str, expected: int) -> None:
    assert read(query, lambda: whole("n", 7, 1, 10)) == expected


@pytest.mark.parametrize("given", ["0", "11", "x", "1.5", "-1", "1e9", "９９９"])
def test_a_number_out_of_bounds_says_the_bounds(given: str) -> None:
    with pytest.raises(Problem, match="allowed: 1 to 10"):
        read(f"n={given}", lambda: whole("n", 7, 1, 10))


def test_a_time_needs_its_offset_and_a_plus_may_be_plain() -> None:
    assert read("t=1970-01-01T09:00:01%2B09:00", lambda: moment("t", 0)) == 1_000_000
    assert read("t=1970-01-01T09:00:01+09:00", lambda: moment("t", 0)) == 1_000_000
    assert read("", lambda: moment("t", 5)) == 5
    with pytest.raises(Problem, match="RFC 3339"):
        read("t=1970-01-01T09:00:01", lambda: moment("t", 0))


def test_a_word_is_one_of_those_allowed() -> None:
    assert read("w=b", lambda: chosen("w", {"a": 1, "b": 2})) == 2
    assert read("", lambda: chosen("w", {"a": 1})) is None
    with pytest.raises(Problem, match="allowed: a, b"):
        read("w=c", lambda: chosen("w", {"a": 1, "b": 2}))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[]", b'{"kind": NaN}', b"[" * 5000])
def test_a_broken_body_is_400(data: bytes) -> None:
    with APP.test_request_context("/", method="POST", data=data), pytest.raises(Problem) as caught:
        body_as(OpenIn)
    assert (caught.value.status, bool(caught.value.detail)) == (400, True)


def test_a_page_has_a_cursor_while_there_is_more() -> None:
    assert page_of([1, 2, 3], str, 2) == ([1, 2], "2")
    assert page_of([1, 2], str, 2) == ([1, 2], None)
    assert page_of([], str, 2) == ([], None)


def test_an_answer_is_json() -> None:
    answer = reply({"a": "가"}, 201, Location="/x")
    assert (answer.status_code, answer.mimetype, answer.headers["Location"]) == (201, "application/json", "/x")
    assert msgspec.json.decode(answer.data) == {"a": "가"}
