"""The route of the risk index: each cell's multiple of the city's mean at a moment, and the crosswalks by it."""

from __future__ import annotations

import threading

from flask import Blueprint, Response

from console.api import Api, moment, reply
from console.shapes import Shape
from console.shapes_incident import Ms
from console.views import ms
from geo.frame import CELL_LAT, CELL_LON
from geo.held import Held
from geo.riskmap import read
from replay.risk import Crossing, Picture, RiskBook, Why
from stream.signs import KINDS, WINDOW_US, Signs, first_since, signs_until

LEAST = 1.0  # cells below the city's mean are not sent: they are not drawn


class RiskShape(Shape):
    """The index of a moment. ``cells`` are ``[lon, lat, index]``, their size in degrees; ``why`` holds everywhere."""

    at_ms: Ms | None
    hour: int
    size: tuple[float, float]
    cells: list[tuple[float, float, float]]
    crossings: list[Crossing]
    why: list[Why]
    years: float
    held: Held | None


class RiskDesk:
    """The city's risk map, and the signs of the last days: of the present kept, of a past moment read anew.

    ``CityError`` when the operator's risk file can't be used. Any thread may ask.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._risk = read(api.house.settings.risk, api.house.city) if api.house.settings.risk else None
        self._book: RiskBook | None = None
        self._signs, self._seq = Signs(), -1
        self._lock = threading.Lock()

    def _present(self, now: int) -> Signs:
        """The signs with all that the journal has; read on from where it was left."""
        journal = self._api.house.journal
        if self._seq < 0:
            self._seq = first_since(journal, now - WINDOW_US)
        for record in journal.read(after=self._seq, kinds=KINDS):
            self._signs.apply(record)
            self._seq = record.seq
        return self._signs

    def picture(self, at: int, now: int) -> tuple[RiskBook, Picture]:
        """The index at a moment of the past, or now."""
        house = self._api.house
        with self._lock:
            if self._book is None:  # at the first look: nobody waits for it at the start
                self._book = RiskBook(self._risk or read("", house.city), house.city)
            if at >= now:
                return self._book, self._book.picture(dict(house.board.context), self._present(now), now)
        board = self._api.player.board_at(at)
        return self._book, self._book.picture(board.context, signs_until(house.journal, at), at)

    def told(self, at: int, now: int) -> RiskShape:
        """The answer."""
        book, seen = self.picture(min(at, now), now)
        cells = [(one.lon, one.lat, index) for one, index in zip(book.risk.cells, seen.index, strict=True)
                 if index >= LEAST]
        return RiskShape(ms(min(at, now)), seen.hour, (CELL_LON, CELL_LAT), cells, list(seen.crossings),
                         list(seen.why), book.risk.years, book.risk.held)


def blueprint(api: Api) -> Blueprint:
    """The route."""
    routes = Blueprint("risk", __name__)
    desk = RiskDesk(api)

    @routes.get("/api/v1/risk")
    def risk() -> Response:
        now = api.house.clock.now()
        return reply(desk.told(moment("at", now), now))

    return routes
