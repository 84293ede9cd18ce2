"""The public version: anybody may read it, and nothing of a person, a place below the dong or a day is in it."""

from __future__ import annotations

import csv
import io

import pytest

from console.open_kpi import class_text
from stream import bodies
from stream.kinds import draft
from stream.kpi_public import NAMES
from stream.kpi_span import month_span
from tests.console.conftest import ZONE, Desk

SITE, HOME, CASE, SOURCE, USER = "XW-GASU-1", "HH-0031", "CASE-CANARY-77", "/device/canary-9", "canary.operator"
PATHS = ("/open/kpi", "/api/v1/open/kpi", "/api/v1/open/kpi/export")


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A month with canaries in every field, and then the next month."""
    live = desk.live
    for n in range(7):
        live.opened(SITE, "near_miss", 2, domain="road")
        live.opened(HOME, "smoke_or_gas", 1)
        body = bodies.Case("궐동", "neighbour", HOME)
        live.turn([draft("case.noted", f"{CASE}-{n}", live.clock.now(), body)])
    live.turn([draft("device.noted", SOURCE, live.clock.now(), bodies.Device("silent")),
               draft("access.login", USER, live.clock.now(), bodies.Access("login"), USER)])
    live.clock.set(month_span("2026-10")[0] + 1_000_000)
    return desk


@pytest.mark.parametrize("path", PATHS)
def test_anybody_may_read_it_and_no_canary_is_in_it(full: Desk, path: str) -> None:
    answer = full.app.test_client().get(path)
    assert answer.status_code == 200
    zone = full.live.house.city.zones[ZONE].name
    site = full.live.house.city.sites[SITE].name
    canaries = (SITE, HOME, "HH-", "XW-", "SZ-", CASE, SOURCE, "canary", USER, zone, site, "127.0", "near_miss")
    assert [c for c in canaries if c in answer.text] == []
    assert "궐동" in answer.text


def test_it_tells_the_month_that_is_over_and_no_other(full: Desk) -> None:
    client = full.app.test_client()
    told = client.get("/api/v1/open/kpi").json
    assert (told["month"], told["months"]) == ("2026-09", ["2026-09"])
    figures = {row["name"]: row for row in told["figures"]}
    assert tuple(figures) == NAMES and figures["reports"]["value"] == 7
    assert told["dongs"]["궐동"]["reports"] == {"least": 5, "most": 9}
    assert told["dongs"]["오산동"]["reports"] == {"least": 0, "most": 4}
    assert sum(row["road"]["least"] for row in told["dongs"].values()) == 5
    for wrong in ("2026-10", "2026-08", "soon"):
        assert all(client.get(f"{path}?month={wrong}").status_code == 404 for path in PATHS), wrong


def test_what_comes_later_in_the_day_changes_nothing(full: Desk) -> None:
    client, before = full.app.test_client(), month_span("2026-09")[1] - 1
    was = client.get("/api/v1/open/kpi").json
    full.live.turn([draft("case.noted", "late", before, bodies.Case("궐동", "system"))])
    assert client.get("/api/v1/open/kpi").json == was
    full.live.clock.advance(86_400_000_000)
    assert client.get("/api/v1/open/kpi").json != was


def test_the_table_says_the_same(full: Desk) -> None:
    text = full.app.test_client().get("/api/v1/open/kpi/export?lang=en").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    told = {row[0]: row for row in rows if row}
    assert told["reports"] == ["reports", "Welfare reports", "count", "7", ""]
    assert told["궐동"][3] == "5–9"


def test_before_the_first_month_is_over_it_says_so(desk: Desk) -> None:
    desk.live.opened()
    page = desk.app.test_client().get("/open/kpi")
    assert page.status_code == 200 and "아직" in page.text
    assert desk.app.test_client().get("/api/v1/open/kpi").status_code == 404


def test_a_class_in_words() -> None:
    classes = (None, {"least": 0, "most": 4}, {"least": 10, "most": 19}, {"least": 100, "most": None})
    assert [class_text(c, "ko") for c in classes] == ["–", "5 미만", "10–19", "100+"]
