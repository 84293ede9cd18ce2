"""Where something is: the fields of ``stream.schema.Place`` (geo imports nothing of ours; a test holds them equal)."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Degrees WGS84 and the ids a person knows it by. Homes and callers are given by 100 m cell.

    ``radius_m``: how far off it may be, where only a dong is known.
    """

    lon: float
    lat: float
    site: str | None = None
    zone: str | None = None
    household: str | None = None
    dong: str | None = None
    name: str | None = None
    ref: str | None = None
    radius_m: int | None = None


def is_area(place: Place) -> bool:
    """True when only the dong is known: good for a map and a report, too coarse to say that two things are near."""
    return place.dong is not None and place.name == place.dong and place.site is None and place.household is None
