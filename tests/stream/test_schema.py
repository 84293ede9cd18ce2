"""Types of the house: one address for all of them, frozen, and what they say of themselves."""

import inspect

import msgspec
import numpy as np
import pytest

from stream import contract, schema
from stream.schema import COLUMNS, DATA, OBJECT_COLUMNS, Event, Incident, Sos, SourceError, State


def incident(state: str) -> Incident:
    return Incident(id="20260302-0001", kind="sos", domain="road", subject="u", state=state, priority=1, score=80,
                    factors=(), revision=1, opened_at=1, updated_at=1)


def test_every_type_of_the_contract_has_the_one_address():
    classes = [(name, thing) for name, thing in vars(contract).items() if inspect.isclass(thing)]
    types = [name for name, thing in classes if thing.__module__ == "stream.contract"]
    assert len(types) > 15 and all(getattr(schema, name) is getattr(contract, name) for name in types)
    assert schema.DATA is contract.DATA


@pytest.mark.parametrize("state", State)
def test_open_is_all_but_resolved_and_closed(state):
    assert incident(state).is_open == (state not in ("resolved", "closed"))


def test_nothing_can_be_changed_afterwards():
    event = Event(id="1", source="/device/a", type="city.sos", time=1, subject="u", data=Sos("u", 127.0, 37.0))
    for thing, field in ((event, "time"), (event.data, "lon"), (incident("new"), "score")):
        with pytest.raises(AttributeError):
            setattr(thing, field, 2)
    assert event.delivery == DATA["city.sos"][1]


def test_error_of_a_source_carries_its_code():
    assert (SourceError("bad_time", "x").code, str(SourceError("bad_time", "x")), str(SourceError("empty"))) == (
        "bad_time", "bad_time: x", "empty")


def test_columns_are_machine_types_and_no_reading_is_nan():
    assert COLUMNS["t"] is np.int64
    assert COLUMNS["value"] is COLUMNS["conf"] is OBJECT_COLUMNS["x"] is np.float64


def test_incident_survives_the_wire():
    packed = msgspec.msgpack.encode(incident("new"))
    assert msgspec.msgpack.decode(packed, type=Incident) == incident("new")
