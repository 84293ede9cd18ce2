"""The squares of a crosswalk: which there are, that a huge one is refused, that a freed name takes its sight along."""

from __future__ import annotations

import numpy as np
import pytest

from cep.encroach import Encroach, encroachments
from cep.rules import load_rules
from tests.cep.streams import PlainCity

RULES = load_rules()


def one(corners: object = PlainCity.Site.crosswalk) -> Encroach:
    city = PlainCity()
    site = type("Site", (), {"crosswalk": corners, "stop_lines": None})()
    city.sites = {"S0": site, "S2": type("Site", (), {"crosswalk": None, "stop_lines": None})()}
    (made,) = encroachments(RULES.of("encroachment"), city)
    for slot, name in enumerate(["/device/r0", "S0", "S2"]):
        made.born(slot, name)
    return made


def test_the_grid_covers_the_crosswalk_and_no_more() -> None:
    made = one()
    assert list(made.sources["crosswalk"][:3]) == [0, 1, 0]
    made.look_at(0, 1, ["/device/r0", "S0", "S2"])
    grid = made.grids[0]
    assert (grid["nx"], grid["ny"], len(made.squares)) == (8, 4, 32) and made.squares["on"].all()
    assert (made.squares["x"].min(), made.squares["y"].max()) == (-3.5, 1.5)
    slanted = one(((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)))
    slanted.look_at(0, 1, ["/device/r0", "S0", "S2"])
    assert 4 <= slanted.squares["on"].sum() < 16


def test_a_polygon_as_large_as_a_district_is_not_measured() -> None:
    assert one(((0.0, 0.0), (900.0, 0.0), (900.0, 900.0))).crosswalks == {}


def test_a_source_looks_again_when_its_site_was_forgotten_and_keeps_its_grid() -> None:
    made, names = one(), ["/device/r0", "S0", "S2"]
    made.look_at(0, 1, names)
    made.freed(np.array([1]))
    assert made.sources[0]["site"] == 0
    made.look_at(0, 1, names)
    assert made.sources[0]["site"] == 2 and len(made.grids) == 1


def test_what_is_saved_comes_back_and_another_form_is_refused() -> None:
    made, names = one(), ["/device/r0", "S0", "S2"]
    made.look_at(0, 1, names)
    made.tracked(70)
    saved = made.save(3, 71)
    again = one()
    again.load(saved)
    assert again.save(3, 71) == saved and again.grid_of == made.grid_of and len(again.rings) == 71
    again.born(200, "later"), again.tracked(200)
    assert again.sources[0]["site"] == 2
    with pytest.raises(ValueError, match="missing"):
        again.load(({}, []))
    with pytest.raises(ValueError, match="size"):
        again.load((saved[0] | {"grids": b"short"}, saved[1]))
