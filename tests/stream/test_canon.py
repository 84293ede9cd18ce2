"""One value, one sequence of bytes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from stream.canon import canon
from stream.schema import Factor

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values)
def test_what_is_read_back_is_written_the_same(value: object) -> None:
    assert canon(json.loads(canon(value))) == canon(value)


@given(st.dictionaries(st.text(), st.integers(-9, 9)))
def test_the_order_of_making_does_not_matter(value: dict[str, int]) -> None:
    assert canon(dict(reversed(value.items()))) == canon(value)


def test_structs_nan_and_korean() -> None:
    assert canon({"x": float("nan"), "말": "강"}) == '{"x":null,"말":"강"}'.encode()
    assert canon(Factor("floor", 3, "w")) == b'{"name":"floor","points":3,"why":"w"}'
