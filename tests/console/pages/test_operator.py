"""The operator console's frame: what the browser's modules draw into is there."""

from __future__ import annotations

from console.pages import operator
from tests.console.pages.frames import assert_whole, attributes


def test_the_frame_has_every_place_that_the_modules_draw_into():
    found = assert_whole(operator)
    assert {"queue", "map", "incident-panel"} <= set(attributes(found, "data-testid"))
    places = {"pill", "seek", "filters", "urgent-outside", "shift", "layer-list", "unplaced", "weather"}
    places |= {"notice", "counts", "devices", "strip-bars", "slider", "replay-live", "sheet", "toasts", "spoken"}
    assert places <= set(attributes(found, "id"))
    assert attributes(found, "data-filter") == ["new", "work", "shelved", "all"]


def test_a_query_does_not_change_the_frame():
    plain, past = assert_whole(operator), assert_whole(operator, at="2026-01-01T00:00:00+09:00")
    assert attributes(plain, "id") == attributes(past, "id")
