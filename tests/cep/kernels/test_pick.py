"""Which rows are looked at, and in what order what was found is told."""

import numpy as np

from cep.encode import ROW
from cep.kernels.pick import in_order, pick
from cep.looks import LOOK
from cep.state import ENTITY, FOUND

ROADS, CARE, COUNTED, NOBODYS = range(4)


def picked(source: int = 0) -> tuple[list[list[int]], list[int], list[int]]:
    looks, rows, entities = np.zeros(4, LOOK), np.zeros(6, ROW), np.zeros(2, ENTITY)
    looks["road"][ROADS] = looks["care"][CARE] = looks["follow"][COUNTED] = 1
    looks["least"], looks["source"] = 30.0, source
    entities["period"] = [-1, 5]
    rows["kind"] = [ROADS, CARE, COUNTED, COUNTED, COUNTED, NOBODYS]
    rows["value"] = [np.nan, 1, 29, 30, np.nan, 50]
    rows["source"] = [0, 0, 1, 0, 0, 1]
    rows["t"], rows["heard"] = [10, 20, 30, 99, 50, 40], 40
    room = np.zeros((5, 6), np.int64)
    n = pick(rows, 45, looks, entities, room)
    return [room[k, : n[k]].tolist() for k in range(3)], room[3].tolist(), room[4, : n[1]].tolist()


def test_a_row_is_looked_at_for_its_kind_its_value_and_its_source() -> None:
    lists, moments, latest = picked()
    assert lists == [[0], [1], [3, 4]], "below every bound: not looked at; without a value: the rule decides"
    assert moments == [10, 20, 30, 45, 45, 40], "never later than now and the arrival"
    assert latest == [20] and picked(source=1)[2] == [20, 30, 45], "the latest up to the row, picked or not"
    assert picked(source=1)[0] == [[0], [1, 2, 5], [3, 4]], "an expected source is heard whatever it says"


def test_found_stands_by_row_and_what_a_timer_found_before_it() -> None:
    found = np.zeros(7, FOUND)
    found["row"], found["before"] = [3, 0, 3, 1, 3, 4, 0], [0, 0, 1, 0, 1, 1, 1]
    found["at"] = range(7)
    out = np.zeros(7, FOUND)
    in_order(found, np.zeros(7, np.int64), out)
    assert out["at"].tolist() == [6, 1, 3, 2, 4, 0, 5]
