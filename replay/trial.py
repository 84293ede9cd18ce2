"""What a proposed change of a rule would have done: the last hours of the tape judged twice, before it is approved.

``python -m replay.trial`` is a program of its own with low priority, so that the running console is not slowed by it;
it reads the tape beside the console and writes nothing. Both judgements begin with an empty memory at the same moment,
so what needs a longer past (a person's rhythm, twelve hours of silence) is seen from its first full span on. Both are
of the rules in force now; only the thresholds in question differ.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from cep.rules import RuleTable, load_rules
from cep.ruling import changed
from geo.city import City, load_city
from replay.backtest import Confirmed, compare, missed
from replay.recorded import Recorded, no_collecting, recent
from replay.rerun import rerun
from stream import trials as kept
from stream.clock import Clock
from stream.proposals import Misfit
from stream.schema import US
from stream.settings import load
from stream.store import Store, StoreError

MOST = 500_000  # events judged at most, a minute or two of a slow core; in a busy city less than the hours asked for
HOUR_US = 3600 * US
POLITE = 15  # niceness: the console goes first


def in_force(base: RuleTable, source: Recorded) -> RuleTable:
    """The rules as people have changed them so far; a change that no longer fits is passed over, as live."""
    for one in source.changes:
        with suppress(Misfit):
            base = changed(base, one.rule, one.to, one.version)
    return base


def tried(source: Recorded, city: City, base: RuleTable, rule: str, to: Mapping[str, Any]) -> dict[str, Any]:
    """How often the rule speaks with the old and the new numbers, and what else changes. Raises Misfit."""
    old = in_force(base, source)
    new = changed(old, rule, to)
    turns = list(source.turns())
    first, last = (turns[0][0], turns[-1][0]) if turns else (0, 0)
    starts = [max(first, at) for at in source.expects if at <= last]
    expects = sorted(set(starts))
    with no_collecting():
        before = rerun(turns, city, old, expects=expects, key=source.key)
        after = rerun(turns, city, new, expects=expects, key=source.key)
    rows = {row["rule"]: row for row in compare(before.detections, after.detections)}
    mine = rows.pop(rule, {"before": 0, "after": 0, "appears": [], "vanishes": []})
    real = [Confirmed(id, took) for id, took in source.confirmed if took and all(first <= at for _, at, _ in took)]
    lost = set(missed(real, after.detections)) - set(missed(real, before.detections))
    return {
        "events": source.n, "from_ms": first // 1000, "to_ms": last // 1000, "before": mine["before"],
        "after": mine["after"], "appears": len(mine["appears"]), "vanishes": len(mine["vanishes"]),
        "incidents_before": len(before.peaks.board.incidents), "incidents_after": len(after.peaks.board.incidents),
        "others": sorted(name for name, row in rows.items() if row["appears"] or row["vanishes"]),
        "confirmed": len(real), "missed": sorted(lost),
    }  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The words of the program."""
    words = argparse.ArgumentParser("python -m replay.trial", description="A change of a rule, tried on the tape.")
    words.add_argument("--data", help="data folder of the console")
    words.add_argument("--config", help="settings file (TOML); empty: none")
    words.add_argument("--rule", required=True, help="id of the rule")
    words.add_argument("--to", required=True, help="thresholds by name, as JSON")
    words.add_argument("--now", required=True, type=int, help="end of the span, µs")
    words.add_argument("--hours", required=True, type=int, help="length of the span")
    return words


def main(argv: list[str] | None = None) -> int:
    """Try it; one JSON line."""
    args = parser().parse_args(argv)
    os.nice(POLITE)
    settings = load({"data": args.data}, file=args.config or None)
    source = recent(settings, args.now - args.hours * HOUR_US, MOST)
    city, base = load_city(settings.city or None), load_rules(settings.rules or None)
    print(json.dumps(tried(source, city, base, args.rule, json.loads(args.to))), flush=True)
    return 0


class Trials:
    """Trials by number of proposal, here one at a time. ``start(*words)`` runs the program and answers its first line.

    They lie in the store: who asks another web process sees them too, also after a restart. ``now`` is the end of the
    span that is tried, ``real`` this machine's clock: it tells a trial that goes on from one whose process has ended.
    """

    def __init__(self, store: Store, start: Callable[..., str], now: Callable[[], int],
                 real: Callable[[], int] | None = None) -> None:
        self._store, self._start, self._now, self._real = store, start, now, real or Clock().now
        self._turn = threading.Lock()

    def of(self, n: int) -> dict[str, Any] | None:
        """What came of the trial of this proposal: its ``state`` and ``hours``, when it is done its figures."""
        return kept.get(self._store, n, self._real())

    def shown(self, n: int) -> bool:
        """Whether there is an outcome that whoever approves can have seen."""
        return (self.of(n) or {}).get("state") in (kept.DONE, kept.FAILED)

    def begin(self, n: int, rule: str, to: Mapping[str, Any], hours: int) -> threading.Thread | None:
        """Try this proposal on the last hours; nothing when it is being tried already, here or elsewhere."""
        if not kept.claim(self._store, n, hours, self._real()):
            return None
        words = ["--rule", rule, "--to", json.dumps(dict(to)), "--now", str(self._now()), "--hours", str(hours)]
        thread = threading.Thread(target=self._try, args=(n, words), name="trial", daemon=True)
        thread.start()
        return thread

    def _try(self, n: int, words: Iterable[str]) -> None:
        over = threading.Event()
        threading.Thread(target=self._beat, args=(n, over), name="trial-beat", daemon=True).start()
        try:
            with self._turn:
                told = self._start(*words)
        finally:
            over.set()
        with suppress(StoreError):  # then nobody speaks of it any more, and it counts as failed
            kept.end(self._store, n, json.loads(told) if told.strip() else None, self._real())

    def _beat(self, n: int, over: threading.Event) -> None:
        while not over.wait(kept.BEAT_S):
            with suppress(StoreError):
                kept.beat(self._store, n, self._real())


if __name__ == "__main__":
    raise SystemExit(main())
