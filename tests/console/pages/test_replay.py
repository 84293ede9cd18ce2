"""The supervisor's look back is the operator's own screen under another name."""

from __future__ import annotations

from console.pages import operator, replay
from tests.console.pages.frames import assert_whole, attributes


def test_the_past_is_seen_on_the_same_frame():
    found, live = assert_whole(replay), assert_whole(operator)
    assert attributes(found, "id") == attributes(live, "id")
    assert attributes(found, "data-page") == ["replay"]
