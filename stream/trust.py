"""How often the alarms of a source were real: verdicts counted by source, and what can be said of them for sure."""

from __future__ import annotations

from collections import Counter
from math import sqrt

from stream.schema import Incident, State

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution
COUNTED = {"confirmed": 0, "false_alarm": 1}  # column of a disposition; the others say nothing about the source


def wilson(k: int, n: int) -> tuple[float, float]:
    """95 % interval of a rate k of n (Wilson 1927, score interval); (0, 1) when nothing was counted.

    >>> [round(x, 3) for x in wilson(1, 10)]
    [0.018, 0.404]
    """
    if n == 0:
        return 0.0, 1.0
    p, z2 = k / n, Z95 * Z95
    middle, half = p + z2 / (2 * n), Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def sources(incident: Incident) -> set[str]:
    """Whose record a verdict on this incident touches: the sources of its detections; of a timer, its subject."""
    return {d.source or d.subject for d in incident.detections}


class Trust:
    """Verdicts by source: ``[confirmed, false alarms]``, and the reasons of the false ones."""

    def __init__(self) -> None:
        self._verdicts: dict[str, list[int]] = {}
        self._reasons: dict[str, Counter[str]] = {}

    def weigh(self, was: Incident | None, now: Incident) -> None:
        """Count a verdict when it is given, and take it back when the incident is opened again."""
        before = was.disposition if was and was.state in (State.resolved, State.closed) else ""
        after = now.disposition if now.state in (State.resolved, State.closed) else ""
        if before != after:
            for disposition, incident, by in ((before, was, -1), (after, now, 1)):
                if incident is not None and disposition in COUNTED:
                    for source in sources(incident):
                        self._verdicts.setdefault(source, [0, 0])[COUNTED[disposition]] += by
                        if disposition == "false_alarm":
                            self._reasons.setdefault(source, Counter())[incident.reason] += by

    def of(self, source: str) -> tuple[int, int]:
        """(false alarms, verdicts) of a source."""
        confirmed, false = self._verdicts.get(source, (0, 0))
        return false, confirmed + false

    def rows(self) -> list[tuple[str, int, int]]:
        """(source, false alarms, verdicts), by source."""
        return [(source, *self.of(source)) for source in sorted(self._verdicts)]

    def reasons(self, source: str) -> dict[str, int]:
        """Its false alarms by reason code (steam, pet, parked_car, ...), most frequent first."""
        counted = self._reasons.get(source) or Counter()
        return {reason: n for reason, n in counted.most_common() if n}

    def copy(self) -> Trust:
        """The same verdicts, for another writer."""
        other = Trust()
        other._verdicts = {source: list(n) for source, n in self._verdicts.items()}
        other._reasons = {source: Counter(n) for source, n in self._reasons.items()}
        return other
