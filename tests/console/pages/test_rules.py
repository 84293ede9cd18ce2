"""The register's frame."""

from __future__ import annotations

from console.pages import rules
from tests.console.pages.frames import assert_whole, attributes


def test_the_register_says_what_it_is():
    found = assert_whole(rules)
    assert {"rules.title", "rules.lead"} <= set(attributes(found, "data-word"))
    assert "register" in attributes(found, "id")
