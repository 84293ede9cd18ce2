"""From metres in a sensor's frame to degrees on the map, and back.

A site's frame is the plane that touches the WGS84 ellipsoid at its origin: x metres east, y metres north. With the
radii of curvature there (N across, M along the meridian) one degree is a fixed number of metres. Against the exact
east-north-up frame the error stays below 1 cm within 200 m of the origin in Korea (the term left out is
x*y*tan(latitude)/N, 5 mm at 200 m); held by ``tests/geo/test_frame.py``.
"""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from typing import Protocol

A_M = 6378137.0  # WGS84 semi-major axis
E2 = 6.69437999014e-3  # WGS84 first eccentricity squared
CELL_LAT = 0.0009  # degrees: 99.9 m
CELL_LON = 0.00113  # degrees: 100.3 m at 37 degrees north


class Located(Protocol):
    """Anything with a position in degrees (a site, a place, a household)."""

    @property
    def lon(self) -> float:
        """Degrees east."""

    @property
    def lat(self) -> float:
        """Degrees north."""


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in one degree of longitude and of latitude at this latitude.

    >>> [round(m) for m in metres_per_degree(37.15)]
    [88846, 110983]
    """
    s = sin(lat * pi / 180)
    w = 1 - E2 * s * s
    across, along = A_M / sqrt(w), A_M * (1 - E2) / (w * sqrt(w))
    return across * cos(lat * pi / 180) * pi / 180, along * pi / 180


def to_lonlat(site: Located, x: float, y: float) -> tuple[float, float]:
    """Degrees (lon, lat) of a point x metres east and y metres north of the site's origin."""
    east, north = metres_per_degree(site.lat)
    return site.lon + x / east, site.lat + y / north


def to_metres(site: Located, lon: float, lat: float) -> tuple[float, float]:
    """Metres (x east, y north) of a point from the site's origin; the inverse of ``to_lonlat``."""
    east, north = metres_per_degree(site.lat)
    return (lon - site.lon) * east, (lat - site.lat) * north


def cell(lon: float, lat: float) -> tuple[float, float]:
    """Middle of the 100 m cell that holds the point: as near as a person's position may be kept (CONTRACT 7).

    The cell of a cell's middle is itself, so rounding twice changes nothing.

    >>> cell(127.06512, 37.15003) == cell(*cell(127.06512, 37.15003))
    True
    """
    column, row = int(lon // CELL_LON), int(lat // CELL_LAT)
    return round((column + 0.5) * CELL_LON, 5), round((row + 0.5) * CELL_LAT, 5)
