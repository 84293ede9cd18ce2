"""One feature at a time: what is taken, and what the refusal says."""

import pytest

from geo.features import CityError, Feature, Household, Zone, typed

HERE = (127.07, 37.15)


def test_what_a_console_can_do_without_has_a_default() -> None:
    zone = typed("f", 0, "zone", {"kind": "zone", "id": "Z"}, HERE)
    assert isinstance(zone, Zone) and zone.limit_kph == 30 and zone.limits == ()
    home = typed("f", 0, "household", {"kind": "household", "id": "H"}, HERE)
    assert isinstance(home, Household) and home.risk == "normal"


def test_hours_may_be_written_as_people_write_them() -> None:
    limits = [[8, 20, 30], ["7:30", "08:00:00", 40], ["20:00", 24, 50]]
    zone = typed("f", 0, "zone", {"kind": "zone", "id": "Z", "limits": limits}, HERE)
    assert isinstance(zone, Zone)
    assert zone.limits == (("08:00", "20:00", 30.0), ("07:30", "08:00", 40.0), ("20:00", "24:00", 50.0))


def test_a_number_as_id_is_taken_as_its_text() -> None:
    assert typed("f", 0, "place", {"kind": "place", "id": 12}, HERE).id == "12"


def test_an_unknown_kind_keeps_its_id_and_place() -> None:
    kept = typed("f", 0, "hydrant", {"kind": "hydrant", "id": "HY-1", "flow": 3}, HERE)
    assert type(kept) is Feature and (kept.id, kept.lon) == ("HY-1", 127.07)


@pytest.mark.parametrize(
    "kind, properties, field, says",
    [
        ("zone", {}, "id", "unique"),
        ("zone", {"id": ""}, "id", "unique"),
        ("zone", {"id": ["x"]}, "id", "unique"),
        ("zone", {"id": "Z", "limit_kph": "fast"}, "limit_kph", "5 to 150"),
        ("zone", {"id": "Z", "limit_kph": 0}, "limit_kph", "5 to 150"),
        ("zone", {"id": "Z", "limits": [["25:00", "07:00", 50]]}, "limits", "HH:MM"),
        ("zone", {"id": "Z", "limits": [["21:00", "07:00"]]}, "limits", "HH:MM"),
        ("zone", {"id": "Z", "limits": "night"}, "limits", "HH:MM"),
        ("zone", {"id": "Z", "radius_m": -1}, "radius_m", "more than 0"),
        ("site", {"id": "X", "bearing_deg": "north"}, "bearing_deg", "clockwise"),
        ("site", {"id": "X", "crosswalk": [[0, 0], [1, 1]]}, "crosswalk", "three"),
        ("site", {"id": "X", "crosswalk": [[0, 0], [1, 1], ["a", 2]]}, "crosswalk", "three"),
        ("site", {"id": "X", "stop_lines": [[0, 0, 1]]}, "stop_lines", "x1, y1"),
        ("household", {"id": "H", "risk": "low"}, "risk", "high or normal"),
        ("household", {"id": "H", "alone": "yes"}, "alone", "true or false"),
        ("source", {"id": "S", "of": 7}, "of", "site or household"),
        ("source", {"id": "S", "of": "X", "period_s": 0}, "period_s", "more than 0"),
        ("agency", {"id": "A"}, "agency", "112 or 119"),
        ("agency", {"id": "A", "agency": "911"}, "agency", "112 or 119"),
        ("school", {"id": "S", "name": 7}, "name", "text"),
    ],
)
def test_the_refusal_names_file_feature_field_and_what_is_allowed(
    kind: str, properties: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(CityError) as told:
        typed("osan.geojson", 12, kind, {"kind": kind, **properties}, HERE)
    assert told.value.index == 12 and told.value.field == f"properties.{field}"
    assert "osan.geojson: feature 12" in str(told.value) and says in told.value.allowed
