"""The indicators' frame."""

from __future__ import annotations

import pytest

from console.pages import kpi
from tests.console.pages.frames import assert_whole, attributes

STORES = {"kpi-load-graph": "kpi-asked", "kpi-false-graph": "kpi-asked", "kpi-school-graph": "kpi-asked",
          "kpi-trend-graph": "kpi-trend"}


def test_span_and_parts_are_chosen_by_buttons():
    found = assert_whole(kpi)
    assert attributes(found, "data-span") == ["shift", "day", "week", "month", "last_month"]
    assert attributes(found, "data-by") == ["day", "week", "month"]
    assert {"kpi-tiles", "kpi-area", "kpi-error", *kpi.GRAPHS} <= set(attributes(found, "id"))


def test_the_graphs_are_asked_for_by_a_person_and_by_nothing_that_changes_by_itself(desk):
    callbacks = desk.app.test_client().get("/_dash-dependencies")
    assert callbacks.status_code in (302, 401, 403)
    rows = desk.client("operator").get("/_dash-dependencies").json
    asked = {row["output"]: row["inputs"] for row in rows if row["output"].startswith("kpi-")}
    assert asked == {f"{graph}.figure": [{"id": store, "property": "data"}] for graph, store in STORES.items()}


def draw(desk, role: str, graph: str, **data):
    given = {"from": 1_790_000_000_000 - 86_400_000, "to": 1_790_000_001_000, "lang": "ko", **data}
    input = {"id": STORES[graph], "property": "data", "value": given}
    body = {"output": f"{graph}.figure", "outputs": {"id": graph, "property": "figure"}, "inputs": [input],
            "changedPropIds": [f"{STORES[graph]}.data"], "state": []}
    return desk.client(role).post("/_dash-update-component", json=body, headers={"Origin": "http://localhost"})


@pytest.mark.parametrize("graph", STORES)
def test_each_graph_is_drawn_for_staff_and_for_nobody_else(desk, graph):
    desk.live.opened()
    desk.live.clock.advance(1_000_000)
    answer = draw(desk, "operator", graph, name="load", by="day", area="no such place", px=9999)
    assert answer.status_code == 200, answer.text
    figure = answer.json["response"][graph]["figure"]
    assert figure["layout"]["title"]["text"] and figure["layout"]["font"]["size"] == 40
    assert draw(desk, "auditor", graph, name="load", by="day").status_code == 403


def test_a_course_of_nothing_is_not_drawn(desk):
    for wrong in ({"name": "nonsense", "by": "day"}, {"name": "load", "by": "hour"}):
        assert "layout" not in draw(desk, "operator", "kpi-trend-graph", **wrong).text
