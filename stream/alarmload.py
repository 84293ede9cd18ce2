"""The alarm load of a control room, folded from the journal: what it was called for, and whether that was bearable.

One line an incident is kept. Counted is what was annunciated, that is shown with a call for a person: opened so, raised
to it, or new again after somebody had seen it. One made more urgent while nobody had seen it sounds again; that is the
same matter and counted beside it (``raised``). Definitions and limits are ``stream/discipline.py``.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

from stream import discipline
from stream.figures import rate
from stream.schema import Priority, Record

KEEP = 200_000  # incidents kept in memory, as in ``stream/kpi.py``
POSITIONS = 5  # operator positions of the city's room (20 staff in four shifts; ANCHORS 4)
TOP = 10


class Line:
    """What one incident is remembered by. Times in µs, 0 = not yet."""

    def __init__(self, record: Record) -> None:
        body = record.body
        self.priority, self.first = int(body["priority"]), record.at
        self.last, self.sounded, self.ended = record.at, 0, 0
        self.called_as, self.seen = 0, False  # the priority it called in last; somebody has looked since
        self.worked, self.disposition = False, ""
        self.source = ""

    @property
    def standing(self) -> bool:
        """Annunciated and not over."""
        return bool(self.sounded) and not self.ended


class AlarmLoad:
    """``apply`` each record; ``view(frm, to, positions)`` gives the figures of a span (µs)."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._calls: list[tuple[int, int, str]] = []  # (at, priority, source) of each annunciation
        self._raised: list[tuple[int, int]] = []  # (at, priority) of each rise that sounded again
        self._chatter: list[tuple[int, str, str]] = []  # (at, source, rule)
        self._said: Counter[tuple[int, str]] = Counter()  # (ten minutes, source) -> detections
        self._held: Counter[tuple[int, str]] = Counter()  # (ten minutes, why) -> what did not call anybody

    def apply(self, record: Record) -> None:
        """Take one record in; kinds that say nothing about the load cost a look-up."""
        if step := STEPS.get(record.kind):
            step(self, record)

    # steps -----------------------------------------------------------------------------------------------------

    def _opened(self, record: Record) -> None:
        line = self._lines[record.subject] = Line(record)
        if len(self._lines) > KEEP:
            self._lines.popitem(last=False)
        for seen in record.body.get("detections", ()):
            line.source = _source(seen)
            self._hear(record.at, line.source)
        self._sound(line, record, bool(record.body.get("annunciated", True)))
        for mark in HELD_MARKS.intersection(record.body.get("marks", ())):
            self._hold(record.at, mark)

    def _attached(self, record: Record) -> None:
        seen = record.body["detection"]
        self._hear(record.at, _source(seen))
        if line := self._lines.get(record.subject):
            line.last, line.source = max(line.last, record.at), _source(seen)

    def _folded(self, record: Record) -> None:
        self._hear(record.at, _source(record.body))
        self._hold(record.at, "folded")
        if line := self._lines.get(record.subject):
            line.last = max(line.last, record.at)

    def _noted(self, record: Record) -> None:
        self._hear(record.at, record.body.get("source") or record.subject)
        self._hold(record.at, record.body.get("why", "notice"))

    def _scored(self, record: Record) -> None:
        if line := self._lines.get(record.subject):
            line.priority = int(record.body["priority"])
            if not line.seen and line.priority < line.called_as:
                line.called_as = line.priority
                insort(self._raised, (record.at, line.priority))
            self._sound(line, record, record.body["annunciated"] and not line.sounded)

    def _back(self, record: Record) -> None:
        """Not over after all; to new it calls again."""
        if line := self._lines.get(record.subject):
            line.ended, line.disposition, line.seen = 0, "", record.body["state"] != "new"
            self._sound(line, record, record.body["state"] == "new" and bool(line.sounded))

    def _seen(self, record: Record) -> None:
        if line := self._lines.get(record.subject):
            line.seen = True

    def _worked(self, record: Record) -> None:
        if line := self._lines.get(record.subject):
            line.worked = True

    def _shelved(self, record: Record) -> None:
        self._hold(record.at, "shelved")
        self._worked(record)

    def _ended(self, record: Record) -> None:
        line = self._lines.get(record.subject)
        if line and not (record.kind == "incident.merged" and not record.body.get("into")):
            line.ended = line.ended or record.at
            line.disposition = record.body.get("disposition", line.disposition)

    def _device(self, record: Record) -> None:
        if record.body["code"] == "chattering":
            insort(self._chatter, (record.at, record.subject, record.body.get("rule", "")))

    def _hear(self, at: int, source: str) -> None:
        _count(self._said, at, source)

    def _hold(self, at: int, why: str) -> None:
        _count(self._held, at, why)

    def _sound(self, line: Line, record: Record, loud: bool) -> None:
        if loud:
            line.sounded, line.called_as = line.sounded or record.at, line.priority
            insort(self._calls, (record.at, line.priority, line.source))

    # figures ---------------------------------------------------------------------------------------------------

    def view(self, frm: int, to: int, positions: int = POSITIONS) -> dict[str, Any]:
        """The load of ``frm`` <= time < ``to`` for a room of so many operators. Whole slots of the clock's ten minutes.

        ``mean`` and ``worst`` are per operator and ten minutes (``worst``: any ten minutes, not only the clock's).
        """
        calls = [call for call in self._calls if frm <= call[0] < to]
        times = [at for at, _, _ in calls]
        counts = discipline.slots(times, frm, to)
        lines = list(self._lines.values())
        chatter = {(source, rule) for at, source, rule in self._chatter if frm <= at < to}
        over = [x for x in lines if x.sounded and frm <= x.ended < to]
        return {
            "positions": positions,
            "annunciated": len(calls),
            "raised": sum(frm <= at < to for at, _ in self._raised),
            "raised_to_p1": sum(frm <= at < to and priority == Priority.P1 for at, priority in self._raised),
            "mean": round(len(calls) / len(counts) / positions, 3),
            "worst": round(discipline.worst(times, frm, to) / positions, 3),
            "flood_minutes": 10 * sum(discipline.flood(counts, positions)),
            "share": _shares(Counter(priority for _, priority, _ in calls), len(calls)),
            "standing": sum(_stands(x, to) for x in lines),
            "stale": sum(_stands(x, to) and discipline.stale(x.sounded, to) for x in lines),
            "fleeting": rate(sum(discipline.fleeting(x.first, x.last, x.worked, x.disposition) for x in over),
                             len(over)),
            "chattering": len(chatter),
            "held_back": _sums(self._held, frm, to),
            "top_sources": self._top(calls, frm, to),
        }

    def _top(self, calls: list[tuple[int, int, str]], frm: int, to: int) -> list[dict[str, Any]]:
        """The ten sources that called most; of equals those that said most."""
        called, said = Counter(source for _, _, source in calls), _sums(self._said, frm, to)
        ranked = sorted(called | Counter(dict.fromkeys(said, 0)) | said, key=lambda s: (-called[s], -said.get(s, 0), s))
        return [{"source": s, "annunciated": called[s], "detections": said.get(s, 0)} for s in ranked[:TOP]]


