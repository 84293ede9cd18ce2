"""Measurements of a crosswalk become figures of its own, whether attached to an incident or only noted."""

from __future__ import annotations

from typing import Any

import pytest

from stream import margins
from stream.margins import Margins
from stream.schema import Record


def record(at: int, kind: str, subject: str, body: dict[str, Any]) -> Record:
    return Record(1, at, at, kind, subject, "engine", "", body)


def noted(at: int, site: str, psm_s: float, pcr: str = "safe") -> Record:
    return record(at, "detection.noted", site, {"rule": "post_encroachment", "evidence": {"psm_s": psm_s, "pcr": pcr}})


def test_figures_by_site_of_the_span() -> None:
    fold = Margins()
    detection = {"rule": "post_encroachment", "subject": "S0", "evidence": {"psm_s": -0.5, "pcr": "danger"}}
    fold.apply(noted(30, "S0", 1.0))
    fold.apply(record(10, "incident.attached", "20260302-0001", {"detection": detection}))
    fold.apply(record(15, "incident.folded", "20260302-0001", {"rule": "near_miss"}))
    for at, site, psm_s in ((20, "S1", 1.2), (99, "S0", 0.1)):
        fold.apply(noted(at, site, psm_s))
    assert fold.view(10, 99) == {
        "S0": {"n": 2, "pet_s": {"n": 2, "p50": 0.5, "p95": 1.0}, "vehicle_first": 1, "pcr": {"danger": 1, "safe": 1}},
        "S1": {"n": 1, "pet_s": {"n": 1, "p50": 1.2, "p95": 1.2}, "vehicle_first": 0, "pcr": {"safe": 1}},
    }
    assert fold.view(40, 50) == {} and list(fold.view(10, 99, lambda site: site == "S1")) == ["S1"]


def test_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "KEEP", 2)
    fold = Margins()
    for at in (3, 1, 2):
        fold.apply(noted(at, "S0", 1.0))
    assert fold.view(0, 2) == {} and fold.view(0, 9)["S0"]["n"] == 2
