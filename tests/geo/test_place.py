"""geo's Place is the house's Place, field by field."""

import msgspec

from geo.place import Place, is_area
from stream import schema


def test_the_fields_are_those_of_the_schema() -> None:
    ours, theirs = msgspec.structs.fields(Place), msgspec.structs.fields(schema.Place)
    assert [(f.name, f.default) for f in ours] == [(f.name, f.default) for f in theirs]


def test_a_place_goes_over_into_a_record_and_back() -> None:
    place = Place(127.07, 37.15, site="XW-1", dong="오산동")
    theirs = schema.Place(127.07, 37.15, "XW-1", dong="오산동")
    assert msgspec.convert(msgspec.to_builtins(place), schema.Place) == theirs


def test_only_a_bare_dong_is_an_area() -> None:
    assert is_area(Place(127.07, 37.15, dong="오산동", name="오산동"))
    assert not is_area(Place(127.07, 37.15, dong="오산동"))
    assert not is_area(Place(127.07, 37.15, household="HH-1", dong="오산동", name="오산동"))
