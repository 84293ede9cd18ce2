"""Shapes of the answers that rooms outside the control room get: a school's board, an agency's talk and links."""

from __future__ import annotations

from typing import Any, Literal

from console.shapes_incident import Rfc3339, Shape


class MessageShape(Shape):
    """A message of the control room (room) or an agency's liaison (desk); ``read_at``: the other side's receipt."""

    agency: str
    side: Literal["room", "desk"]
    n: int
    at: Rfc3339
    by: str
    more: str
    text: str | None
    read_at: Rfc3339 | None


class MessageList(Shape):
    """The talk with an agency, oldest first."""

    items: list[MessageShape]
    next: str | None


class LinkShape(Shape):
    """A link of one incident for one agency; ``url`` only when it is made."""

    name: str
    agency: str
    until: Rfc3339


class LinkMade(LinkShape):
    """A link, told once."""

    url: str


class LinkList(Shape):
    """The links that open an incident now."""

    items: list[LinkShape]
    next: str | None


class Few(Shape):
    """A count; None with ``few`` when it is below five."""

    n: int | None
    few: bool


class SchoolCount(Few):
    """A count of one kind."""

    kind: str


class SchoolToday(Few):
    """How often a danger was seen today."""

    what: Literal["speeding", "signal", "risk", "jaywalking"]


class SchoolDay(Few):
    """A past day: the sum of the counts that may be shown; None where there is no record of it."""

    day: str


class SchoolBoard(Shape):
    """Counts of today at a school zone, five minutes late; what is so now as a yes or no."""

    name: str
    state: Literal["live", "silent", "unheard", "none"]
    today: list[SchoolToday]
    week: list[SchoolDay]
    now: dict[str, bool]
    weather: list[dict[str, Any]]
    home: dict[str, Any] | None
    advice: str

    zone: str
    as_of: Rfc3339
    counts: list[SchoolCount]
    total: Few
