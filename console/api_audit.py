"""Routes of the audit: search in access and in what people did, a month's review, a table, the check of the chain.

What an auditor does here is itself a record: a table is written down with its reason before it goes out.
"""

from __future__ import annotations

import threading
from itertools import islice
from typing import Annotated, Any, Literal

import msgspec
from flask import Blueprint, Response, request

from console import audit
from console.access import seat
from console.api import LIMIT, LIMIT_MAX, Api, body_as, moment, page_of, reply, whole
from console.api_incidents import looked
from console.api_records import record_row, records_after
from console.problems import Problem
from console.shapes import Done
from stream.journal import Reader, newest, verify
from stream.kpi_span import month_before, month_of, month_span
from stream.schema import Record, SourceError
from stream.store import Store

SCAN = 200_000  # records that one search goes through at most; the cursor goes on from there
EXPORT_MAX = 50_000  # rows of one table; more is a shorter span
Month = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]
Text = Annotated[str, msgspec.Meta(max_length=200)]


class ExportIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why a table of these records is made, as a code; what it holds is asked for in the query."""

    reason: Literal[audit.REASONS]  # type: ignore[valid-type]


class ReviewIn(msgspec.Struct, forbid_unknown_fields=True):
    """A month was looked through: nothing found, or something that is followed up elsewhere."""

    month: Month
    found: Literal["nothing", "followed_up"]


class VerifyIn(msgspec.Struct, forbid_unknown_fields=True):
    """A head ``<seq>:<chain>`` that was noted elsewhere, if there is one."""

    head: Text = ""


class Verified(msgspec.Struct):
    """What the check found: whole or not, how many records were read, the first bad one and why, the head now."""

    ok: bool
    n: int
    first_bad: int | None
    why: str
    head: str


def wanted() -> audit.Wanted:
    """What the query asks for; Problem 400 when it makes no sense."""
    frm, to = moment("from", 0), moment("to", 2**62)
    deed = request.args.get("deed", "")
    if frm >= to or (deed and deed not in audit.ASKED):
        raise Problem(400, detail="from: not before to" if frm >= to else f"deed: {deed[:40]!r}")
    return audit.Wanted(frm, to, request.args.get("by", "").strip(), deed, request.args.get("subject", "").strip())


def found(store: Store, asked: audit.Wanted, before: int = 0, after: int = 0) -> Any:
    """Records that fit, newest first, below a number (0: all) and above another."""
    rows = newest(store, asked.kinds, asked.frm, asked.to, before, after, asked.by, audit.OURS)
    return audit.narrowed(rows, asked)


def searched(api: Api) -> dict[str, Any]:
    """A page of what fits; the cursor goes on where the page is full or ``SCAN`` records have been gone through, so an
    answer may hold few or none and still have more behind it."""
    limit = whole("limit", LIMIT, 1, LIMIT_MAX)
    before = whole("cursor", 0, 0, 2**62) or Reader(api.house.store).last_seq + 1
    after = max(0, before - 1 - SCAN)
    rows, next = page_of(list(islice(found(api.house.store, wanted(), before, after), limit + 1)), lambda r: str(r.seq),
                         limit)
    items = [record_row(r) | {"deed": audit.deed_of(r), "body": audit.said(r)} for r in rows]
    return {"items": items, "next": next or (str(after + 1) if after else None)}


def span_of(month: str) -> tuple[int, int]:
    """From and to of a month, µs."""
    try:
        return month_span(month)
    except ValueError:
        raise Problem(400, detail=f"month: {month[:20]!r}; allowed: YYYY-MM") from None


def month_told(api: Api, month: str) -> dict[str, Any]:
    """A month's review, and who looked it through already."""
    frm, to = span_of(month)
    signed: list[Record] = [r for r in newest(api.house.store, [audit.REVIEWED], frm, 2**62) if r.subject == month]
    rows = [{"by": r.by, "at_ms": r.at // 1000, "found": r.body["code"]} for r in signed]
    now = api.house.clock.now()
    return {"month": month, "over": to <= now, "this_month": month_of(now), "reviewed": rows,
            **audit.review(newest(api.house.store, audit.KINDS, frm, to))}


def table_of(api: Api, reason: str) -> Response:
    """The records that the query asks for as a table; first the deed is written down with its reason."""
    rows = list(islice(found(api.house.store, wanted()), EXPORT_MAX + 1))
    if len(rows) > EXPORT_MAX:
        raise Problem(422, "too_many_rows", str(EXPORT_MAX))
    looked(api, "access", seat().user, what="export", code=reason)
    name = {"Content-Disposition": 'attachment; filename="access.csv"'}
    return Response(audit.table(rows, seat().lang), content_type="text/csv; charset=utf-8", headers=name)


class Checker:
    """Checks the chain for one at a time: it reads every record there is."""

    def __init__(self, api: Api) -> None:
        self._api, self._busy = api, threading.Lock()

    def check(self, head: str) -> Verified:
        """Read it all; Problem 503 while another check runs, 400 for a head that is none."""
        if not self._busy.acquire(blocking=False):
            raise Problem(503, headers={"Retry-After": "10"})
        try:
            verdict = verify(self._api.house.store, head.strip() or None)
        except SourceError as bad:
            raise Problem(400, bad.code, head[:80]) from None
        finally:
            self._busy.release()
        looked(self._api, "journal", seat().user, what="chain", code=verdict.why or "whole")
        return Verified(verdict.ok, verdict.n, verdict.first_bad, verdict.why, verdict.head)


def blueprint(api: Api) -> Blueprint:
    """The routes."""
    routes, checker = Blueprint("audit", __name__, url_prefix="/api/v1/access"), Checker(api)

    @routes.get("")
    def access() -> Response:
        return reply(records_after(api, list(audit.KINDS)))

    @routes.get("/search")
    def search() -> Response:
        return reply(searched(api))

    @routes.post("/export")
    def export() -> Response:
        return table_of(api, body_as(ExportIn).reason)

    @routes.get("/review")
    def review() -> Response:
        return reply(month_told(api, request.args.get("month") or month_before(api.house.clock.now())))

    @routes.post("/review")
    def reviewed() -> Response:
        asked = body_as(ReviewIn)
        span_of(asked.month)
        looked(api, asked.month, seat().user, audit.REVIEWED, code=asked.found)
        return reply(Done(True), 201)

    @routes.post("/verify")
    def chain() -> Response:
        return reply(checker.check(body_as(VerifyIn).head))

    return routes
