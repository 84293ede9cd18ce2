"""Two rule sets over the same events: what a change of rules would have changed.

``--rules`` is the set to try, ``--against`` the one to measure it by. A detection is the same when rule, moment,
subject and the ids in its evidence are the same. With a data folder as input, the incidents that people confirmed are
known too, and those of which no detection is left are named as missed.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from cep.rules import RuleTable, load_rules
from geo.city import City, load_city
from replay.recorded import Load, Recorded, no_collecting, recorded
from replay.rerun import rerun
from replay.results import canonical
from stream.clock import format_kst
from stream.schema import Detection

IDS = ("vehicle", "person", "object", "sensor", "case", "of", "what", "alarm")  # what tells two detections apart

Key = tuple[str, int, str, str]


class Confirmed(NamedTuple):
    """An incident that a person closed as ``confirmed``: its id and its detections (rule, moment µs, subject)."""

    id: str
    detections: frozenset[tuple[str, int, str]]


def key(one: Detection) -> Key:
    """What makes a detection the same in both runs."""
    ids = {name: one.evidence[name] for name in IDS if name in one.evidence}
    return one.rule, one.at, one.subject, canonical(ids)


def compare(before: Iterable[Detection], after: Iterable[Detection]) -> list[dict[str, Any]]:
    """One row a rule: how many before and after, what appears, what vanishes ([time, subject, ids] each)."""
    old, new = Counter(map(key, before)), Counter(map(key, after))
    rows = []
    for rule in sorted({k[0] for k in old | new}):
        rows.append(
            {
                "rule": rule,
                "before": sum(n for k, n in old.items() if k[0] == rule),
                "after": sum(n for k, n in new.items() if k[0] == rule),
                "appears": _told(new - old, rule),
                "vanishes": _told(old - new, rule),
            }
        )
    return rows


def _told(keys: Counter[Key], rule: str) -> list[list[Any]]:
    found = sorted((at, subject, ids) for name, at, subject, ids in keys.elements() if name == rule)
    return [[format_kst(at), subject, json.loads(ids)] for at, subject, ids in found]


def missed(confirmed: Iterable[Confirmed], after: Iterable[Detection]) -> list[str]:
    """Ids of confirmed incidents none of whose detections would be made any more."""
    made = {(one.rule, one.at, one.subject) for one in after}
    return sorted(one.id for one in confirmed if not one.detections & made)


def backtest(source: Recorded, city: City, rules: RuleTable, against: RuleTable) -> list[dict[str, Any]]:
    """Rows to print, the summary last."""
    with no_collecting():
        before = rerun(source.turns(), city, against, expects=source.expects, key=source.key)
        after = rerun(source.turns(), city, rules, expects=source.expects, key=source.key)
    rows = compare(before.detections, after.detections)
    confirmed = [Confirmed(id, frozenset(detections)) for id, detections in source.confirmed]
    summary = {
        "events": after.events,
        "before": len(before.detections),
        "after": len(after.detections),
        "appears": sum(len(row["appears"]) for row in rows),
        "vanishes": sum(len(row["vanishes"]) for row in rows),
        "incidents_before": len(before.peaks.board.incidents),
        "incidents_after": len(after.peaks.board.incidents),
        "confirmed": len(confirmed),
        "missed_confirmed": missed(confirmed, after.detections),
    }
    return [*rows, summary]


def main(argv: list[str], load: Load) -> int:
    """``run.py backtest``: one JSON line a rule, the summary last."""
    words = argparse.ArgumentParser("run.py backtest", description="Two rule sets over the same recorded events.")
    words.add_argument("input", help="recorded events: a file of JSON Lines, or the data folder of a console")
    words.add_argument("--rules", required=True, help="folder of the rules to try")
    words.add_argument("--against", required=True, help="folder of the rules to measure them by")
    words.add_argument("--city", help="city file (GeoJSON); default: the built-in city")
    args = words.parse_args(argv)
    city, rules, against = load_city(args.city), load_rules(args.rules), load_rules(args.against)
    for row in backtest(recorded(args.input, load, city, None), city, rules, against):
        print(json.dumps(row, ensure_ascii=False), flush=True)
    return 0
