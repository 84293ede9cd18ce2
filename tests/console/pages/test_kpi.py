"""The indicators' frame."""

from __future__ import annotations

from console.pages import kpi
from tests.console.pages.frames import assert_whole, attributes


def test_a_span_is_chosen_by_a_button():
    found = assert_whole(kpi)
    assert attributes(found, "data-span") == ["shift", "day", "week", "month"]
    assert "kpi-tiles" in attributes(found, "id")


def test_a_flood_stands_out_and_the_times_are_korean():
    figure = kpi.load_figure([0, 3, 11], 0, "ko")
    (bars,) = figure.data
    assert list(bars.y) == [0, 3, 11]
    assert [colour == kpi.INK["flood"] for colour in bars.marker.color] == [False, False, True]
    assert list(bars.x)[:2] == ["1970-01-01T09:00:00", "1970-01-01T09:10:00"]
    assert "쇄도 (10)" in [note.text for note in figure.layout.annotations]


def test_the_graph_is_asked_for_by_a_person_and_by_nothing_that_changes_by_itself(desk):
    callbacks = desk.app.test_client().get("/_dash-dependencies")
    assert callbacks.status_code in (302, 401, 403)
    rows = desk.client("operator").get("/_dash-dependencies").json
    assert [row["inputs"] for row in rows if row["output"] == "kpi-load-graph.figure"] == [
        [{"id": "kpi-asked", "property": "data"}]
    ]
