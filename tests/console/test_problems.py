"""A problem is said the same way to a program and to a person."""

from __future__ import annotations

import msgspec

from console.problems import CODES, MIME, Problem
from console.words import LANGS, catalogue


def test_a_problem_has_its_code_its_words_and_its_extras() -> None:
    answer = Problem(429, headers={"Retry-After": "8"}, seconds=8).response("en")
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (429, MIME, "8")
    assert msgspec.json.decode(answer.data) == {
        "type": "about:blank",
        "title": "Too many attempts. Try again in 8 s.",
        "status": 429,
        "detail": "",
        "code": "slow_down",
        "seconds": 8,
    }


def test_a_refusal_of_the_desk_speaks_korean() -> None:
    assert Problem(409, "stale", "4").body("ko")["title"].startswith("그사이")


def test_a_code_without_words_falls_back_to_the_phrase_of_its_status() -> None:
    assert Problem(404, "never_heard").body()["title"] == "Not Found"


def test_every_code_of_a_status_has_words() -> None:
    assert [c for c in CODES.values() for lang in LANGS if f"error.{c}" not in catalogue(lang)] == []
