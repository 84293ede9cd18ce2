"""The small map of a page without a script."""

from __future__ import annotations

from types import SimpleNamespace
from xml.etree import ElementTree

from console.sketch import SIZE, sketch

NS = "{http://www.w3.org/2000/svg}"


def road(name: str, *points: tuple[float, float]) -> SimpleNamespace:
    raw = {"properties": {"name": name}, "geometry": {"type": "LineString", "coordinates": list(points)}}
    return SimpleNamespace(kind="road", raw=raw)


def test_it_shows_what_is_near_and_escapes_names():
    near = road("<b>길</b>", (127.0695, 37.151), (127.0715, 37.1525), (127.073, 37.153))
    far = road("먼 길", (128.0, 38.0), (128.1, 38.1))
    tree = ElementTree.fromstring(sketch([near, far], 127.07, 37.15, 50.0))
    assert [p.get("class") for p in tree.iter("path")] == ["road"]
    assert [t.text for t in tree.iter("text")] == ["<b>길</b>"]
    here = next(c for c in tree.iter("circle") if c.get("class") == "here")
    assert (float(here.get("cx", 0)), float(here.get("cy", 0))) == (SIZE / 2, SIZE / 2)
    about = next(c for c in tree.iter("circle") if c.get("class") == "about")
    assert abs(float(about.get("r", 0)) - 50.0 * SIZE / 900.0) < 0.1


def test_a_name_at_the_edge_stands_whole_in_the_picture():
    edge = road("경부고속도로", (127.0654, 37.149), (127.0653, 37.151))
    tree = ElementTree.fromstring(sketch([edge], 127.07, 37.15))
    (name,) = tree.iter("text")
    assert float(name.get("x", 0)) >= 19 * 6 / 2


def test_an_exact_place_has_no_ring():
    assert "about" not in sketch([], 127.07, 37.15)
