"""The risk index over the API: now, at a past moment, from an operator's file, for the control room only."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace

from console.app import make_app
from geo.features import CityError
from geo.riskmap import from_city, write
from stream.clock import format_kst
from stream.schema import US
from tests.console.conftest import Desk
from tests.console.livehouse import LiveHouse


def near_miss(desk: Desk, subject: str) -> str:
    """One more near miss at a crosswalk."""
    now = desk.live.clock.now()
    seen = {"rule": "near_miss", "at": now, "subject": subject, "severity": 2, "evidence": {"ttc_s": 1.1}}
    return desk.live.opened(subject, "near_miss", 2, detections=[seen])


def test_cells_crosswalks_and_reasons_of_this_hour(desk):
    told = desk.client("operator").get("/api/v1/risk").json
    assert (told["hour"], told["years"], told["held"]) == (23, 0.0, None)
    assert told["at_ms"] == desk.live.clock.now() // 1000
    assert 100 < len(told["cells"]) < 4000
    assert min(index for _, _, index in told["cells"]) >= 1
    assert len(told["crossings"]) == 20
    assert told["why"][0]["code"] == "hour"


def test_a_near_miss_is_in_the_next_answer_and_not_in_the_hour_before(desk):
    client = desk.client("operator")
    before = client.get("/api/v1/risk").json
    site, moment = before["crossings"][3]["site"], format_kst(desk.live.clock.now())
    for _ in range(6):
        desk.live.clock.advance(60 * US)
        near_miss(desk, site)
    now = client.get("/api/v1/risk").json
    assert now["crossings"][0]["site"] == site
    assert {"code": "near_miss", "times": 0.0, "n": 6} in now["crossings"][0]["why"]
    again = client.get("/api/v1/risk", query_string={"at": moment}).json
    assert again == before
    assert client.get("/api/v1/risk", query_string={"at": "2031-01-01T00:00:00+09:00"}).json == now  # not the future


def test_a_false_alarm_takes_its_sign_back(desk):
    client = desk.client("operator")
    id = near_miss(desk, client.get("/api/v1/risk").json["crossings"][0]["site"])
    named = {why["code"] for one in client.get("/api/v1/risk").json["crossings"] for why in one["why"]}
    assert "near_miss" in named
    body = {"id": str(uuid4()), "verb": "resolve", "args": {"disposition": "false_alarm", "reason": "shadow"},
            "revision": desk.live.board.get(id).revision}  # fmt: skip
    assert client.post(f"/api/v1/incidents/{id}/commands", json=body).status_code == 200
    named = {why["code"] for one in client.get("/api/v1/risk").json["crossings"] for why in one["why"]}
    assert "near_miss" not in named


def test_only_the_control_room_may_ask_and_a_moment_must_be_one(desk):
    assert desk.client("supervisor").get("/api/v1/risk").status_code == 200
    for role in ("liaison_112", "school", "admin", "auditor"):
        assert desk.client(role).get("/api/v1/risk").status_code == 403
    assert desk.client("operator").get("/api/v1/risk?at=soon").status_code == 400


def test_the_operators_own_risk_file_is_told_and_a_broken_one_stops_the_start(live: LiveHouse, tmp_path: Path):
    risk = from_city(live.house.city)
    cells = (replace(risk.cells[0], rate=99.0, seen=3), *risk.cells[1:])
    write(replace(risk, cells=cells, years=13.0), tmp_path / "risk.json")
    (tmp_path / "b").mkdir()
    other = LiveHouse(tmp_path / "b", risk=str(tmp_path / "risk.json"))
    mine = Desk(other)
    told = mine.client("operator").get("/api/v1/risk").json
    assert told["years"] == 13.0
    assert max(told["cells"], key=lambda one: one[2])[:2] == [cells[0].lon, cells[0].lat]
    mine.close()
    (tmp_path / "risk.json").write_text("{}")
    with pytest.raises(CityError, match="risk file"):
        make_app(other.house)
    other.close()
