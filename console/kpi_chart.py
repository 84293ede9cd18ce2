"""A small chart of the report: one indicator by day, drawn with lines alone so that it prints in grey."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from reportlab.lib import colors
from reportlab.platypus import Flowable

from console import words
from console.figure_text import TELL
from stream.clock import format_kst

INK, SOFT, LINE, BAND = (colors.HexColor(c) for c in ("#1b1f22", "#5b646b", "#c3c9ce", "#e8ebed"))
HEAD, FOOT, LEFT, TYPE = 16.0, 14.0, 46.0, 7.5


class Chart(Flowable):
    """Width and height in points; days without a sample leave a gap in the line, an interval is a grey bar."""

    def __init__(
        self, title: str, name: str, days: list[dict[str, Any]], width: float, height: float, lang: str
    ) -> None:
        super().__init__()
        self.title, self.name, self.lang = title, name, lang
        self.width, self.height = width, height
        self.days = [(day["from"], next(f for f in day["figures"] if f["name"] == name)) for day in days]

    def top(self) -> float:
        """The highest value that has to fit, a little more than nothing."""
        values = [v for _, f in self.days for v in (f["value"], f["high"]) if v is not None]
        return max([*values, 1e-9])

    def draw(self) -> None:
        """Title, axis, band, line."""
        c = self.canv
        c.setFont("Print-Bold", 9)
        c.setFillColor(INK)
        c.drawString(0, self.height - 9, self.title)
        c.setStrokeColor(LINE)
        c.line(LEFT, FOOT, self.width, FOOT)
        c.setFont("Print", TYPE)
        c.setFillColor(SOFT)
        known = [(n, f) for n, (_, f) in enumerate(self.days) if f["value"] is not None]
        if not known:
            c.drawString(LEFT + 4, self.height / 2, words.say(self.lang, "kpi.none"))
            return
        self._axis(known[0][1]["unit"])
        for n, f in known:
            if f["low"] is not None:
                c.setStrokeColor(BAND)
                c.setLineWidth(3)
                c.line(self._x(n), self._y(f["low"]), self._x(n), self._y(f["high"]))
        self._line(known)

    def _x(self, n: int) -> float:
        return LEFT + 4 + (self.width - LEFT - 8) * (n / max(1, len(self.days) - 1))

    def _y(self, value: float) -> float:
        return FOOT + (self.height - HEAD - FOOT - 4) * value / self.top()

    def _axis(self, unit: str) -> None:
        c = self.canv
        for share in (0.0, 0.5, 1.0):
            y = self._y(self.top() * share)
            c.drawRightString(LEFT - 3, y - 2.5, TELL[unit](self.top() * share, self.lang))
            c.setLineWidth(0.4)
            c.line(LEFT, y, self.width, y)
        for n in sorted({0, len(self.days) // 2, len(self.days) - 1}):
            c.drawCentredString(self._x(n), 3, format_kst(self.days[n][0])[5:10])

    def _line(self, known: list[tuple[int, dict[str, Any]]]) -> None:
        c = self.canv
        c.setStrokeColor(INK)
        c.setFillColor(INK)
        c.setLineWidth(1.2)
        for (a, f), (b, g) in pairwise(known):
            if b == a + 1:
                c.line(self._x(a), self._y(f["value"]), self._x(b), self._y(g["value"]))
        for n, f in known:
            c.circle(self._x(n), self._y(f["value"]), 1.4, stroke=0, fill=1)
