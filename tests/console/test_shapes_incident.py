"""The incident that OpenAPI tells is the view that the matrix gives, field by field."""

from __future__ import annotations

from typing import get_args

import msgspec

from console import shapes_incident, views
from stream.schema import EscalationState, Priority, Severity, State


def test_the_incident_has_every_field_of_a_view_and_no_other() -> None:
    assert {f.name for f in msgspec.structs.fields(shapes_incident.IncidentShape)} == set(views.FIELDS)


def test_the_words_are_those_of_the_house() -> None:
    assert set(get_args(shapes_incident.StateWord)) == set(State)
    assert set(get_args(shapes_incident.PriorityWord)) == {p.name for p in Priority}
    hints = shapes_incident.EscalationShape.__annotations__, shapes_incident.DetectionShape.__annotations__
    assert all(f'"{state}"' in hints[0]["state"] for state in EscalationState)
    assert all(f'"{severity.name}"' in hints[1]["severity"] for severity in Severity)
