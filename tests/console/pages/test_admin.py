"""The page of admin: a table with a head in words, a body that the browser fills."""

from __future__ import annotations

from console.pages import admin
from tests.console.pages.frames import assert_whole, attributes


def test_the_table_has_a_head_and_an_empty_body():
    found = assert_whole(admin)
    assert {"account-table", "account-table-rows", "new-account"} <= set(attributes(found, "id"))
    assert set(admin.COLUMNS) <= set(attributes(found, "data-word"))
