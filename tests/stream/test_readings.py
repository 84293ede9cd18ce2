"""What a home's sensors said comes back by home and time, each once, whatever a device calls its place."""

from stream import readings
from stream.contract import CareReading
from stream.readings import Reading
from stream.schema import US
from stream.store import Store
from tests.stream import makers
from tests.stream.loop import Loop
from tests.stream.makers import T0


def said(id: str, sensor: str, value: bool | float, at: int = T0, household: str = "h-1", **more: str):
    return makers.event("city.care.reading", CareReading(household, sensor, value, **more), id, "/device/hub", at)


def test_a_turn_keeps_the_readings_of_each_home(store_url: str, tmp_path) -> None:
    loop = Loop(store_url, tmp_path)
    loop.turn(said("1", "pir", True, location="hall"), said("2", "temperature", 20.125, T0 + US, unit="C"),
              said("3", "pir", True, household="h-2"), makers.smoke("4"))  # fmt: skip
    loop.turn(said("1", "pir", True, location="hall"))  # came before
    told = readings.of(loop.store, "h-1", T0, T0 + US)
    assert told == [Reading(T0, "pir", "hall", "", 1.0), Reading(T0 + US, "temperature", "", "C", 20.125)]
    assert readings.of(loop.store, "h-1", T0 + 1, T0 + US - 1) == []
    assert [one.at for one in readings.of(loop.store, "h-2", 0, T0)] == [T0]
    loop.close()


def test_a_device_s_own_words_are_cut_and_cleaned_and_no_number_is_too_large(store: Store) -> None:
    named = "앞\u0000문\n" + "x" * 99
    odd = [said("1", "door", False, location=named), said("2", "water", 1e300), said("3", "bed", True)]
    with store.begin() as conn:
        readings.save(conn, readings.rows(odd))
        readings.save(conn, readings.rows(odd))
    told = readings.of(store, "h-1", T0, T0)
    assert [(one.sensor, one.location[:3], len(one.location), one.value) for one in told] == [
        ("bed", "", 0, 1.0), ("door", "앞문x", readings.WORD, 0.0)]
