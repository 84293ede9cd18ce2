"""Access and what people did, for who checks it: narrowed, a month summed up, as a table. Nothing here asks a store.

Who handles personal data has to look through these records at least once a month (개인정보의 안전성
확보조치 기준 §8), so a month is told person by person, beside what a checker asks first: looks at night, one person
over and over.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from console import words
from console.kpi_csv import BOM, safe
from stream.instant import format_kst
from stream.kpi_use import NOBODY
from stream.schema import US, Record
from stream.timeline import rows as told

LOOKED, REVIEWED = "access.looked", "access.reviewed"
KINDS = (LOOKED, "access.login", "access.refused", "access.linked", "access.unlinked", REVIEWED)
# Deeds by what was looked at; a record of another kind is a deed by its kind.
PEOPLE = ("identity", "notes", "messages", "snapshot", "training", "quarantine", "history")
DEEDS = (
    *KINDS[1:], *PEOPLE, "handed", "handed_list", "board", "export", "chain", "quarantine.again", "quarantine.settled",
    "account.added", "account.disabled", "account.enabled",
    "account.role", "account.reset", "account.chosen", "token.made", "token.ended",
)  # fmt: skip
# What people do that is no access: records of these kinds by anybody but our own parts.
ACTS = (
    "incident.acknowledged", "incident.unacknowledged", "incident.assigned", "incident.transferred", "incident.noted",
    "incident.checked", "incident.shelved", "incident.unshelved", "incident.resolved", "incident.reopened",
    "incident.returned", "incident.priority_changed", "incident.merged", "incident.split", "incident.opened",
    "escalation.requested", "escalation.cancelled", "escalation.accepted", "escalation.rejected",
    "escalation.dispatched", "escalation.arrived", "escalation.closed", "talk.said",
    "shift.begun", "shift.handed", "shift.taken", "shift.withdrawn", "rule.proposed", "rule.changed", "rule.rejected",
    "window.opened", "window.ended", "device.settled", "training.noted", "drill.noted",
)  # fmt: skip
OURS = (*sorted(NOBODY), "outbox", "restore", "mqtt")
OFFICE = tuple(deed for deed in DEEDS if deed.startswith(("account.", "token.", "quarantine.")))  # noted as looks
# What can be asked for together: who came in and looked at what; what was done.
GROUPS = {"access": tuple(deed for deed in DEEDS if deed not in OFFICE), "acts": (*ACTS, *OFFICE)}
ASKED = (*GROUPS, *DEEDS, *ACTS)
# Why a table may be taken away.
REASONS = ("regular_check", "incident_inquiry", "persons_request", "authority", "other")
HOUR_US, KST_US = 3600 * US, 9 * 3600 * US
NIGHT = (22, 6)  # hours in Korea
OFTEN = 3  # looks of one person at one subject within a month that are shown
COLUMNS = ("seq", "at", "by", "deed", "deed_word", "subject", "incident", "purpose", "code", "address")


class Wanted(msgspec.Struct, frozen=True):
    """What is searched for; empty: whatever. ``by`` and ``subject`` are parts of a text, ``frm`` and ``to`` µs;
    ``deed`` is one of them or a name of ``GROUPS``."""

    frm: int
    to: int
    by: str = ""
    deed: str = ""
    subject: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of records among which the deed is found."""
        if not self.deed:
            return (*KINDS, *ACTS)
        kinds = (deed if deed in KINDS or deed in ACTS else LOOKED for deed in GROUPS.get(self.deed, (self.deed,)))
        return tuple(dict.fromkeys(kinds))


def deed_of(record: Record) -> str:
    """What was done, as a code of ``DEEDS`` (or what a newer console wrote)."""
    return str(record.body.get("what") or record.kind) if record.kind == LOOKED else record.kind


def narrowed(records: Iterable[Record], wanted: Wanted) -> Iterator[Record]:
    """The records that fit; their kinds and times are the store's to narrow."""
    by, subject = wanted.by.casefold(), wanted.subject.casefold()
    deeds = GROUPS.get(wanted.deed, (wanted.deed,))
    for record in records:
        about = f"{record.subject} {record.body.get('incident', '')}".casefold()
        if by in record.by.casefold() and subject in about and (not wanted.deed or deed_of(record) in deeds):
            yield record


def said(record: Record) -> dict[str, Any]:
    """What an auditor reads of a body: of a deed the codes alone, as in the story of an incident, never a text."""
    if record.kind not in ACTS:
        return record.body
    (row,) = told([record])
    codes = {name: value for name, value in row.args.items() if isinstance(value, str | int | float)}
    return codes | {name: record.body[name] for name in ("incident",) if record.body.get(name)}


def _at_night(at: int) -> bool:
    hour = (at + KST_US) // HOUR_US % 24
    return hour >= NIGHT[0] or hour < NIGHT[1]


def review(records: Iterable[Record]) -> dict[str, Any]:
    """A month in figures: per person, who looked at the same subject often, who has checked this month already."""
    people: dict[str, Counter[str]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    for r in records:
        counts, deed = people.setdefault(r.by, Counter()), deed_of(r)
        look = deed in PEOPLE
        counts.update(
            n=1, logins=deed == "access.login", looks=look, night=look and _at_night(r.at), exports=deed == "export",
            refused=(1 + int(r.body.get("before", 0))) if deed == "access.refused" else 0,
        )  # fmt: skip
        if deed == "identity":
            pairs[(r.by, r.subject)] += 1
    rows = [{"by": by, **counts} for by, counts in people.items()]
    often = [{"by": by, "subject": subject, "n": n} for (by, subject), n in pairs.most_common(20) if n >= OFTEN]
    return {"people": sorted(rows, key=lambda row: (-row["looks"], row["by"])), "often": often}


def _word(lang: str, prefix: str, code: str) -> str:
    known = words.catalogue(lang)
    return known.get(f"{prefix}.{code}", code)


def table(records: Iterable[Record], lang: str) -> bytes:
    """UTF-8 with a mark of its order, one line a record, words beside codes."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([words.say(lang, f"audit.csv_{column}") for column in COLUMNS])
    for r in records:
        deed, body = deed_of(r), r.body
        code = "; ".join(str(value) for value in said(r).values()) if r.kind in ACTS else body.get("code", "")
        cells = (r.by, deed, _word(lang, "access" if r.kind == LOOKED else "record", deed), r.subject,
                 body.get("incident", ""), body.get("purpose", ""), code, body.get("address", ""))
        rows.writerow([r.seq, format_kst(r.at), *(safe(str(cell)) for cell in cells)])
    return (BOM + out.getvalue()).encode()
