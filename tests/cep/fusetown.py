"""A fuse over Osan and a ledger, for tests of fusing: detections in, the queue out."""

from __future__ import annotations

from functools import cache
from typing import Any

from cep.fuse import Fuse
from geo.city import City, load_city
from stream.schema import US, Detection, Draft, Incident, Severity
from tests.ledger import T0, Ledger

SITE, OTHER_SITE = "XW-GASU-1", "XW-DAEHO-1"
HOME, FRAIL_HOME = "HH-0002", "HH-0005"  # two people of 75-84; alone, 65-74, high risk
SEVERITY = {
    "near_miss": "serious", "smoke_or_gas": "severe", "sos": "severe", "no_motion_after_fall": "severe",
    "fall_reported": "serious", "vital": "serious", "speeding": "notice", "away_long": "notice",
    "signal_violation_walk": "severe", "safety_call_unanswered": "severe", "source_silent": "notice",
    "chattering": "notice", "tamper_reported": "notice", "welfare_contact_overdue": "moderate",
}  # fmt: skip
WHAT = {"collision": "severe", "fall": "severe", "fire_smoke": "severe", "assault": "severe", "wrong_way": "serious"}


@cache
def osan() -> City:
    """The built-in city, read once."""
    return load_city()


class Town(Ledger):
    """A ledger whose incidents come from detections."""

    def __init__(self) -> None:
        super().__init__()
        self.fuse = Fuse(osan())

    def see(self, rule: str, subject: str = SITE, /, after: float | None = None, source: str = "/device/r-1",
            severity: str = "", **evidence: Any) -> list[Draft]:
        """A detection ``after`` seconds from T0 (default: now) by an event of ``source`` (empty: a timer)."""
        self.now = max(self.now, T0 + int(after * US)) if after is not None else self.now
        at = T0 + int(after * US) if after is not None else self.now
        usual = WHAT.get(evidence.get("what", ""), "moderate") if rule == "reported" else SEVERITY.get(rule, "serious")
        one = Detection(rule, 1, at, subject, Severity[severity or usual], evidence)
        cause = f"event:{source}#{len(self.records)}" if source else "timer"
        drafts = self.fuse.decide(self.board, one, self.now, cause)
        self.note(drafts)
        return drafts

    def only(self) -> Incident:
        """The one open incident."""
        open_ = self.board.open(self.now)
        assert len(open_) == 1, [i.kind for i in open_]
        return open_[0]

    def kinds(self) -> list[str]:
        """Kinds of the open incidents in rank order."""
        return [i.kind for i in self.board.open(self.now)]
