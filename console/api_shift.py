"""Routes of the change of shifts: the summary as it is now, the two signatures under it, the sound check of a desk."""

from __future__ import annotations

from concurrent.futures import TimeoutError as Late
from math import ceil
from typing import Annotated, Any
from uuid import uuid4

import msgspec
from flask import Blueprint, Response, request

from console.access import seat
from console.accounts import Accounts
from console.api import Api, body_as, reply
from console.deeds import TEXT_MAX
from console.devices import tally
from console.problems import Problem
from console.shapes import Done, Shape
from console.throttle import Throttle
from console.views import ms
from stream import bodies, handover
from stream.schema import Command, Draft, Refusal
from stream.shifts import Handover

WAIT_S = 5.0
PURPOSE = "note"  # kept and purged like the notes of an incident
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class HandIn(msgspec.Struct, forbid_unknown_fields=True):
    """Whom it goes to, and what who goes writes for them."""

    to: Name
    text: Annotated[str, msgspec.Meta(max_length=TEXT_MAX)] = ""


class WithdrawIn(msgspec.Struct, forbid_unknown_fields=True):
    """Which hand-over of one's own is taken back."""

    id: Name


class TakeIn(msgspec.Struct, forbid_unknown_fields=True):
    """Which hand-over is taken; with ``password`` the person it is for signs at somebody else's desk."""

    id: Name
    password: str | None = None


class BeginIn(msgspec.Struct, forbid_unknown_fields=True):
    """Priorities (1-3) whose sound was heard."""

    heard: Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=3)]], msgspec.Meta(max_length=3)]


class ShiftShape(Shape):
    """What is open now; hand-overs that wait; the last one taken; when this person checked the sound."""

    summary: dict[str, Any]
    waiting: list[dict[str, Any]]
    last: dict[str, Any] | None
    checked_ms: int | None
    heard: list[int]


def told(summary: bodies.Handed) -> dict[str, Any]:
    """A summary as it goes out: moments in ms."""
    rows = [msgspec.structs.asdict(row) | {"until_ms": ms(row.until)} for row in summary.rows]
    shown = {k: v for k, v in msgspec.structs.asdict(summary).items() if k != "text_ref"}
    return shown | {"rows": [{k: v for k, v in row.items() if k != "until"} for row in rows]}


def signed(api: Api, one: Handover) -> dict[str, Any]:
    """A hand-over as it goes out to the two whose it is, with what was written."""
    ref = one.told.text_ref
    return {"id": one.id, "by": one.by, "to": one.to, "at_ms": ms(one.at), "taken_ms": ms(one.taken_at),
            "summary": told(one.told), "text": (api.house.vault.open(ref) or "") if ref else ""}


def summed(api: Api) -> bodies.Handed:
    """The summary of this moment, devices told as everywhere (``console/devices.py``)."""
    house = api.house
    count = tally(house.city, house.board.devices, house.heard)
    return handover.summary(house.board, house.clock.now(), count["well"], count["unheard"])


def view(api: Api, user: str) -> ShiftShape:
    """The state of shifts for this person."""
    shifts = api.house.board.shifts
    check, last = shifts.checks.get(user), shifts.last
    return ShiftShape(
        told(summed(api)),
        [signed(api, one) for one in list(shifts.waiting.values()) if user in (one.by, one.to)],
        signed(api, last) | ({} if user in (last.by, last.to) else {"text": ""}) if last else None,
        ms(check.at) if check else None, list(check.heard) if check else [])


class Signer:
    """Checks the password of who signs at another's desk; wrong tries are slowed as at the login, and written down."""

    def __init__(self, api: Api, people: Accounts, throttle: Throttle) -> None:
        self._api, self._people, self._throttle = api, people, throttle

    def check(self, user: str, password: str, address: str) -> None:
        """Nothing when it is right. Problem 429 while slowed, 403 when it is wrong."""
        if wait := self._throttle.wait_s(user, address):
            raise Problem(429, headers={"Retry-After": str(ceil(wait))}, seconds=ceil(wait))
        if self._people.check(user, password[:1024]) is None:
            self._throttle.wrong(user, address)
            body = {"what": "shift", "code": "wrong", "address": address}
            self._api.house.note([Draft("access.refused", user, self._api.house.clock.now(), body, user)])
            raise Problem(403, "wrong")
        self._throttle.right(user, address)


def _write(api: Api, drafts: list[Draft] | Refusal, status: int) -> Response:
    answer = drafts
    if not isinstance(drafts, Refusal):
        try:
            answer = api.house.note(drafts).result(WAIT_S)
        except Late:
            raise Problem(503, headers={"Retry-After": "1"}) from None
    if isinstance(answer, Refusal):
        raise Problem(422, answer.code, answer.detail)
    return reply(Done(True), status)


def _pass_on(api: Api, frm: str, to: str, role: str) -> None:
    """What the one who goes worked on is the other's now: one command each, decided by the desk like any."""
    for id in handover.held_by(api.house.board, frm):
        args = {"to": to, "reason": "shift_end"}
        api.house.submit(Command(str(uuid4()), "transfer", id, args, to, role))


def blueprint(api: Api, people: Accounts, throttle: Throttle) -> Blueprint:
    """The routes."""
    routes, signer = Blueprint("shift", __name__, url_prefix="/api/v1/shift"), Signer(api, people, throttle)

    def able(user: str) -> str:
        account = people.get(user)
        if account is None or account.disabled or not api.matrix.may_do(account.role, "acknowledge"):
            raise Problem(422, "unknown_person", user[:64])
        return account.role

    @routes.get("")
    def shift() -> Response:
        return reply(view(api, seat().user))

    @routes.post("/begin")
    def begin() -> Response:
        heard = tuple(sorted(set(body_as(BeginIn).heard)))
        return _write(api, handover.begun(seat().user, heard, api.house.clock.now()), 201)

    @routes.post("/hand")
    def hand() -> Response:
        asked = body_as(HandIn)
        able(asked.to)
        text = asked.text.strip()
        ref = api.house.vault.seal(f"shift:{seat().user}"[:100], text, PURPOSE) if text else ""
        return _write(api, handover.hand(summed(api), seat().user, asked.to, api.house.clock.now(), ref), 201)

    @routes.post("/withdraw")
    def withdraw() -> Response:
        asked = body_as(WithdrawIn)
        return _write(api, handover.withdraw(api.house.board, asked.id, seat().user, api.house.clock.now()), 200)

    @routes.post("/take")
    def take() -> Response:
        asked = body_as(TakeIn)
        found = api.house.board.shifts.waiting.get(asked.id)
        who = seat().user
        if found and asked.password is not None:
            able(found.to)
            signer.check(found.to, asked.password, request.remote_addr or "")
            who = found.to
        answer = _write(api, handover.take(api.house.board, asked.id, who, api.house.clock.now()), 200)
        if found:
            _pass_on(api, found.by, found.to, able(found.to))
        return answer

    return routes
