"""An answer has the fields that were agreed, and a problem may carry more."""

from __future__ import annotations

import msgspec
import pytest

from console import shapes


def test_a_field_that_nobody_named_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `secret`"):
        msgspec.convert({"ok": True, "secret": 1}, shapes.Done)


def test_a_problem_may_carry_more() -> None:
    body = {"type": "about:blank", "title": "x", "status": 409, "detail": "", "code": "stale", "revision": 4}
    assert msgspec.convert(body, shapes.ProblemShape).code == "stale"
