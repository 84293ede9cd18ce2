"""An event becomes the contract's JSON, and the connector reads it as the same event."""

from msgspec.structs import replace

from connectors.decode import decode
from stream.wire import to_wire
from tests.stream import makers


def test_what_is_written_is_read_as_the_same_event() -> None:
    told = [makers.smoke("a", seq=3), makers.frame("f"), makers.case("c"), makers.sos("s"), makers.update("u", "r")]
    for event in told:
        [again], aside = decode(to_wire(event), event.arrival)
        assert aside == []
        assert replace(again, marks=()) == event


def test_what_the_house_added_stays_in_the_house() -> None:
    told = to_wire(makers.smoke("a", marks=("clock_suspect",), ref="vault-1"))
    assert b"clock_suspect" not in told
    assert b"vault-1" not in told
    assert b"arrival" not in told
