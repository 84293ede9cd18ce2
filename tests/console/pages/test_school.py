"""The school's board names its zone; the numbers come later, from the server's count."""

from __future__ import annotations

from console.pages import school
from tests.console.pages.frames import assert_whole, attributes


def test_the_board_is_its_zone_s_and_has_no_map_of_people():
    found = assert_whole(school, zone="SZ-001")
    assert attributes(found, "data-zone") == ["SZ-001"]
    assert "map" not in attributes(found, "data-testid")
