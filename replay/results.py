"""What a re-run leaves behind: detections and incidents as JSON Lines, the same bytes for the same events and rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from replay.recorded import taken
from stream.board import Board
from stream.clock import format_kst
from stream.schema import Detection, Factor, Incident, Priority, Record

DIGITS = 3  # CONTRACT 2

Line = tuple[int, str, str, str, str]  # time, subject, rule or kind, evidence or id: the order of a file; then the text


def rounded(value: Any) -> Any:
    """The same with every number at three decimals (and no minus zero)."""
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(rounded(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def detection_line(one: Detection) -> Line:
    """Sort key and text of a detection."""
    evidence = canonical(one.evidence)
    head = {"rule": one.rule, "version": one.version, "at": format_kst(one.at), "subject": one.subject}
    told = json.dumps(head | {"severity": one.severity.name}, ensure_ascii=False, separators=(",", ":"))
    return one.at, one.subject, one.rule, evidence, f'{told[:-1]},"evidence":{evidence}}}'


class Peaks:
    """The most each incident reached, and every detection it took in, gathered from the records as they are made."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.best: dict[str, tuple[int, int, tuple[Factor, ...]]] = {}
        self.detections: dict[str, list[tuple[str, int, str]]] = {}

    def hear(self, records: Iterable[Record]) -> None:
        """Look at the records of one turn, in their order."""
        for record in records:
            if found := taken(record):
                self.detections.setdefault(record.subject, []).extend(found)
            if record.kind in ("incident.opened", "incident.scored"):
                self._reached(record.subject, record.body)

    def _reached(self, id: str, body: dict[str, Any]) -> None:
        factors = msgspec.convert(msgspec.to_builtins(body.get("factors", ())), tuple[Factor, ...])
        score, priority = int(body["score"]), int(body["priority"])
        was = self.best.get(id)
        if was is None or (score, -priority) > (was[0], -was[1]):
            self.best[id] = (score, priority, factors)

    def line(self, incident: Incident) -> Line:
        """Sort key and text of an incident."""
        score, priority, factors = self.best[incident.id]
        taken = sorted(self.detections.get(incident.id, []), key=lambda d: (d[1], d[2], d[0]))
        told = {
            "id": incident.id,
            "kind": incident.kind,
            "opened_at": format_kst(incident.opened_at),
            "subject": incident.subject,
            "priority": Priority(priority).name,
            "score": score,
            "factors": [{"name": f.name, "points": f.points, "why": f.why} for f in factors if f.name != "waiting"],
            "detections": [[rule, format_kst(at), subject] for rule, at, subject in taken],
            "annunciated": incident.annunciated,
            "state": incident.state,
        }
        text = json.dumps(rounded(told), ensure_ascii=False, separators=(",", ":"))
        return incident.opened_at, incident.subject, incident.kind, incident.id, text

    def lines(self) -> list[Line]:
        """Every incident of the board."""
        return [self.line(incident) for incident in self.board.incidents.values()]


def write(file: Path, lines: Iterable[Line]) -> str:
    """Write the lines in their order; SHA-256 of the file."""
    data = "".join(f"{text}\n" for *_, text in sorted(lines)).encode()
    file.write_bytes(data)
    return sha256(data).hexdigest()
