"""The plots: what they show, and that they say so when there is nothing to show."""

from __future__ import annotations

from msgspec.structs import asdict

from console import plots
from stream.figures import rate
from stream.kpi import Kpi
from stream.kpi_table import BY_NAME, Figure
from tests.ledger import T0

HOURS = Kpi().view(T0, T0 + 1)["school"]["all"]["by_hour"]


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def row(at: int, **figure: object) -> dict:
    none = dict.fromkeys(("value", "p95", "low", "high"))
    return {"from": at, "figures": [{"name": "missed", "group": "quality", "unit": "rate", **none, **figure}]}


def test_a_flood_stands_out_and_the_times_are_korean():
    figure = plots.load_figure([0, 3, 11], 0, "ko")
    (bars,) = figure.data
    assert list(bars.y) == [0, 3, 11]
    assert [colour == plots.INK["flood"] for colour in bars.marker.color] == [False, False, True]
    assert list(bars.x)[:2] == ["1970-01-01T09:00:00", "1970-01-01T09:10:00"]
    assert "경보 폭주 (10)" in texts(figure)


def test_the_course_of_a_rate_carries_its_interval_and_leaves_out_days_without_a_sample():
    series = [row(T0, value=0.25, low=0.05, high=0.7), row(T0 + 86_400_000_000),
              row(T0 + 2 * 86_400_000_000, value=0.5, low=0.2, high=0.8)]
    (line,) = plots.trend_figure(series, "missed", "ko").data
    assert (list(line.x), list(line.y)) == (["2026-03-02", "2026-03-04"], [25.0, 50.0])
    assert [round(v, 6) for v in line.error_y.array] == [45.0, 30.0]
    assert [round(v, 6) for v in line.error_y.arrayminus] == [20.0, 30.0]


def test_the_course_of_a_time_has_its_95_percent_line():
    series = [row(T0, name="ack", unit="s", value=8.0, p95=30.0)]
    median, tail = plots.trend_figure(series, "ack", "en").data
    assert (list(median.y), list(tail.y), tail.name) == ([8.0], [30.0], "95th percentile")


def test_false_alarms_by_rule_with_the_most_verdicts_on_top():
    by_rule = {"near_miss": rate(1, 4), "sos": rate(0, 9), "speeding": rate(0, 0)}
    (dots,) = plots.false_figure(by_rule, "ko").data
    assert [name.rpartition(" ")[2] for name in dots.y] == ["(1/4)", "(0/9)"]
    assert list(dots.x) == [25.0, 0.0] and dots.error_x.array[1] > 25


def test_a_school_day_stacks_events_and_draws_compliance_over_them():
    risk = {"n": 1, "per_1000": 10.0, "vehicles": 100}
    busy = HOURS[8] | {"vehicles": 100, "compliance": rate(90, 100), "risk": risk}
    *bars, line = plots.school_figure([*HOURS[:8], busy, *HOURS[9:]], "ko").data
    assert [bar.y[8] for bar in bars] == [0, 0, 0, 10.0] and line.y[8] == 90.0 and line.y[9] is None


def test_nothing_to_show_says_so():
    assert texts(plots.trend_figure([row(T0)], "missed", "ko")) == ["표본 없음"]
    assert texts(plots.false_figure({}, "ko")) == ["표본 없음"] == texts(plots.school_figure(HOURS, "ko"))


def test_every_unit_of_the_table_has_an_axis():
    for name, indicator in BY_NAME.items():
        given = asdict(Figure(name, "", indicator.unit, 1.0, low=0.5, high=1.0))
        assert plots.trend_figure([{"from": T0, "figures": [given]}], name, "en").data, name
