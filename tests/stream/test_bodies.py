"""Bodies hold codes and numbers: what is personal has no field to stand in."""

from __future__ import annotations

import msgspec
import pytest

from stream import bodies
from stream.kinds import KINDS

PERSONAL = {"text", "name", "phone", "address", "memo", "caller"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_body_has_a_field_for_what_is_personal(kind):
    assert not PERSONAL & {field.name for field in msgspec.structs.fields(kind.body)}


def test_deeds_refuse_what_they_do_not_know_and_facts_let_it_pass():
    for kind in KINDS.values():
        strict = kind.body.__struct_config__.forbid_unknown_fields
        assert strict == kind.name.startswith(("incident.", "escalation.", "talk.")), kind.name


def test_every_body_is_frozen_and_explained():
    for kind in KINDS.values():
        assert kind.body.__struct_config__.frozen and kind.body.__doc__
    assert issubclass(bodies.Opened, bodies.Deed) and issubclass(bodies.Paint, bodies.Fact)
