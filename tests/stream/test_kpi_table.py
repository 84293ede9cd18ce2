"""The table of indicators: whole, named in both languages, and each row finds its figure."""

from __future__ import annotations

import tomllib

from stream.kpi import Kpi
from stream.kpi_table import BY_NAME, GROUPS, INDICATORS, figure, figures
from tests.ledger import T0
from tests.servers import ROOT

VIEW = Kpi().view(T0, T0 + 1)


def test_every_row_finds_its_figure_in_an_empty_house():
    found = figures(VIEW)
    assert [f.name for f in found] == [row.name for row in INDICATORS]
    assert len({f.name for f in found}) == len(found) and {f.group for f in found} == set(GROUPS)
    assert all(f.low is None and f.p95 is None for f in found if not f.n and f.unit != "load")


def test_every_row_has_a_name_and_a_definition_in_both_languages():
    for lang in ("ko", "en"):
        words = tomllib.loads((ROOT / f"console/locale/{lang}.toml").read_text())["kpi"]
        assert [n for row in INDICATORS for n in (row.name, f"{row.name}_is") if not words.get(n)] == []
        assert [g for g in GROUPS if not words.get(f"group_{g}")] == []


def test_figures_carry_value_sample_and_interval():
    view = VIEW | {
        "missed": {"k": 1, "n": 4, "rate": 0.25, "low": 0.046, "high": 0.699},
        "popup_to_ack_s": {"n": 3, "p50": 8.0, "p95": 30.0},
        "detection_to_popup_ms": {"n": 3, "p50": 40.0, "p95": 90.0, "p99": 99.0},
        "school": {"all": VIEW["school"]["all"] | {"risk": {"n": 2, "per_1000": 4.0, "vehicles": 500}, "vehicles": 500,
                                                   "mean_kph": 26.0}},
    }
    names = ("missed", "ack", "popup", "risk", "mean_speed")
    missed, ack, popup, risk, speed = (figure(BY_NAME[n], view) for n in names)
    assert (missed.value, missed.k, missed.n, missed.low, missed.high) == (0.25, 1, 4, 0.046, 0.699)
    assert (ack.value, ack.n, ack.p95, ack.p99) == (8.0, 3, 30.0, None)
    assert (popup.value, popup.p99) == (40.0, 99.0)
    assert (risk.value, risk.k, risk.n) == (4.0, 2, 500)
    assert (speed.value, speed.n) == (26.0, 500)


def test_what_the_journal_does_not_hold_is_said_and_not_invented():
    assert [f.name for f in figures(VIEW) if f.unit == "unrecorded"] == ["access_requests", "breaches"]
    assert all(f.value is None for f in figures(VIEW) if f.unit == "unrecorded")
