"""How fast the rule-table engine is, as ratios within one run: against its slow twin, against the stream of memory.

The pinned rules of the contract are on; what all built-in rules cost stands beside it without a goal. Times are CPU
seconds of this process; the kernels' is the best of five passes, each from the same memory. The detections of engine
and twin are compared; where they differ nothing is printed but that.
"""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import msgspec
import numpy as np

from cep.engine import Engine
from cep.rules import BUILT_IN, RuleTable, load_rules
from cep.ruling import changed
from connectors.decode import decode
from stream.clock import format_kst
from stream.schema import Event
from tests.bench.city_day import City, events
from tests.cep.test_rules import PINNED
from tests.naive import Naive, told_of

BATCH, N = 1024, 200_000
Columns = list[tuple[np.ndarray, np.ndarray]]


def seconds(work: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    gc.collect()
    gc.disable()
    try:
        began = process_time()
        work()
        return process_time() - began
    finally:
        gc.enable()


def columns(some: Sequence[Event], rules: RuleTable) -> tuple[Engine, Columns]:
    """An engine that knows every name, and the batches as columns."""
    engine = Engine(City(), rules)
    return engine, [engine._encoder.encode(some[n : n + BATCH]) for n in range(0, len(some), BATCH)]


def kernels(some: Sequence[Event], rules: RuleTable, passes: int = 5) -> tuple[float, int]:
    """(best seconds of the kernels over these events, bytes of their columns)."""
    engine, batches = columns(some, rules)
    fresh, best = engine.save(), float("inf")
    for _ in range(passes):
        engine.load(fresh)
        best = min(best, seconds(lambda: [engine.find(rows, objects, None) for rows, objects in batches]))
    return best, sum(rows.nbytes + objects.nbytes for rows, objects in batches)


def memory_stream(size: int) -> float:
    """Seconds to read and add up so many bytes, best of five."""
    words = np.ones(size // 8, np.int64)
    return min(seconds(words.sum) for _ in range(5))


def ratio(name: str, value: float, goal: float, least: bool = True, **more: Any) -> dict[str, Any]:
    """One figure that is a ratio, and whether it reached its goal."""
    reached = value >= goal if least else value <= goal
    told = f"{'≥' if least else '≤'} {goal}"
    return {"figure": name, "value": round(value, 4), "unit": "ratio", "goal": told, "reached": reached} | more


def wire(event: Event) -> bytes:
    """The event as it comes over the wire."""
    head = {"specversion": "1.0", "id": event.id, "source": event.source, "type": event.type}
    return msgspec.json.encode(head | {"time": format_kst(event.at), "data": event.data})


def against_twin(some: list[Event], rules: RuleTable) -> Iterator[dict[str, Any]]:
    """The whole engine says what the twin says, and how much sooner."""
    twin, said = Naive(City(), rules), []
    slow = seconds(lambda: said.extend(twin.step(some)))
    engine, found = Engine(City(), rules), []
    whole = seconds(lambda: [found.extend(engine.step(some[n : n + BATCH])) for n in range(0, len(some), BATCH)])
    if sorted(map(told_of, found)) != sorted(said):
        raise SystemExit("engine and twin do not say the same; no figure is worth anything")
    fast, size = kernels(some, rules)
    each = {"events": len(some), "detections": len(found)}
    yield ratio("kernels_against_twin", slow / fast, 20.0, **each, ns_per_event=round(fast / len(some) * 1e9, 1))
    yield {"figure": "events_to_detections_against_twin", "value": round(slow / whole, 2), "unit": "ratio"} | each
    yield ratio("of_the_memory_stream", memory_stream(size) / fast, 0.03, bytes_per_event=round(size / len(some), 1))
    yield {"figure": "kernels", "value": round(len(some) / fast / 1e6, 2), "unit": "million events / CPU second"}


def from_json(some: list[Event], rules: RuleTable) -> Iterator[dict[str, Any]]:
    """JSON to detections against JSON to columns alone, in messages of 50 events."""
    lines = [wire(event) for event in some]
    messages = [b"[" + b",".join(lines[n : n + 50]) + b"]" for n in range(0, len(lines), 50)]

    def run(judge: bool) -> float:
        engine = Engine(City(), rules)

        def work() -> None:
            for n in range(0, len(messages), 20):
                batch = [e for message in messages[n : n + 20] for e in decode(message, 0, check_clock=False)[0]]
                if judge:
                    engine.step(batch)
                else:
                    engine._encoder.encode(batch)

        return seconds(work)

    plain, judged = (min(run(judge) for _ in range(3)) for judge in (False, True))
    yield ratio("json_to_detections_against_json_to_columns", plain / judged, 0.7)
    yield {"figure": "json_to_detections", "value": round(len(some) / judged), "unit": "events / CPU second"}


def growth(rules: RuleTable) -> Iterator[dict[str, Any]]:
    """More homes cost little more an event (a stream of readings alone: the worst case)."""
    base, _ = kernels(events(N, 2_000, frames=0.0), rules)
    for homes, goal in ((20_000, 2.0), (200_000, 3.5)):
        more, _ = kernels(events(N, homes, frames=0.0), rules, passes=3)
        yield ratio(f"homes_2k_to_{homes // 1000}k", more / base, goal, least=False)


def editing(some: list[Event]) -> Iterator[dict[str, Any]]:
    """A rule edited, a hundred more that look at nothing in the stream, a window of a day: what they cost."""
    from cep.kernels.care import judge_events
    from cep.kernels.road import judge_road
    from cep.kernels.street import judge_street

    compiled = [len(k.signatures) for k in (judge_events, judge_road, judge_street)]
    with tempfile.TemporaryDirectory() as name:
        folder, running = Path(name), Engine(City(), load_rules())
        running.step(some)
        edited = changed(running.rules, "near_miss", {"ttc_s": 1.6})
        spent = seconds(lambda: running.use(edited, some[-1].at))
        yield {"figure": "rule_edit", "value": round(spent * 1000, 1), "unit": "ms", "goal": "< 50",
               "reached": spent < 0.05}  # fmt: skip
        vital = (BUILT_IN / "vital.toml").read_text()
        for n in range(100):
            text = vital.replace('id = "vital"', f'id = "vital_{n}"').replace("care.alarm.vital", "context.event")
            (folder / f"vital_{n}.toml").write_text(text)
        base, _ = kernels(some, load_rules())
        more, _ = kernels(some, load_rules(folder))
        yield ratio("hundred_rules_that_see_nothing", more / base, 1.03, least=False)
        for file in folder.glob("*.toml"):
            file.unlink()
        quiet = (BUILT_IN / "inactivity.toml").read_text()
        times = []
        for limit in ("1.0", "86400.0"):
            (folder / "inactivity.toml").write_text(quiet.replace("limit_s = 43200.0", f"limit_s = {limit}"))
            times.append(kernels(some, load_rules(folder))[0])
        yield ratio("window_of_a_day_against_a_second", times[1] / times[0], 1.1, least=False)
    now = [len(k.signatures) for k in (judge_events, judge_road, judge_street)]
    yield {"figure": "compiled_by_edits", "value": sum(now) - sum(compiled), "unit": "kernels", "goal": "0",
           "reached": now == compiled}  # fmt: skip


def figures() -> Iterator[dict[str, Any]]:
    """Everything about the engine."""
    every, some = load_rules(), events(N, 2_000)
    rules = RuleTable(rule for rule in every.rules if rule.id in PINNED)
    Engine(City(), every).warm()
    yield from against_twin(some, rules)
    fast, size = kernels(some, every)
    yield {"figure": "all_rules_of_the_memory_stream", "value": round(memory_stream(size) / fast, 4), "unit": "ratio",
           "rules": len(every.rules), "ns_per_event": round(fast / len(some) * 1e9, 1)}  # fmt: skip
    yield from from_json(some[:60_000], rules)
    yield from growth(rules)
    yield from editing(some)


def main(words: list[str]) -> int:
    """Print every figure; 1 when a goal was missed."""
    missed = False
    for figure in figures():
        missed |= figure.get("reached") is False
        print(json.dumps({"bench": "engine"} | figure, ensure_ascii=False), flush=True)
    return int(missed)
