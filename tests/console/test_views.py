"""Redaction: a role's view has its fields and no other, whatever is inside."""

from __future__ import annotations

import msgspec
import pytest

from console import views
from console.matrix import matrix
from stream.schema import DetectionRef, Escalation, Factor, Incident, Place
from tests.console.livehouse import START

CANARY = "canary"


def report(agency: str, state: str, **more: object) -> Escalation:
    return Escalation(agency, 1, CANARY, state, START, "kim", send_at=START + 5_000_000, **more)


INCIDENT = Incident(
    id="20260921-0001",
    kind="smoke_or_gas",
    domain="care",
    subject="HH-0001",
    state="escalated",
    priority=1,
    score=87,
    factors=(Factor("threat", 50, "smoke", {"ppm": 3}),),
    revision=4,
    opened_at=START,
    updated_at=START + 1_500_000,
    detections=(DetectionRef("smoke_or_gas", START, "HH-0001", 3, {"alarm": "smoke"}, 2),),
    place=Place(127.04307, 37.17675, household="HH-0001", dong="금암동", ref=CANARY),
    assigned_to="kim",
    acknowledged_at=START + 1_000_000,
    acknowledged_by="kim",
    escalations=(report("119", "accepted", receipt="R-1"), report("112", "requested")),
    text_ref=CANARY,
    stamps={"arrival": START - 40_000},
)


def seen(role: str, incident: Incident = INCIDENT) -> dict[str, object] | None:
    return views.incident(incident, role, START + 2_000_000, matrix(), {"smoke_or_gas": "fire_home"})


@pytest.mark.parametrize("role", ["operator", "supervisor", "liaison_119"])
def test_a_view_has_exactly_the_roles_fields(role: str) -> None:
    assert list(seen(role)) == list(matrix().fields[role])


def test_every_field_of_the_matrix_has_its_function_and_the_other_way_round() -> None:
    named = {field for fields in matrix().fields.values() for field in fields}
    assert named == set(views.FIELDS)


@pytest.mark.parametrize("role", ["school", "board", "admin", "auditor", "device", "", "king"])
def test_other_roles_see_nothing(role: str) -> None:
    assert seen(role) is None


def test_the_control_room_sees_words_and_times_as_agreed() -> None:
    view = seen("operator")
    assert view["priority"] == "P1"
    assert view["opened_at"] == "2026-09-21T23:13:20+09:00"
    assert (view["opened_ms"], view["updated_ms"]) == (START // 1000, START // 1000 + 1500)
    assert view["detections"] == [
        {
            "rule": "smoke_or_gas", "at": "2026-09-21T23:13:20+09:00", "at_ms": START // 1000, "subject": "HH-0001",
            "severity": "severe", "evidence": {"alarm": "smoke"}, "n": 2,
        }
    ]  # fmt: skip
    assert (view["shelved_until_ms"], view["procedure"], view["waiting"]) == (None, "fire_home", {"points": 0})
    assert [e["agency"] for e in view["escalations"]] == ["119", "112"]


@pytest.mark.parametrize("role", matrix().roles)
def test_no_reference_into_the_vault_and_no_key_leaves(role: str) -> None:
    assert CANARY not in msgspec.json.encode(seen(role)).decode()


def test_a_liaison_sees_its_own_agencys_report_and_no_household() -> None:
    view = seen("liaison_119")
    assert [(e["agency"], e["state"]) for e in view["escalations"]] == [("119", "accepted")]
    assert "HH-0001" not in msgspec.json.encode(view).decode()
    assert view["place"]["dong"] == "금암동"


def test_a_liaison_knows_nothing_before_the_report_has_left() -> None:
    assert seen("liaison_112") is None
    sent = msgspec.structs.replace(INCIDENT, escalations=(report("112", "sent"),))
    assert seen("liaison_112", sent)["id"] == INCIDENT.id
    assert seen("liaison_119", sent) is None
    taken_back = msgspec.structs.replace(INCIDENT, escalations=(report("112", "cancelled"),))
    assert seen("liaison_112", taken_back) is None


def test_waiting_and_rank_are_of_the_moment() -> None:
    new = msgspec.structs.replace(INCIDENT, state="new", new_at=START, order=87)
    early = views.incident(new, "operator", START, matrix(), {})
    late = views.incident(new, "operator", START + 60_000_000, matrix(), {})
    assert (early["waiting"]["points"], late["waiting"]["points"]) == (0, 10)
    assert late["rank"] < early["rank"]


def test_counts_tell_the_oldest_in_ms() -> None:
    table = views.counts({"total": 1, "P1": {"new": 1, "oldest": START}, "P2": {"new": 0, "oldest": None}})
    assert table == {
        "total": 1,
        "P1": {"oldest_ms": START // 1000, "new": 1},
        "P2": {"oldest_ms": None, "new": 0},
    }
