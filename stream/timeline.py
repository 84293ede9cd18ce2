"""The story of one incident, from its records: one row a deed, repeats drawn together. Nothing is written beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from stream.kinds import KINDS
from stream.schema import Priority, Record, Severity

# What of a body a reader wants beside the kind; texts, keys and references stay out.
TOLD = (
    "to", "was", "step", "done", "answer", "reason", "until", "disposition", "why", "agency", "generation", "receipt",
    "unit", "eta_s", "outcome", "mark", "into", "absorbed", "split_from", "ms", "score",
)  # fmt: skip


class Row(msgspec.Struct, frozen=True):
    """One line: when it counts for (µs), what, by whom, the words key and what its sentence needs.

    ``n`` repeats of one detection stand in one row; ``at`` is then the first and ``args["last"]`` the last of them.
    """

    seq: int
    at: int
    kind: str
    by: str
    words: str
    args: dict[str, Any] = {}
    n: int = 1


def rows(records: Iterable[Record]) -> list[Row]:
    """The rows of one incident, in the order of the journal."""
    told: list[Row] = []
    for record in records:
        if record.kind not in KINDS:
            continue  # of a later version: the journal keeps it, this page has no words for it
        row = Row(record.seq, record.at, record.kind, record.by, KINDS[record.kind].words, _args(record))
        if told and row.kind == "incident.folded" and _again(told[-1], row):
            last = told[-1]
            told[-1] = replace(last, n=last.n + 1, args={**last.args, "n": last.n + 1, "last": row.at})
        else:
            told.append(row)
    return told


def _again(last: Row, row: Row) -> bool:
    return last.kind == row.kind and all(last.args.get(k) == row.args.get(k) for k in ("rule", "what", "severity"))


def _args(record: Record) -> dict[str, Any]:
    body = record.body
    args = {name: body[name] for name in TOLD if body.get(name) not in (None, "")}
    if body.get("priority"):
        args["priority"] = Priority(body["priority"]).name
    seen = body.get("detection") or next(iter(body.get("detections", ())), None)
    found = seen if isinstance(seen, dict) else body if "rule" in body else None
    if found:
        what = found.get("evidence", {}).get("what") or found.get("what")
        args |= {"rule": found["rule"], "severity": Severity(found["severity"]).name} | ({"what": what} if what else {})
    return args
