"""The API's common ground: how a request is read, a page of a list cut, an answer written. Routes are in `api_*.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from flask import Response, request

from console.deeds import Deeds, shaped
from console.house import House
from console.matrix import Matrix
from console.problems import Problem
from console.push import Push
from replay.player import Player
from stream.clock import parse_rfc3339
from stream.schema import SourceError

LIMIT, LIMIT_MAX = 100, 500
Shape = TypeVar("Shape", bound=msgspec.Struct)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Api:
    """What the routes work with."""

    house: House
    matrix: Matrix
    deeds: Deeds
    push: Push
    player: Player


def reply(body: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(body), status, headers, mimetype="application/json")


def body_as(shape: type[Shape]) -> Shape:
    """The request's body as a struct; Problem 400 with the field that is wrong."""
    try:
        given = msgspec.json.decode(request.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise Problem(400, detail=str(broken)) from None
    return shaped(given, shape)


def whole(name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query, within bounds."""
    given = request.args.get(name)
    if given in (None, ""):
        return default
    try:
        number = int(str(given))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise Problem(400, detail=f"{name}: {given!r}; allowed: {low} to {high}")
    return number


def moment(name: str, default: int) -> int:
    """A time of the query in µs."""
    given = request.args.get(name)
    if not given:
        return default
    try:
        return parse_rfc3339(given.replace(" ", "+"))  # a "+" that was not escaped arrives as a space
    except SourceError:
        raise Problem(400, detail=f"{name}: {given!r}; allowed: RFC 3339 with an offset") from None


def chosen(name: str, allowed: dict[str, Row]) -> Row | None:
    """A word of the query as what it stands for, None when it is not given."""
    given = request.args.get(name)
    if not given:
        return None
    if given not in allowed:
        raise Problem(400, detail=f"{name}: {given!r}; allowed: {', '.join(allowed)}")
    return allowed[given]


def page_of(rows: list[Row], key: Callable[[Row], str], limit: int) -> tuple[list[Row], str | None]:
    """The first ``limit`` rows and the cursor of what follows."""
    return rows[:limit], key(rows[limit - 1]) if len(rows) > limit else None
