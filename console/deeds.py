"""What a person asks, from HTTP or socket alike: checked, its free text sealed, handed to the loop, the answer awaited.

A command id is one command: the same id with the same content gets the same answer, also while the first still runs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID, uuid4

import msgspec

from console import views
from console.access import Seat
from console.accounts import Account
from console.house import Answer, House
from console.matrix import Matrix
from console.problems import Problem
from console.reasons import coded
from stream.desk import REASONED
from stream.schema import Command, Incident, Refusal

TEXT_MAX = 4000
WAIT_S = 10.0
REMEMBERED = 10_000
TO_PEOPLE = ("assign", "transfer")
CODE = "^[a-z0-9_.]{1,64}$"
STATUS = {"stale": 409, "not_found": 404, "not_recorded": 503}
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
People = Callable[[str], Account | None]
Shape = TypeVar("Shape", bound=msgspec.Struct)


class CommandIn(msgspec.Struct, forbid_unknown_fields=True):
    """Body of a command: ``id`` made by the browser when the button is drawn, ``revision`` what its screen shows."""

    id: UUID
    verb: Annotated[str, msgspec.Meta(pattern=CODE)]
    args: dict[str, Any] = {}
    revision: int | None = None


class SocketCommandIn(CommandIn, forbid_unknown_fields=True):
    """The same over the socket, with the incident's id."""

    incident: Id = ""


class PointIn(msgspec.Struct):
    """A point on the map, degrees WGS84."""

    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]


class OpenIn(msgspec.Struct):
    """An incident opened by hand: a phone call, a glance at a camera. ``id`` makes a double click one incident.

    ``place`` in words is where the city has something of that id, else the first line of the text.
    """

    kind: Annotated[str, msgspec.Meta(pattern=CODE)]
    id: UUID | None = None
    place: PointIn | Annotated[str, msgspec.Meta(max_length=256)] | None = None
    subject: Annotated[str, msgspec.Meta(max_length=128)] | None = None
    text: str | None = None
    priority: Literal["P1", "P2", "P3"] | None = None


