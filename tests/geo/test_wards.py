"""Administrative dong: named as people write them, holding the legal dong that lie in them."""

import pytest

from geo.wards import Wards

WARDS = Wards(
    ["원동", "궐동", "갈곶동", "고현동"],
    {"대원1동": ["원동", "갈곶동"], "대원2동": ["고현동", "원동"], "대원동": ["대원1동", "대원2동"]},
    "경기도 오산시",
)


@pytest.mark.parametrize(("text", "name"), [
    ("원동", "원동"), ("대원동", "대원동"), ("경기도 오산시 원동", "원동"), ("오산 원동", "원동"),
    ("경기 오산시 궐동", "궐동"), ("오산시 대원 제1동", "대원1동"), ("대원 2동", "대원2동"), (" 궐동 ", "궐동"),
    ("수원동", None), ("화성시 원동", None), ("경기도 원동", None), ("오산시", None), ("", None)])  # fmt: skip
def test_a_dong_is_known_as_it_stands_in_an_address(text: str, name: str | None) -> None:
    assert WARDS.named(text) == name


def test_a_ward_holds_its_dong_and_a_former_one_all_that_came_after_it() -> None:
    assert WARDS.parts("궐동") == {"궐동"}
    assert WARDS.parts("대원2동") == {"대원2동", "고현동", "원동"}
    assert WARDS.parts("대원동") == {"대원동", "대원1동", "대원2동", "원동", "갈곶동", "고현동"}
    assert WARDS.dongs("대원동") == ["갈곶동", "고현동", "원동"] and WARDS.dongs("원동") == ["원동"]
    assert "대원동" in WARDS and "원동" not in WARDS


def test_without_an_address_only_the_bare_name_is_known() -> None:
    bare = Wards(["원동"], {})
    assert bare.named("원 동") == "원동" and bare.named("오산시 원동") is None
