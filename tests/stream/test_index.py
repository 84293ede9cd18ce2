"""Look-ups by subject and place follow the incident."""

from __future__ import annotations

from msgspec.structs import replace

from stream.index import Index, subjects
from stream.schema import DetectionRef, Place
from tests.ledger import T0, Ledger


def test_an_incident_is_about_its_subjects_and_cases():
    seen = DetectionRef("welfare_urgent", T0, "HH-1", 2, {"case": "WC-1"})
    assert subjects(Ledger().open(subject="XW-1", detections=(seen,))) == {"XW-1", "HH-1", "WC-1"}


def test_it_is_found_where_it_is_and_not_where_it_was():
    index, here, there = Index(), Place(127.0700, 37.1500), Place(127.0900, 37.1500)
    one = Ledger().open(place=here)
    index.put(None, one)
    assert list(index.near(127.0701, 37.1501)) == [one.id] and list(index.near(127.09, 37.15)) == []
    moved = replace(one, place=there, detections=())
    index.put(one, moved)
    assert list(index.near(127.07, 37.15)) == [] and list(index.near(127.09, 37.15)) == [one.id]
    assert index.of("XW-1") == [one.id]
    index.drop(moved)
    assert index.of("XW-1") == [] and list(index.near(127.09, 37.15)) == []


def test_a_neighbour_within_130_m_is_in_reach_on_every_side():
    index = Index()
    one = Ledger().open(place=Place(127.0700, 37.1500))
    index.put(None, one)
    for east, north in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        assert list(index.near(127.07 + east * 130 / 88846, 37.15 + north * 130 / 110983)) == [one.id]


def test_without_a_place_it_is_found_by_subject_only():
    index = Index()
    one = Ledger().open(place=None)
    index.put(None, one)
    assert index.of("XW-1") == [one.id] and index.copy().of("XW-1") == [one.id]