HELD_MARKS = frozenset({"flood"})  # of an incident that was opened and called nobody
WORK = ("incident.assigned", "incident.transferred", "incident.checked", "incident.noted", "incident.contact",
        "escalation.requested")  # fmt: skip
STEPS: dict[str, Callable[[AlarmLoad, Record], None]] = {
    **dict.fromkeys(WORK, AlarmLoad._worked),
    "incident.acknowledged": AlarmLoad._seen,
    "incident.opened": AlarmLoad._opened,
    "incident.attached": AlarmLoad._attached,
    "incident.folded": AlarmLoad._folded,
    "detection.noted": AlarmLoad._noted,
    "incident.scored": AlarmLoad._scored,
    "incident.priority_changed": AlarmLoad._scored,
    "incident.returned": AlarmLoad._back,
    "incident.unshelved": AlarmLoad._back,
    "incident.reopened": AlarmLoad._back,
    "incident.shelved": AlarmLoad._shelved,
    "incident.resolved": AlarmLoad._ended,
    "incident.closed": AlarmLoad._ended,
    "incident.merged": AlarmLoad._ended,
    "device.noted": AlarmLoad._device,
}


def _count(table: Counter[tuple[int, str]], at: int, name: str) -> None:
    """One more in these ten minutes; what was counted first is forgotten first."""
    table[at // discipline.SLOT_US, name] += 1
    if len(table) > KEEP:
        del table[next(iter(table))]


def _source(seen: dict[str, Any]) -> str:
    """Whose word a detection is: its source; of a timer, its subject."""
    return str(seen.get("source") or seen["subject"])


def _stands(line: Line, at: int) -> bool:
    return 0 < line.sounded < at and not 0 < line.ended < at


def _shares(by_priority: Counter[int], n: int) -> dict[str, float | None]:
    return {p.name: round(by_priority[p] / n, 4) if n else None for p in (Priority.P1, Priority.P2, Priority.P3)}


def _sums(table: Counter[tuple[int, str]], frm: int, to: int) -> dict[str, int]:
    """Sums by name over the slots that the span touches, by name."""
    found: Counter[str] = Counter()
    for (slot, name), n in table.items():
        if frm < (slot + 1) * discipline.SLOT_US and slot * discipline.SLOT_US < to:
            found[name] += n
    return dict(sorted(found.items()))
