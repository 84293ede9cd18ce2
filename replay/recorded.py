"""What a re-run is fed with: a file of events, or the tape of a console's data folder."""

from __future__ import annotations

import gc
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import json

from geo.city import City
from stream import tape
from stream.journal import read as read_journal
from stream.places import existing, store_url, vault_key, vault_url
from stream.schema import Event, Record, SourceError
from stream.sealing import judged
from stream.secret import likeness_key
from stream.settings import Settings
from stream.settings import load as load_settings
from stream.store import Store, open_store
from stream.vault import Vault

BATCH = 4096  # events judged at once; whole instants, so it can be a little more

Turn = tuple[int, list[Event]]  # (now, events)
Load = Callable[..., Any]  # connectors.files.load_events, handed in by run.py
Took = tuple[str, int, str]  # rule, moment (µs), subject


class Changed(NamedTuple):
    """A threshold that people changed (``stream/ruling.py``): before which of the turns, when (µs), which rule, how."""

    turn: int
    at: int
    rule: str
    to: dict[str, Any]
    version: int


class Recorded(NamedTuple):
    """Turns to judge (as often as one likes), how many events they hold, and what is known beside them.

    ``confirmed`` are the incidents that a person closed as such, each with the detections it took in; ``expects`` the
    moments (µs) from which on the console that was recorded expected to hear from every source of its city.
    """

    turns: Callable[[], Iterator[Turn]]
    n: int
    duplicates: int = 0
    quarantined: int = 0
    confirmed: Sequence[tuple[str, frozenset[Took]]] = ()
    expects: Sequence[int] = ()
    changes: Sequence[Changed] = ()
    key: bytes = b""  # the data folder's secret for fingerprints of texts


def ordered(events: Iterable[Event]) -> list[Event]:
    """CONTRACT 2: by instant, source, seq (none is 0), id; of the same (source, id) the first stays.

    Of two that differ in their data alone the smaller one's bytes decide, so the order of the lines never does.
    """
    places: dict[tuple[str, str], int] = {}
    kept: list[Event] = []
    for event in sorted(events, key=_key):
        place = places.setdefault((event.source, event.id), len(kept))
        if place == len(kept):
            kept.append(event)
        elif _key(event) == _key(kept[place]) and json.encode(event) < json.encode(kept[place]):
            kept[place] = event
    return kept


def _key(event: Event) -> tuple[int, str, int, str]:
    return event.at, event.source, event.seq or 0, event.id


def turns_of(events: Sequence[Event], until: int | None = None, batch: int = BATCH) -> Iterator[Turn]:
    """Ordered events as turns that end with a whole instant; a last one at ``until``, if that is later."""
    start = 0
    while start < len(events):
        end = min(start + batch, len(events))
        while end < len(events) and events[end].at == events[end - 1].at:
            end += 1
        yield events[end - 1].at, list(events[start:end])
        start = end
    if until is not None and (not events or until > events[-1].at):
        yield until, []


@contextmanager
def no_collecting() -> Iterator[None]:
    """Millions of events are kept on purpose; looking through them for garbage takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def recorded(path: str, load: Load, city: City, until: int | None = None) -> Recorded:
    """A file or a data folder. Raises SourceError when it holds nothing that can be judged."""
    return _folder(Path(path), until) if Path(path).is_dir() else _file(path, load, city, until)


def _file(path: str, load: Load, city: City, until: int | None) -> Recorded:
    from tqdm import tqdm

    with tqdm(unit="B", unit_scale=True, desc="reading", file=sys.stderr) as bar:
        with no_collecting():
            loaded = load(path, far=city.far, progress=bar.update)
    if loaded.quarantined and not loaded.events:
        first = loaded.quarantined[0]
        raise SourceError("bad_file", f"{path} holds no event; of its first line: {first.reason} {first.detail}")
    events = ordered(loaded.events)
    return Recorded(
        lambda: turns_of(events, until), len(events), len(loaded.events) - len(events), len(loaded.quarantined)
    )


def _folder(folder: Path, until: int | None) -> Recorded:
    source = recent(load_settings({"data": str(folder)}), 0, sys.maxsize)
    turns = list(source.turns())
    if until is not None and (not turns or until > turns[-1][0]):
        turns.append((until, []))
    return source._replace(turns=lambda: iter(turns))


def recent(settings: Settings, since: int, most: int) -> Recorded:
    """The turns of a console judged at or after ``since`` (µs), as many of the last as hold at most ``most`` events.

    A console may be writing them meanwhile.
    """
    store = open_store(existing(store_url(settings)))
    try:
        vault = Vault(existing(vault_url(settings)), vault_key(settings))
        try:
            with store.read() as conn:
                after = tape.since(conn, since, most)
            rows = list(tape.read_store(store, after, whole=lambda event: judged(vault, event)))
            key = likeness_key(vault)
        finally:
            vault.close()
        turns = [(now, events) for _, now, events in rows]
        changes = _changes(store, [turn for turn, _, _ in rows])
        confirmed = _confirmed(store)
        expects = [record.at for record in read_journal(store, kinds=["run.started"]) if record.body.get("expects")]
    finally:
        store.close()
    n = sum(len(events) for _, events in turns)
    return Recorded(lambda: iter(turns), n, confirmed=confirmed, expects=expects, changes=changes, key=key)


def _changes(store: Store, turns: list[int]) -> list[Changed]:
    return [
        Changed(bisect_right(turns, body["turn"]), record.noted_at, record.subject, body["to"], body["version"])
        for record in read_journal(store, kinds=["rule.changed"]) if (body := record.body)
    ]  # fmt: skip


def _confirmed(store: Store) -> list[tuple[str, frozenset[Took]]]:
    took: dict[str, set[Took]] = {}
    verdict: dict[str, str] = {}
    for record in read_journal(store):
        took.setdefault(record.subject, set()).update(taken(record))
        if record.kind == "incident.resolved":
            verdict[record.subject] = record.body["disposition"]
    return [(id, frozenset(took[id])) for id, word in sorted(verdict.items()) if word == "confirmed"]


def taken(record: Record) -> list[Took]:
    """Rule, moment and subject of the detections that this record puts into its incident."""
    body = record.body
    by_kind = {
        "incident.opened": body.get("detections", ()),
        "incident.attached": [body.get("detection")],
        "incident.folded": [body],
    }
    refs = by_kind.get(record.kind, ())
    return [(one["rule"], one["at"], one["subject"]) for one in refs]
