"""The page of the quarantine: a table with a head in words, a body that the browser fills."""

from __future__ import annotations

from console.pages import quarantine
from tests.console.pages.frames import assert_whole, attributes


def test_the_table_has_a_head_and_an_empty_body():
    found = assert_whole(quarantine)
    assert {"quarantine-table", "quarantine-table-rows", "quarantine-raw"} <= set(attributes(found, "id"))
    assert set(quarantine.COLUMNS) <= set(attributes(found, "data-word"))
