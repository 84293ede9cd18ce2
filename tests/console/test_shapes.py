"""The shapes that OpenAPI tells are those of the fields that the matrix gives."""

from __future__ import annotations

import msgspec
import pytest

from console import shapes, views


def test_the_incident_has_every_field_of_a_view_and_no_other() -> None:
    assert {f.name for f in msgspec.structs.fields(shapes.IncidentShape)} == set(views.FIELDS)


def test_a_field_that_nobody_named_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `secret`"):
        msgspec.convert({"ok": True, "secret": 1}, shapes.Done)


def test_a_problem_may_carry_more() -> None:
    body = {"type": "about:blank", "title": "x", "status": 409, "detail": "", "code": "stale", "revision": 4}
    assert msgspec.convert(body, shapes.ProblemShape).code == "stale"
