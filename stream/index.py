"""Which incidents are about a subject, and which are near a point: two look-ups that never scan the queue.

Held for every incident that is not closed, so that what comes back is found too. Exact distances are the caller's
matter: ``near`` answers with all that is within 130 m of the point, east, west, north and south of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from stream.schema import Incident

CELL_DEG = 0.0015  # degrees: 166 m of latitude, 133 m of longitude at 37 degrees north
NEAR_LAT, NEAR_LON = 0.00118, 0.00148  # degrees: 131 m at 37 degrees north
Cell = tuple[int, int]


def subjects(incident: Incident) -> set[str]:
    """What an incident is about: its subject, those of its detections, and the welfare cases they name."""
    named = {incident.subject} | {d.subject for d in incident.detections}
    return named | {case for d in incident.detections if (case := d.evidence.get("case"))}


def _cell(incident: Incident) -> Cell | None:
    place = incident.place
    return (int(place.lon // CELL_DEG), int(place.lat // CELL_DEG)) if place else None


class Index:
    """Ids by subject and by cell. ``put`` with what it was before; ``drop`` when it is closed."""

    def __init__(self) -> None:
        self._subjects: dict[str, dict[str, None]] = {}
        self._cells: dict[Cell, dict[str, tuple[float, float]]] = {}

    def put(self, was: Incident | None, now: Incident) -> None:
        """Know the incident as it is now; cheap when neither its place nor its detections changed."""
        if was is not None and was.place is now.place and was.detections is now.detections:
            return
        before, after = (subjects(was) if was else set()), subjects(now)
        for subject in before - after:
            _take(self._subjects, subject, now.id)
        for subject in sorted(after - before):
            self._subjects.setdefault(subject, {})[now.id] = None
        here, there = _cell(now), _cell(was) if was else None
        if there is not None and here != there:
            _take(self._cells, there, now.id)
        if here is not None and now.place is not None:
            self._cells.setdefault(here, {})[now.id] = (now.place.lon, now.place.lat)

    def drop(self, incident: Incident) -> None:
        """Forget it."""
        for subject in subjects(incident):
            _take(self._subjects, subject, incident.id)
        if (cell := _cell(incident)) is not None:
            _take(self._cells, cell, incident.id)

    def of(self, subject: str) -> list[str]:
        """Ids of the incidents about this subject, oldest first."""
        return sorted(self._subjects.get(subject, ()))

    def near(self, lon: float, lat: float) -> Iterator[str]:
        """Ids of the incidents near the point, from its cell and the eight around it."""
        column, row = int(lon // CELL_DEG), int(lat // CELL_DEG)
        west, east, south, north = lon - NEAR_LON, lon + NEAR_LON, lat - NEAR_LAT, lat + NEAR_LAT
        for cell in ((c, r) for c in (column - 1, column, column + 1) for r in (row - 1, row, row + 1)):
            for id, (x, y) in self._cells.get(cell, {}).items():
                if west <= x <= east and south <= y <= north:
                    yield id

    def copy(self) -> Index:
        """The same look-ups, for another writer."""
        other = Index()
        other._subjects = {subject: dict(ids) for subject, ids in self._subjects.items()}
        other._cells = {cell: dict(ids) for cell, ids in self._cells.items()}
        return other


def _take(table: dict, key: object, id: str) -> None:
    """Remove an id, and its row when that was the last."""
    if ids := table.get(key):
        ids.pop(id, None)
        if not ids:
            del table[key]
