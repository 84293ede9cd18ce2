"""The indicators' frame."""

from __future__ import annotations

from console.pages import kpi
from tests.console.pages.frames import assert_whole, attributes


def test_a_span_is_chosen_by_a_button():
    found = assert_whole(kpi)
    assert attributes(found, "data-span") == ["shift", "day", "week", "month"]
    assert "kpi-tiles" in attributes(found, "id")
