"""The page of audit: a table with a head in words, a body that the browser fills."""

from __future__ import annotations

from console.pages import audit
from tests.console.pages.frames import assert_whole, attributes


def test_the_table_has_a_head_and_an_empty_body():
    found = assert_whole(audit)
    assert {"audit-table", "audit-table-rows", "search"} <= set(attributes(found, "id"))
    assert set(audit.COLUMNS) <= set(attributes(found, "data-word"))
