"""A small map as a picture without a script: roads, water and zones around a point, for pages that load nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from math import cos, radians
from typing import Any

SIZE = 480  # of the picture's side, its own units
HALF_M = 450.0  # from the middle to the edge
LETTER = 21  # width of a letter of a name, with some air (50-handed.css: 19px)
DEGREE_M = 111_320.0
LINES: dict[str, Callable[[Any], list[Any]]] = {
    "LineString": lambda c: [c], "MultiLineString": lambda c: c, "Polygon": lambda c: c,
    "MultiPolygon": lambda c: [ring for part in c for ring in part],
}
DRAWN = ("water", "zone", "road")


def sketch(features: Iterable[Any], lon: float, lat: float, radius_m: float = 0.0) -> str:
    """SVG of 900 m around the point; ``radius_m`` is how exact it is. Features have ``kind`` and ``raw`` (GeoJSON)."""
    scale = SIZE / (2 * HALF_M)
    east = DEGREE_M * cos(radians(lat))

    def at(point: Any) -> tuple[float, float]:
        return (SIZE / 2 + (point[0] - lon) * east * scale, SIZE / 2 - (point[1] - lat) * DEGREE_M * scale)

    shown = [f for kind in DRAWN for f in features if f.kind == kind]
    paths, names = [], dict[str, tuple[float, float]]()
    for feature in shown:
        shape, p = feature.raw["geometry"], feature.raw["properties"]
        for line in lines(shape):
            points = [at(point) for point in line]
            if not _near(points):
                continue
            paths.append(f'<path class="{feature.kind}" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>')
            inside = [q for q in points if 20 < q[0] < SIZE - 20 and 20 < q[1] < SIZE - 20]
            if feature.kind == "road" and p.get("name") and inside:
                x, y = inside[len(inside) // 2]
                half = LETTER / 2 * len(p["name"])  # a name at the edge is moved in, not cut
                names.setdefault(p["name"], (min(max(x, half), SIZE - half), y))
    words = [f'<text x="{x:.0f}" y="{y - 6:.0f}">{escape(name)}</text>' for name, (x, y) in _apart(names)]
    middle, ring = SIZE / 2, max(radius_m * scale, 0.0)
    around = f'<circle class="about" cx="{middle}" cy="{middle}" r="{ring:.1f}"/>' if ring > 8 else ""
    return (f'<svg class="sketch" viewBox="0 0 {SIZE} {SIZE}" role="img" aria-hidden="true">{"".join(paths)}'
            f'{"".join(words)}{around}<circle class="here" cx="{middle}" cy="{middle}" r="8"/></svg>')


def lines(geometry: dict[str, Any]) -> list[list[Any]]:
    """The lines of a GeoJSON geometry, each its points; of a point none."""
    return LINES.get(geometry["type"], lambda c: [])(geometry["coordinates"])


def _near(points: list[tuple[float, float]]) -> bool:
    """Whether the box of these points meets the picture."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) < SIZE and max(xs) > 0 and min(ys) < SIZE and max(ys) > 0


def _apart(names: dict[str, tuple[float, float]]) -> list[tuple[str, tuple[float, float]]]:
    """Names of which none stands on another or on the point in the middle; the first come first."""
    taken = [(SIZE / 2, SIZE / 2)]
    kept = []
    for name, (x, y) in names.items():
        if all(abs(x - a) > 90 or abs(y - b) > 24 for a, b in taken):
            taken.append((x, y))
            kept.append((name, (x, y)))
    return kept
