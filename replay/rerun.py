"""Recorded events once more through the very same engine, fusing and board as live, as fast as it goes.

A file is put in order first, by instant, source, ``seq`` and id, so neither the order of its lines nor the size of the
batches changes a byte of the result. A tape is taken turn by turn as it was judged: it gives what the operators saw.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cep.engine import Engine
from cep.fuse import Fuse
from cep.rules import RuleTable, load_rules
from cep.ruling import changed
from geo.city import City, load_city
from replay.loadtext import text
from replay.recorded import Changed, Load, Turn, no_collecting, recorded
from replay.results import Line, Peaks, detection_line, write
from stream import decide
from stream.alarmload import POSITIONS, AlarmLoad
from stream.board import Board
from stream.clock import monotonic, parse_rfc3339
from stream.heard import hear
from stream.journal import Chain
from stream.proposals import Misfit
from stream.schema import Detection, Event, HouseError, SourceError


class Result(NamedTuple):
    """What came of a re-run."""

    events: int
    detections: list[Detection]
    peaks: Peaks
    load: AlarmLoad
    span: tuple[int, int]  # µs of the first event and just after the end

    @property
    def lines(self) -> tuple[list[Line], list[Line]]:
        """Lines of detections.jsonl and of incidents.jsonl, not yet in order."""
        return [detection_line(one) for one in self.detections], self.peaks.lines()


class _Watched:
    """The engine, with its detections kept aside as they come."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.found: list[Detection] = []

    def step(self, events: list[Event], now: int | None) -> list[Detection]:
        detections = self.engine.step(events, now)
        self.found += detections
        return detections


def _crashed(done: Any) -> None:
    raise HouseError("a rule crashed on these events; the program is wrong, not the file")


def rerun(turns: Iterable[Turn], city: City, rules: RuleTable, progress: Callable[[int], object] = abs,
          expects: Sequence[int] = (), key: bytes = b"", changes: Sequence[Changed] = ()) -> Result:
    """Judge these turns from an empty memory and an empty board. ``progress(n)`` is told of each turn's events.

    ``expects`` are the moments (µs, in order) from which on silence counts: see ``replay.recorded.Recorded``.
    ``changes`` are what people changed of the rules meanwhile; one that does not fit these rules is passed over.
    ``key``: the data folder's secret for fingerprints of texts, empty for a file.
    """
    engine, board = _Watched(Engine(city, rules)), Board()
    peaks, load, n, first, last = Peaks(board), AlarmLoad(), 0, 0, 0
    fuse, heard = Fuse(city, rules), partial(hear, key=key, dong=city.wards.named)
    decider = decide.Decider(board, Chain(), engine, fuse.decide, heard, _crashed, fuse.rescore)
    starts, edits = deque(expects), deque(changes)
    for turn, (now, events) in enumerate(turns):
        for step in _first(starts, edits, turn, now):
            if isinstance(step, int):
                engine.engine.expect(step)
                continue
            with suppress(Misfit):
                rules = changed(rules, step.rule, step.to, step.version)
                engine.engine.use(rules, step.at)
                fuse.use(rules, step.at)
        records = decider.judge(events, now).records
        peaks.hear(records)
        for record in records:
            load.apply(record)
        first, last, n = first or min([now, *(event.at for event in events)]), now, n + len(events)
        progress(len(events))
    if decider.faults:
        raise HouseError(f"{decider.faults} faults while judging; the program is wrong, not the file")
    return Result(n, engine.found, peaks, load, (first, last + 1))


def _first(starts: deque[int], edits: deque[Changed], turn: int, now: int) -> Iterator[int | Changed]:
    """What comes before this turn, in order: moments from which on silence counts, and changes of the rules."""
    while True:
        start, edit = bool(starts) and starts[0] <= now, bool(edits) and edits[0].turn <= turn
        if not (start or edit):
            return
        yield edits.popleft() if edit and not (start and starts[0] < edits[0].at) else starts.popleft()


def parser() -> argparse.ArgumentParser:
    """The words of ``run.py rerun``."""
    words = argparse.ArgumentParser("run.py rerun", description="Recorded events through the same engine as live.")
    words.add_argument("input", help="JSON Lines of events (plain, gzip or zstd), or the data folder of a console")
    words.add_argument("--city", help="city file (GeoJSON); default: the built-in city")
    words.add_argument("--rules", help="folder of rule files that replace or extend the built-in ones")
    words.add_argument("--out", default="out", help="folder for what it writes, three files (default: out)")
    words.add_argument("--until", help="RFC 3339 time of the end, if later than the last event")
    words.add_argument("--positions", type=int, default=POSITIONS, choices=range(1, 100), metavar="N",
                       help=f"operators among whom the alarm load is divided (default: {POSITIONS})")
    return words


def main(argv: list[str], load: Load) -> int:
    """``run.py rerun``. Bad input raises SourceError, CityError or RuleError before anything is written."""
    from tqdm import tqdm

    args = parser().parse_args(argv)
    began = monotonic()
    until = parse_rfc3339(args.until) if args.until else None
    city, rules, out = load_city(args.city), load_rules(args.rules), folder_of(args.out)
    source = recorded(args.input, load, city, until)
    with tqdm(total=source.n, unit="events", unit_scale=True, desc="judging", file=sys.stderr) as bar, no_collecting():
        result = rerun(source.turns(), city, rules, bar.update, source.expects, source.key, source.changes)
    detections, incidents = result.lines
    summary = {
        "events": result.events,
        "detections": len(detections),
        "incidents": len(incidents),
        "seconds": 0.0,
        "detections_sha256": write(out / "detections.jsonl", detections),
        "incidents_sha256": write(out / "incidents.jsonl", incidents),
    }
    if source.duplicates or source.quarantined:
        print(f"left out: {source.duplicates} duplicates, {source.quarantined} in quarantine", file=sys.stderr)
    figures = result.load.view(*result.span, args.positions)
    (out / "load.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(text(figures))
    print(json.dumps(summary | {"seconds": round(monotonic() - began, 3)}), flush=True)
    return 0


def folder_of(name: str) -> Path:
    """The folder to write to, made when it isn't there; SourceError when it can't be written."""
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "detections.jsonl").touch()
    except OSError as error:
        raise SourceError("bad_folder", f"{folder} can't be written: {error.strerror}") from error
    return folder
