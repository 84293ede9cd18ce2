"""Arrays cut apart without reading them: what one element holds is nothing to its neighbours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pieces import LONGEST, pieces

VALUES = st.recursive(st.none() | st.floats() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v))


@given(st.lists(VALUES, min_size=1), st.sampled_from([None, 2]), st.booleans())
def test_the_pieces_are_the_elements_whatever_they_hold(values: list[Any], indent: int | None, plain: bool) -> None:
    payload = json.dumps(values, indent=indent, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    assert [json.dumps(json.loads(piece)) for piece in pieces(payload)] == [json.dumps(value) for value in values]


def test_depth_is_no_matter() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    assert pieces(b' [1 , %s, {"a": "]},["}]\n' % deep) == [b"1", deep, b'{"a": "]},["}']


@pytest.mark.parametrize("broken", [b"", b"[", b"[1,2", b"[" * 1000, b"[1] 2", b'["', b"1", b"[" * (LONGEST + 9)])
def test_what_does_not_end_as_an_array_has_no_pieces(broken: bytes) -> None:
    assert pieces(broken) == []
