"""The rules as arrays: what the kernels read. Editing a rule changes numbers in here and compiles nothing.

Rules whose pattern looks at single events, scores, series or timers are *visits*: for each kind, the rows to look at,
in CSR form (``visit_at[kind]`` to ``visit_at[kind + 1]``). Road rules are few and are walked for each frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from cep.codes import CLASS, KIND, KINDS, PEDESTRIAN_SIGNALS, SIGNS
from cep.patterns import KEYS, MODES
from cep.rules import Rule, RuleTable
from stream.schema import US, Severity

# what a visit does
EVENT, SCORE, MISSED, ANSWERED, AT_ONCE, ARM, CANCEL, RANGE = range(8)

VISIT = np.dtype(
    [("does", "i1"), ("rule", "i2"), ("slot", "i2"), ("severity", "i1"), ("word_severity", "i1"), ("low", "f8"),
     ("high", "f8"), ("conf", "f8")], align=True,
)  # fmt: skip
WAIT = np.dtype(
    [("rule", "i2"), ("severity", "i1"), ("mode", "i1"), ("by", "i1"), ("times", "i8"), ("wait", "i8")], align=True
)
SERIES = np.dtype([("rule", "i2"), ("severity", "i1"), ("attempts", "f8"), ("within", "i8")], align=True)
PAIR = np.dtype(
    [("rule", "i2"), ("ttc", "i8"), ("severe_ttc", "i8"), ("gap", "i8"), ("frames", "i8"), ("speed", "f8"),
     ("vehicles", "i8"), ("persons", "i8")], align=True,
)  # fmt: skip
HOLD = np.dtype(
    [("rule", "i2"), ("margin", "f8"), ("share", "f8"), ("hold", "i8"), ("vehicles", "i8"), ("severity", "i1")],
    align=True,
)
MEMORY = np.dtype(
    [("rule", "i2"), ("hold", "i2"), ("range2", "f8"), ("look_back", "i8"), ("vehicles", "i8"), ("persons", "i8"),
     ("grave", "i8"), ("severity", "i1")], align=True,
)  # fmt: skip
RHYTHM = np.dtype(
    [("rule", "i2"), ("severity", "i1"), ("of", "i1"), ("learn_days", "i8"), ("least", "i8"), ("most", "i8"),
     ("margin", "i8"), ("own_times", "f8"), ("any_times", "f8")], align=True,
)  # fmt: skip
RANGED = np.dtype(
    [("learn", "i8"), ("readings", "i8"), ("in_row", "i8"), ("times", "f8"), ("margin", "f8"), ("low", "f8"),
     ("high", "f8")], align=True,
)  # fmt: skip
CROSS = np.dtype(
    [("rule", "i2"), ("signals", "i8"), ("age", "i8"), ("vehicles", "i8"), ("persons", "i8"), ("severity", "i1")],
    align=True,
)


class Arrays(NamedTuple):
    """All rules as the kernels read them (times in µs, words as bits or codes)."""

    visit_at: np.ndarray
    visits: np.ndarray
    waits: np.ndarray
    silences: np.ndarray
    series: np.ndarray
    ranges: np.ndarray
    rhythms: np.ndarray
    pairs: np.ndarray
    holds: np.ndarray
    memories: np.ndarray
    crosses: np.ndarray

    def parts(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """What single events and timers are judged by, and what frames are: each array handed to a kernel costs."""
        return self[:7], self[7:]


def us(seconds: float) -> int:
    """Seconds as whole µs."""
    return round(seconds * US)


def bits(words: Iterable[str], codes: dict[str, int]) -> int:
    """A mask of these words."""
    return sum(1 << codes[word] for word in words)


def compile_rules(rules: RuleTable) -> Arrays:
    """The arrays of a rule table."""
    waits, arms = _waits(rules)
    series, attempts = _series(rules)
    ranges, readings = _ranges(rules)
    visits = sorted(_events(rules) + _scores(rules) + attempts + arms + readings, key=lambda v: v[0])
    rows = np.array([row for _, row in visits], VISIT)
    at = np.searchsorted([kind for kind, _ in visits], np.arange(len(KINDS) + 1)).astype(np.int64)
    holds = [
        (n, r.thresholds["margin_kph"], r.thresholds["limit_share"], us(r.thresholds["hold_s"]),
         bits(r.match["vehicles"], CLASS), r.severity)
        for n, r in rules.of("hold")
    ]
    silences = [
        (n, r.severity, MODES.index("last"), KEYS.index("source"), r.match["periods"], us(r.thresholds["period_s"]))
        for n, r in rules.of("silence")
    ]
    waits += silences
    return Arrays(
        at, rows, np.array(waits, WAIT), np.arange(len(waits) - len(silences), len(waits)), np.array(series, SERIES),
        np.array(ranges, RANGED), np.array([_rhythm(n, r) for n, r in rules.of("rhythm")], RHYTHM),
        np.array([_pair(n, r) for n, r in rules.of("pair")], PAIR), np.array(holds, HOLD),
        np.array([_memory(n, r, rules) for n, r in rules.of("pair_memory")], MEMORY),
        np.array([_cross(n, r) for n, r in rules.of("crossing")], CROSS),
    )  # fmt: skip


def _number(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)


Visits = list[tuple[int, tuple[Any, ...]]]


def _events(rules: RuleTable) -> Visits:
    found: Visits = []
    for n, rule in rules.of("event"):
        t = rule.thresholds
        low, high = _number(t["value_min"], -np.inf), _number(t["value_max"], np.inf)
        for kind in rule.match["kinds"]:
            severity = Severity[rule.match["severities"].get(kind, rule.severity.name)]
            found.append((KIND[kind], (EVENT, n, 0, severity, severity, low, high, t["conf_min"])))
    return found


def _scores(rules: RuleTable) -> Visits:
    return [
        (KIND["welfare.case"], (SCORE, n, 0, r.severity, Severity[r.match["word_severity"]], r.thresholds["risk_min"],
                                r.thresholds["weight_min"], 0.0))
        for n, r in rules.of("score")
    ]  # fmt: skip


def _series(rules: RuleTable) -> tuple[list[tuple[Any, ...]], Visits]:
    rows, visits = [], []
    for slot, (n, rule) in enumerate(rules.of("series")):
        rows.append((n, rule.severity, rule.thresholds["attempts"], us(rule.thresholds["within_h"] * 3600)))
        for does, field in ((MISSED, "missed"), (ANSWERED, "answered"), (AT_ONCE, "at_once")):
            visits += [(KIND[k], _visit(does, n, slot, rule.severity)) for k in rule.match[field]]
    return rows, visits


def _waits(rules: RuleTable) -> tuple[list[tuple[Any, ...]], Visits]:
    """One row for each duration of each absence rule, and the visits that arm and cancel it (cancels first)."""
    rows: list[tuple[Any, ...]] = []
    visits: Visits = []
    for n, rule in rules.of("absence"):
        spans = {name: value for name, value in rule.thresholds.items() if value is not None}
        waits = sorted(us(value * (3600 if name.endswith("_h") else 1)) for name, value in spans.items())
        severities = rule.match["severities"] or [rule.severity.name]
        for wait, severity in zip(waits, severities, strict=True):
            slot = len(rows)
            rows.append((n, Severity[severity], MODES.index(rule.match["mode"]), KEYS.index(rule.match["by"]), 1, wait))
            visits += [(KIND[k], _visit(CANCEL, n, slot, 0)) for k in rule.match["cancel"]]
            visits += [(KIND[k], _visit(ARM, n, slot, 0)) for k in rule.match["arm"]]
    return rows, visits


def _visit(does: int, rule: int, slot: int, severity: int) -> tuple[Any, ...]:
    return (does, rule, slot, severity, severity, -np.inf, np.inf, 0.0)


def _pair(n: int, rule: Rule) -> tuple[Any, ...]:
    t = rule.thresholds
    times = (us(t["ttc_s"]), us(t["severe_ttc_s"]), us(t["gap_s"]))
    masks = (bits(rule.match["vehicles"], CLASS), bits(rule.match["persons"], CLASS))
    return (n, *times, t["frames"], t["min_speed_mps"], *masks)


def _ranges(rules: RuleTable) -> tuple[list[tuple[Any, ...]], Visits]:
    rows, visits = [], []
    for slot, (n, rule) in enumerate(rules.of("range")):
        t = rule.thresholds
        low, high = _number(t["value_min"], -np.inf), _number(t["value_max"], np.inf)
        rows.append((us(t["learn_h"] * 3600), t["readings"], t["in_row"], t["times"], t["margin"], low, high))
        visits += [(KIND[k], _visit(RANGE, n, slot, rule.severity)) for k in rule.match["kinds"]]
    return rows, visits


def _rhythm(n: int, rule: Rule) -> tuple[Any, ...]:
    t = rule.thresholds
    times = tuple(us(t[name] * 3600) for name in ("least_h", "most_h", "margin_h"))
    return (n, rule.severity, SIGNS.index(rule.match["of"]), t["learn_days"], *times, t["own_times"], t["any_times"])


def _memory(n: int, rule: Rule, rules: RuleTable) -> tuple[Any, ...]:
    hold = [r.id for _, r in rules.of("hold")].index(rule.match["hold"])
    masks = tuple(bits(rule.match[field], CLASS) for field in ("vehicles", "persons", "grave"))
    t = rule.thresholds
    return (n, hold, float(t["range_m"]) ** 2, us(t["look_back_s"]), *masks, rule.severity)


def _cross(n: int, rule: Rule) -> tuple[Any, ...]:
    signals = bits(rule.match["signals"], {word: code for code, word in enumerate(PEDESTRIAN_SIGNALS)})
    masks = (bits(rule.match["vehicles"], CLASS), bits(rule.match["persons"], CLASS))
    return (n, signals, us(rule.match["signal_age_s"]), *masks, rule.severity)
