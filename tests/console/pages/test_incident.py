"""One incident's page carries its id and nothing of the incident."""

from __future__ import annotations

from console.pages import incident
from tests.console.pages.frames import assert_whole, attributes


def test_the_page_names_its_incident():
    found = assert_whole(incident, id="20260101-0001")
    assert attributes(found, "data-id") == ["20260101-0001"]
    assert "incident-panel" in attributes(found, "data-testid")
