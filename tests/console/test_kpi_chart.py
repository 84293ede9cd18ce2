"""A small chart: what it draws where, and that it says so when there is nothing."""

from __future__ import annotations

from typing import Any

from console.kpi_chart import Chart

NONE = dict.fromkeys(("low", "high", "p95"))


class Paper:
    """A canvas that remembers what was drawn on it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.lines: list[tuple[float, ...]] = []
        self.dots: list[tuple[float, float]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("draw"):
            return lambda x, y, text: self.said.append(text)
        return lambda *args, **more: None

    def line(self, *ends: float) -> None:
        self.lines.append(ends)

    def circle(self, x: float, y: float, r: float, **more: Any) -> None:
        self.dots.append((x, y))


def drawn(*values: float | None, **more: float) -> tuple[Chart, Paper]:
    days = [{"from": n * 86_400_000_000, "figures": [{"name": "x", "unit": "rate", **NONE, "value": v, **more}]}
            for n, v in enumerate(values)]
    chart = Chart("제목", "x", days, 200, 100, "ko")
    chart.canv = Paper()
    chart.draw()
    return chart, chart.canv


def test_a_day_without_a_sample_is_a_gap():
    _, paper = drawn(0.5, None, 1.0)
    assert len(paper.dots) == 2 and paper.dots[0][1] < paper.dots[1][1]
    assert not any(a[:2] == paper.dots[0] for a in paper.lines), "no line over the gap"
    assert "100%" in paper.said and "제목" in paper.said


def test_the_interval_fits_on_the_paper():
    chart, paper = drawn(0.2, 0.3, low=0.1, high=0.9)
    assert chart.top() == 0.9 and all(0 <= y <= 100 for a in paper.lines for y in a[1::2])


def test_nothing_says_so():
    assert "표본 없음" in drawn(None, None)[1].said
