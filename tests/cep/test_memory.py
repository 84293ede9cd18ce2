"""Names as slots: born, freed, used again; and a hash table that keeps its pairs when it grows."""

import numpy as np

from cep.follow import compile_follow
from cep.kernels.pairs import find_meeting
from cep.memory import MONTH_US, TRACK_US, Memory, Slots, rehashed
from cep.rules import load_rules
from cep.state import MEETING
from cep.table import compile_rules
from stream.schema import US
from tests.cep.streams import PlainCity

ARRAYS = (compile_rules(load_rules()), compile_follow(load_rules()))


def test_slots_are_dense_and_freed_ones_are_used_again() -> None:
    slots = Slots()
    assert [slots.add(name) for name in "abc"] == [0, 1, 2]
    slots.drop(np.array([1]))
    assert slots.live().tolist() == [True, False, True] and "b" not in slots.of
    assert slots.add("d") == 1 and slots.of == {"a": 0, "c": 2, "d": 1}


def test_a_new_name_finds_what_the_city_knows_of_it() -> None:
    memory = Memory(PlainCity(), *ARRAYS)
    site, hub, other = memory.entity("S0"), memory.entity("/device/h0"), memory.entity("H0")
    entities = memory.care.entities
    assert entities is memory.road.entities
    assert (entities[site]["n_lines"], entities[site]["n_corners"], entities[site]["middle_y"]) == (2, 4, 0.0)
    assert [int(entities[s]["period"]) for s in (site, hub, other)] == [-1, 100 * US, -1]


def test_tables_grow_with_the_names_and_a_used_slot_starts_clean() -> None:
    memory = Memory(PlainCity(), *ARRAYS)
    for n in range(300):
        assert memory.entity(f"H{n}") == memory.sensor((f"H{n}", "door", "front")) == memory.track(0, n) == n
    memory.care.waiting["known"][:] = 1
    memory.entities.drop(np.array([7]))
    assert memory.entity("new") == 7 and not memory.care.waiting[7]["known"].any()
    assert memory.care.sensors["front"][:300].all() and memory.track_of[0][299] == 299


def test_tracks_are_freed_after_minutes_and_everything_else_after_a_month() -> None:
    memory = Memory(PlainCity(), *ARRAYS)
    track, home = memory.track(memory.entity("/device/r"), "v"), memory.entity("H")
    memory.road.tracks[track]["seen"] = memory.care.entities["seen"][:] = 1000 * US
    memory.clock = 1000 * US + TRACK_US
    memory.sweep()
    assert memory.track_of == {0: {"v": track}}
    memory.clock += 60 * US
    memory.sweep()
    assert memory.track_of == {0: {}} and memory.entities.of["H"] == home
    memory.clock = 1000 * US + MONTH_US + US
    memory.sweep()
    assert memory.entities.of == {}


def test_a_grown_hash_table_finds_its_pairs_and_leaves_the_ended_ones() -> None:
    rows = np.zeros(40, MEETING)
    for n, row in enumerate(rows):
        row["used"], row["vehicle"], row["person"], row["held"] = 1, n % 5, n, n * US
    table = rehashed(rows, 128)
    for row in rows:
        assert table[find_meeting(table, row["vehicle"], row["person"], row["rule"])]["held"] == row["held"]
    memory = Memory(PlainCity(), *ARRAYS)
    memory.road = memory.road._replace(meetings=table)
    memory.clock = 30 * US + TRACK_US + 3 * US
    memory.more_meetings(100, 3 * US)
    assert memory.road.n_meetings[0] == memory.road.meetings["used"].sum() == 10
    assert len(memory.road.meetings) == 512
