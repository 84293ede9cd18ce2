"""What figures can be asked for one by one."""

from __future__ import annotations

from console.areas import areas_of
from geo.city import load_city


def test_dong_before_zones_each_by_name():
    found = areas_of(load_city())
    kinds = [row["kind"] for row in found]
    assert kinds == sorted(kinds) and {"dong", "zone"} == set(kinds)
    zones = [row["name"] for row in found if row["kind"] == "zone"]
    assert zones == sorted(zones) and len({row["id"] for row in found}) == len(found)