def shaped(body: Any, shape: type[Shape]) -> Shape:
    """The body as its struct; Problem 400 says which field is wrong."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as wrong:
        raise Problem(400, detail=str(wrong)) from None


class Deeds:
    """Commands and openings of people."""

    def __init__(self, house: House, matrix: Matrix, people: People) -> None:
        self._house = house
        self._matrix = matrix
        self._people = people
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, tuple[Any, Answer]] = OrderedDict()
        self.procedures = {p["kind"]: p["id"] for p in house.procedures}

    def command(self, seat: Seat, incident: str, body: CommandIn) -> dict[str, Any]:
        """Do it; answers the incident's new view. Problems: 403, 404, 409 stale, 422 refused, 503."""
        if body.verb not in self._matrix.verbs:
            raise Problem(400, detail=f"verb: {body.verb!r}; allowed: {', '.join(self._matrix.verbs)}")
        if not self._matrix.may_do(seat.role, body.verb):
            raise Problem(403)
        to = body.args.get("to")
        if body.verb in TO_PEOPLE and isinstance(to, str) and to and not self._at_work(to):
            raise Problem(422, "unknown_person", to[:64])
        found = self._house.board.get(incident)
        if found is None or not views.may_see(found, seat.role):
            raise Problem(404)
        id, inside = str(body.id), body.args.get("revision")  # CONTRACT 3 names it among escalate's arguments, too
        shown = body.revision if body.revision is not None or type(inside) is not int else inside
        asked = (incident, body.verb, body.args, body.revision, seat.user)

        def send() -> Answer:
            args = coded(body.args) if body.verb in (*REASONED, "reject", "close") else body.args
            args = self._sealed(args, found.subject if found else incident, body.verb)
            return self._house.submit(Command(id, body.verb, incident, args, seat.user, seat.role, shown))

        return self._answer(seat, self._once(id, asked, send))

    def _at_work(self, user: str) -> bool:
        """Whether this is somebody who can work on incidents."""
        account = self._people(user)
        return account is not None and not account.disabled and self._matrix.may_do(account.role, "acknowledge")

    def open(self, seat: Seat, body: OpenIn) -> dict[str, Any]:
        """Open an incident by hand; answers its view. Problems: 422 refused or too long, 503."""
        asked = (msgspec.to_builtins(body), seat.user)
        if isinstance(body.place, PointIn) and self._house.city.far(body.place.lon, body.place.lat):
            raise Problem(422, "far_away")
        id = str(body.id or uuid4())

        def send() -> Answer:
            args = {k: v for k, v in msgspec.to_builtins(body).items() if v is not None and k != "id"}
            args = self._put_in_words(args)
            args = self._sealed(args, body.subject or "by-hand", "open")
            return self._house.open_by_hand(args, seat.user, id)

        return self._answer(seat, self._once(id, asked, send))

    def _put_in_words(self, args: dict[str, Any]) -> dict[str, Any]:
        """A place given in words: what the city knows by that id is the subject, anything else is said in the text."""
        words = args.get("place")
        if not isinstance(words, str):
            return args
        rest = {k: v for k, v in args.items() if k != "place"}
        if "subject" not in rest and self._house.city.place(words):
            return rest | {"subject": words}
        return rest | {"text": "\n".join(filter(None, (words.strip(), rest.get("text"))))}

    def _sealed(self, args: dict[str, Any], owner: str, purpose: str) -> dict[str, Any]:
        """The arguments with the free text in the vault and only its reference left."""
        text = args.get("text")
        if text is None:
            return args
        if not isinstance(text, str):
            raise Problem(400, detail="text: a string")
        if len(text) > TEXT_MAX:
            raise Problem(422, "too_long")
        rest = {k: v for k, v in args.items() if k != "text"}
        return rest | {"text_ref": self._house.vault.seal(owner, text, purpose)} if text.strip() else rest

    def _once(self, id: str, asked: Any, send: Any) -> Answer:
        """The one Future of this id; Problem 422 when the id was used for something else."""
        with self._lock:
            held = self._asked.get(id)
            if held is None:
                mine: Answer = Future()
                self._asked[id] = (asked, mine)
                while len(self._asked) > REMEMBERED:
                    self._asked.popitem(last=False)
        if held is not None:
            if held[0] != asked:
                raise Problem(422, "id_reused")
            return held[1]
        try:
            sent = send()
        except BaseException as broken:
            with self._lock:
                self._asked.pop(id, None)
            mine.set_exception(broken)
            raise
        sent.add_done_callback(lambda done: self._hand_on(id, done, mine))
        return mine

    def _hand_on(self, id: str, done: Answer, to: Answer) -> None:
        """Answer all who wait for this id; what could not be recorded may be asked again."""
        broken = done.exception()
        outcome = None if broken else done.result()
        if broken or (isinstance(outcome, Refusal) and STATUS.get(outcome.code) == 503):
            with self._lock:
                self._asked.pop(id, None)
        if broken:
            to.set_exception(broken)
        elif outcome is not None:
            to.set_result(outcome)

    def _answer(self, seat: Seat, pending: Answer) -> dict[str, Any]:
        try:
            outcome = pending.result(WAIT_S)
        except Late:
            raise Problem(503, headers={"Retry-After": "1"}) from None
        if isinstance(outcome, Refusal):
            status = STATUS.get(outcome.code, 422)
            raise Problem(status, outcome.code, outcome.detail, {"Retry-After": "1"} if status == 503 else None)
        return self.view(seat, outcome) or {}

    def view(self, seat: Seat, incident: Incident) -> dict[str, Any] | None:
        """The incident as this seat may see it."""
        return views.incident(incident, seat.role, self._house.clock.now(), self._matrix, self.procedures)
