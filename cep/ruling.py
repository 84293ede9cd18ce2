"""Changing a threshold of a rule that is running: what may be changed to what, and how the memory goes on.

Only thresholds that are numbers now can be changed, never what a rule looks at, and none can be switched off: so the
arrays of the memory keep their shape and everything that was seen so far still counts. A change is checked as strictly
as a rule file, and a rule that means life is never made duller than CONTRACT 6 has it (``LIFE``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from cep.chatter import Chatter
from cep.encroach import Encroach, encroachments
from cep.fields import Range
from cep.follow import FILLED, PLACE, STAMPS, FollowRules
from cep.memory import Memory
from cep.patterns import PATTERNS
from cep.rules import Rule, RuleError, RuleTable, check_together
from cep.table import Arrays
from stream.proposals import Misfit

# How dull a rule that means life may become at most: (rule, threshold) -> the numbers allowed (CONTRACT 6, pinned).
LIFE: dict[tuple[str, str], Range] = {
    ("smoke_or_gas", "conf_min"): Range(0, 0),
    ("sos", "conf_min"): Range(0, 0),
    ("fall_reported", "conf_min"): Range(0, 0),
    ("vital", "conf_min"): Range(0, 0),
    ("no_motion_after_fall", "quiet_s"): Range(0, 60, above=True),
    ("safety_call_unanswered", "attempts"): Range(1, 3, whole=True),
    ("inactivity", "limit_s"): Range(0, 43_200, above=True),
    ("near_miss", "ttc_s"): Range(1.5, 60),
    ("near_miss", "severe_ttc_s"): Range(1.0, 60),
    ("near_miss", "min_speed_mps"): Range(0, 1.5),
    ("near_miss", "frames"): Range(1, 2, whole=True),
}


def span_of(rule: Rule, name: str) -> Range | None:
    """The numbers that this threshold of a rule may be; None when it is none that can be changed."""
    field, value = PATTERNS[rule.pattern].thresholds.get(name), rule.thresholds.get(name)
    if field is None or field.range is None or value is None:
        return None
    own = LIFE.get((rule.id, name))
    if own is None:
        return field.range
    return Range(max(own.low, field.range.low), min(own.most, field.range.most), own.above or
                 (field.range.above and field.range.low >= own.low), field.range.whole)  # fmt: skip


def changeable(rule: Rule) -> list[dict[str, Any]]:
    """The thresholds of a rule that may be changed, with their range; ``life``: CONTRACT 6 holds it."""
    rows = []
    for name, value in rule.thresholds.items():
        if span := span_of(rule, name):
            rows.append({"name": name, "value": value, "low": span.low, "most": span.most, "above": span.above,
                         "whole": span.whole, "life": (rule.id, name) in LIFE})  # fmt: skip
    return rows


def register(table: RuleTable) -> list[dict[str, Any]]:
    """The rows of the algorithm register, each with the thresholds that may be changed."""
    return [row | {"changeable": changeable(rule)} for row, rule in zip(table.register(), table.rules, strict=True)]


def changed(table: RuleTable, id: str, to: Mapping[str, Any], version: int = 0) -> RuleTable:
    """The table with these thresholds of one rule, its version one higher (or ``version``). Raises Misfit."""
    rule = table.get(id)
    if rule is None:
        raise Misfit("unknown_rule")
    for name, value in to.items():
        span = span_of(rule, name)
        if span is None:
            raise Misfit("unknown_threshold", name[:64])
        if not span.holds(value):
            raise Misfit("life_rule" if (id, name) in LIFE else "bad_threshold", name, str(span))
    whole = {name for name in to if isinstance(rule.thresholds[name], int)}
    thresholds = rule.thresholds | {name: value if name in whole else float(value) for name, value in to.items()}
    if thresholds == rule.thresholds:
        raise Misfit("no_change")
    _keep_order(rule, thresholds)
    new = msgspec.structs.replace(rule, thresholds=thresholds, version=max(rule.version + 1, version))
    try:
        check_together(new, Path(f"{id}.toml"))
    except RuleError as wrong:
        raise Misfit("bad_threshold", wrong.field.rpartition(".")[2], wrong.allowed) from wrong
    return RuleTable(new if one.id == id else one for one in table.rules)


def _keep_order(rule: Rule, thresholds: Mapping[str, Any]) -> None:
    """The waits of an absence rule stay one after another: their severities belong to them."""
    if rule.pattern != "absence":
        return
    names = [name for name, value in rule.thresholds.items() if value is not None]
    names.sort(key=lambda name: rule.thresholds[name] * (3600 if name.endswith("_h") else 1))
    waits = [thresholds[name] * (3600 if name.endswith("_h") else 1) for name in names]
    for before, after, name in zip(waits, waits[1:], names[1:], strict=False):
        if before >= after:
            raise Misfit("bad_threshold", name, f"x > {before:g} s")


def carry_timers(memory: Memory, old: Arrays, new: Arrays, now: int) -> None:
    """Move the deadlines that wait by as much as their wait has changed, none into the past; a home is looked at anew.

    The wait of a silence is the period that the city file gives its source, where it gives one: then nothing moves.
    """
    care, n = memory.care, int(memory.care.n_timers[0])
    timers, moved = care.timers[:n], False
    for slot in np.flatnonzero(old.waits["wait"] != new.waits["wait"]).tolist():
        by = int(new.waits[slot]["wait"]) - int(old.waits[slot]["wait"])
        states = care.waiting[:, slot]
        silent = slot in new.silences
        free = care.entities["period"] == 0 if silent else np.ones(len(states), bool)
        by *= int(new.waits[slot]["times"]) if silent else 1
        mine = (timers["slot"] == slot) & free[timers["entity"]]
        timers["due"][mine] = np.maximum(timers["due"][mine] + by, now)
        waits = (states["armed"] == 1) & free
        care.waiting["due"][waits, slot] = np.maximum(states["due"][waits] + by, now)
        moved = True
    for slot in np.flatnonzero(old.rhythms != new.rhythms).tolist():
        mine = (timers["slot"] == -1 - slot) & (timers["due"] > now)
        timers["due"][mine] = now
        moved = True
    if moved:
        care.timers[:n] = timers[np.argsort(timers["due"], kind="stable")]  # in order, so a heap


def carry_counts(memory: Memory, old: FollowRules, new: FollowRules) -> None:
    """Rings of the times counted so far, for another ``n``: the newest of them stay."""
    before, after = old.counts["n"] - 1, new.counts["n"] - 1
    if np.array_equal(before, after):
        return
    old_rows = memory.follow.counted
    rows = np.zeros((*old_rows.shape[:2], STAMPS + int(after.max(initial=1))), np.int64)
    rows[:, :, :STAMPS] = old_rows[:, :, :STAMPS]
    for slot in range(len(after)):
        had, room = int(before[slot]), int(after[slot])
        if had == room:
            rows[slot, :, STAMPS : STAMPS + room] = old_rows[slot, :, STAMPS : STAMPS + room]
            continue
        for entity in np.flatnonzero(old_rows[slot, :, FILLED]).tolist():
            was, now = old_rows[slot, entity], rows[slot, entity]
            filled, place, told = int(was[FILLED]), int(was[PLACE]) >> 1, int(was[PLACE]) & 1
            order = [STAMPS + (place - filled + n) % had for n in range(filled)]
            kept = was[order][-room:]
            now[STAMPS : STAMPS + len(kept)] = kept
            now[FILLED], now[PLACE] = len(kept), len(kept) % room << 1 | told
    memory.follow = memory.follow._replace(counted=rows)


def carry_paths(memory: Memory, old: tuple[Encroach, ...], rules: RuleTable, city: Any) -> tuple[Encroach, ...]:
    """The crosswalks' squares under the new numbers; with squares of another size it begins anew."""
    paths = encroachments(rules.of("encroachment"), city)
    entities, tracks = memory.entities.names, memory.tracks.names
    for path, was in zip(paths, old, strict=True):
        if path.cell == was.cell:
            path.load(was.save(len(entities), len(tracks)))
            continue
        for slot, name in enumerate(entities):
            if name is not None:
                path.born(slot, name)
        for slot in range(len(tracks)):
            path.tracked(slot)
    return paths


def carry_chatter(old: Chatter, rules: RuleTable) -> Chatter:
    """What was told of each rule and subject, under the new numbers."""
    new = Chatter(rules)
    for rule, last, was in zip(new.rules, new.last, old.last, strict=True):
        n = rule.thresholds["n"]
        last.update({key: (type(times)(times, maxlen=n), going) for key, (times, going) in was.items()})
    return new
