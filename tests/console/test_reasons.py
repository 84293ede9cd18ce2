"""A reason is a code in the journal, whatever a person writes."""

from __future__ import annotations

from typing import Any

import pytest

from console.reasons import coded


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"minutes": 5}, {"minutes": 5}),
        ({"reason": "steam"}, {"reason": "steam"}),
        ({"reason_code": "steam"}, {"reason": "steam"}),
        ({"reason": "Kitchen-Steam"}, {"reason": "kitchen_steam"}),
        ({"reason": "점검 중", "minutes": 5}, {"reason": "other", "text": "점검 중", "minutes": 5}),
        ({"reason": "요리 연기", "reason_code": "steam"}, {"reason": "steam", "text": "요리 연기"}),
        ({"reason": "요리", "text": "국"}, {"reason": "other", "text": "요리\n국"}),
        ({"reason": ""}, {"reason": ""}),
        ({"reason": 5}, {"reason": 5}),
        ({"reason": "두 줄", "text": 7}, {"reason": "other", "text": 7}),
    ],
)
def test_a_code_stays_and_words_are_a_text(given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert coded(given) == kept
