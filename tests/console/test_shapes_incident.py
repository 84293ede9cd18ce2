"""The incident that OpenAPI tells is the view that the matrix gives, field by field."""

from __future__ import annotations

from typing import get_args, get_type_hints

import msgspec

from console import shapes_incident, views
from stream.schema import EscalationState, Priority, Severity, State


def test_the_incident_has_every_field_of_a_view_and_no_other() -> None:
    assert {f.name for f in msgspec.structs.fields(shapes_incident.IncidentShape)} == set(views.FIELDS)


def test_the_words_are_those_of_the_house() -> None:
    assert set(get_args(shapes_incident.StateWord)) == set(State)
    assert set(get_args(shapes_incident.PriorityWord)) == {p.name for p in Priority}
    escalation, detection = (
        get_type_hints(shape) for shape in (shapes_incident.EscalationShape, shapes_incident.DetectionShape)
    )
    assert set(get_args(escalation["state"])) == set(EscalationState)
    assert set(get_args(detection["severity"])) == {severity.name for severity in Severity}
