"""The page of devices: a table with a head in words, a body that the browser fills."""

from __future__ import annotations

from console.pages import devices
from tests.console.pages.frames import assert_whole, attributes


def test_the_table_has_a_head_and_an_empty_body():
    found = assert_whole(devices)
    assert {"device-table", "device-table-rows", "sums"} <= set(attributes(found, "id"))
    assert set(devices.COLUMNS) <= set(attributes(found, "data-word"))
