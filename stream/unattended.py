"""Who is called next when nobody looks: louder at the target time, then every operator, then the supervisors.

An incident calls from when it became new, or became as urgent as it is; the times are event times, the levels records
(``incident.unattended``), so a restart repeats none and a replay shows them. Any deed of a person ends it.
"""

from __future__ import annotations

from heapq import heappop, heappush

from stream.order import TARGET_S
from stream.schema import US, Incident, Priority, State

TO = {1: "louder", 2: "operators", 3: "supervisors"}  # the level's address, ``call.<to>`` in the catalogues
TOP = max(TO)
MOST = 100  # of one second: more than a room can hear; the rest follows in the next


def next_call(incident: Incident) -> int:
    """When its next level is due (µs); 0 when it calls nobody or has called them all."""
    if incident.state != State.new or not incident.annunciated or incident.call >= TOP:
        return 0
    return incident.called_at + (incident.call + 1) * _target(incident)


def level(incident: Incident, now: int) -> int:
    """The level that its waiting has reached."""
    return min(TOP, (now - incident.called_at) // _target(incident))


def _target(incident: Incident) -> int:
    return TARGET_S[Priority(incident.priority)] * US


class Unattended:
    """When each calling incident's next level is due, soonest first."""

    def __init__(self) -> None:
        self._due: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []

    def put(self, incident: Incident) -> None:
        """Know the incident as it is now."""
        due = next_call(incident)
        if due == self._due.get(incident.id, 0):
            return
        if due:
            self._due[incident.id] = due
            heappush(self._heap, (due, incident.id))
        else:
            del self._due[incident.id]
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)

    def due(self, now: int) -> list[str]:
        """Ids whose next level is due, longest overdue first, not more than ``MOST``; changes nothing."""
        found: dict[str, None] = {}
        todo = [(self._heap[0], 0)] if self._heap else []
        while todo and len(found) < MOST:
            (due, id), at = heappop(todo)
            if due > now:
                break
            if self._due.get(id) == due:
                found[id] = None
            for child in (2 * at + 1, 2 * at + 2):
                if child < len(self._heap):
                    heappush(todo, (self._heap[child], child))
        return list(found)

    def copy(self) -> Unattended:
        """The same, for another writer."""
        other = Unattended()
        other._due, other._heap = dict(self._due), list(self._heap)
        return other
