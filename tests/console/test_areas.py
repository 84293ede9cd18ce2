"""What figures can be asked for one by one."""

from __future__ import annotations

import json

from console.areas import areas_of, zones_of
from geo.city import load_city


def test_dong_before_zones_each_by_name():
    found = areas_of(load_city())
    kinds = [row["kind"] for row in found]
    assert kinds == sorted(kinds) and {"dong", "zone"} == set(kinds)
    zones = [row["name"] for row in found if row["kind"] == "zone"]
    assert zones == sorted(zones) and len({row["id"] for row in found}) == len(found)


def test_zones_tell_their_limits_by_time_and_their_crosswalks(tmp_path):
    point = {"type": "Point", "coordinates": [127.07, 37.15]}
    zone = {"kind": "zone", "id": "Z", "radius_m": 300, "limits": [["21:00", "07:00", 50]]}
    rows = [{"type": "Feature", "geometry": point, "properties": p} for p in (zone, {"kind": "site", "id": "X"})]
    file = tmp_path / "city.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    (told,) = zones_of(load_city(file))
    assert told["limits"] == [{"from": "21:00", "to": "07:00", "kph": 50.0}]
    assert (told["limit_kph"], told["sites"], told["name"]) == (30.0, 1, "Z")
