"""Count over detections: the same rule and subject again and again (CONTRACT 6, ``chattering``).

Detections are few beside events, so this one is plain Python over a dict of short queues.
"""

from __future__ import annotations

from collections import deque

from cep.rules import RuleTable
from cep.threat import MEASURES
from stream.schema import US, Detection, Severity

DAY_US = 86_400 * US  # a detection of a back-filled reading may lie some hours back

Told = tuple[deque[int], bool]


class Chatter:
    """Remembers, for each rule and subject, the last detections within the window and whether it chatters."""

    def __init__(self, rules: RuleTable) -> None:
        self.rules = [rule for _, rule in rules.of("chatter")]
        self.last: list[dict[tuple[str, str], Told]] = [{} for _ in self.rules]
        self.ids = {rule.id for rule in self.rules} | set(MEASURES)

    def hear(self, detection: Detection) -> list[Detection]:
        """What this detection makes: a ``chattering`` when it is the n-th within the window and none is going on."""
        if detection.rule in self.ids:
            return []
        made = []
        for rule, last in zip(self.rules, self.last, strict=True):
            n, window = rule.thresholds["n"], round(rule.thresholds["window_s"] * US)
            times, going = last.get((detection.rule, detection.subject), (deque(maxlen=n), False))
            while times and abs(detection.at - times[0]) > window:
                times.popleft()
            times.append(detection.at)
            full = len(times) == n
            if full and not going:
                evidence = {"of": detection.rule, "n": n} | _source(detection)
                severity = Severity(rule.severity)
                made.append(Detection(rule.id, rule.version, detection.at, detection.subject, severity, evidence))
            last[detection.rule, detection.subject] = (times, full)
        return made

    def forget(self, now: int) -> None:
        """Drop what lies further back than every window."""
        for rule, last in zip(self.rules, self.last, strict=True):
            before = now - round(rule.thresholds["window_s"] * US) - DAY_US
            for key in [key for key, (times, _) in last.items() if times[-1] < before]:
                del last[key]


def _source(detection: Detection) -> dict[str, str]:
    source = detection.evidence.get("source")
    return {"source": source} if source else {}
