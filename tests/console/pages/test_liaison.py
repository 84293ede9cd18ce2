"""Two agencies, one frame."""

from __future__ import annotations

import pytest

from console.pages import liaison
from tests.console.pages.frames import assert_whole, attributes


@pytest.mark.parametrize("agency", ["112", "119"])
def test_the_page_is_its_agency_s(agency):
    found = assert_whole(liaison, f"liaison_{agency}")
    assert attributes(found, "data-agency") == [agency]
    assert "cards" in attributes(found, "id")
