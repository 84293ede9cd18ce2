"""Words and their numbers: every event has a kind, and the tables of the contract are complete."""

from cep import codes
from stream.schema import DATA


def test_every_type_has_its_kinds_and_the_derived_ones_come_last() -> None:
    for type_ in DATA:
        assert any(f"city.{kind}.".startswith(f"{type_}.") for kind in codes.KINDS), type_
    derived = (codes.ACTIVITY, codes.LEFT, codes.OPENED, codes.POWER_DRAWN, codes.WATER_DRAWN)
    assert codes.KINDS[-5:] == derived == tuple(codes.DERIVED) and len(set(codes.KINDS)) == len(codes.KINDS)
    assert (codes.FRAME, codes.SIGNAL) == (0, 1)  # the engine picks road rows by being at most these


def test_every_class_is_a_vehicle_a_person_or_unknown() -> None:
    table = codes.class_table()
    for name, code in codes.CLASS.items():
        box = (table[code]["length"], table[code]["width"])
        assert box == codes.BOX.get(name, (0.0, 0.0)) and table[code]["radius"] == codes.RADIUS.get(name, 0.0)
    assert set(codes.BOX) == set(codes.VEHICLES) and set(codes.RADIUS) == set(codes.PERSONS)
    assert set(codes.CLASSES) - set(codes.BOX) - set(codes.RADIUS) == {"unknown"}


def test_life_is_shown_by_the_sensors_of_the_contract_only() -> None:
    modes = codes.life_modes()
    named = zip(codes.KINDS, modes, strict=True)
    showing = {name.removeprefix("care.reading.") for name, mode in named if 0 < mode < codes.DEVICE_DOWN}
    assert showing == {"pir", "phone", "door", "window", "fridge", "bed", "water", "power", "steps"}
