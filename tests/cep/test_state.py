"""Tables of memory grow without losing a row."""

import numpy as np

from cep import state
from cep.state import TRACK, widened


def test_a_widened_table_keeps_its_rows_and_the_new_ones_are_zero() -> None:
    old = np.zeros((2, 3), TRACK)
    old[1, 2]["seen"] = 7
    new = widened(old, 5)
    assert new.shape == (5, 3) and new.dtype == TRACK
    assert new[1, 2]["seen"] == 7 and new["seen"].sum() == 7


def test_rows_have_no_gaps() -> None:
    tables = [one for name, one in vars(state).items() if isinstance(one, np.dtype)]
    assert len(tables) >= 9
    for table in tables:
        fields = table.fields or {}
        assert sum(field[0].itemsize for field in fields.values()) == table.itemsize and table.itemsize % 8 == 0
