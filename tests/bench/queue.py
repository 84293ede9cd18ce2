"""``python -m tests.bench.queue [N]``: the cost of the queue with N open incidents (100,000), a JSON line a figure."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from time import perf_counter

from stream import bodies, desk
from stream.kinds import draft
from stream.schema import US, DetectionRef, Factor, Place
from tests.cep.fusetown import Town, osan


def fill(town: Town, n: int, rng: random.Random) -> None:
    """``n`` open incidents all over the city, a millisecond apart."""
    names = [*osan().sites, *osan().households]
    for one in range(n):
        town.now += 1000
        known, score = osan().place(rng.choice(names)), rng.choice([26, 30, 46, 50, 60, 72])
        assert known is not None
        place = Place(known.lon + rng.uniform(-0.02, 0.02), known.lat + rng.uniform(-0.02, 0.02), site=f"S{one}")
        seen = DetectionRef("near_miss", town.now, f"S{one}", 2, {"ttc_s": 1.2}, source="/device/x")
        priority = 1 if score >= 70 else 2 if score >= 45 else 3
        body = bodies.Opened(
            "near_miss", "road", f"S{one}", priority, score, (Factor("threat", score, "kind"),), (seen,), place)
        town.note([draft("incident.opened", town.board.next_id(town.now), town.now, body)])


def measure(name: str, act: Callable[[], object], times: int = 200) -> None:
    """Print the cost of an act in ms."""
    took = []
    for _ in range(times):
        began = perf_counter()
        act()
        took.append((perf_counter() - began) * 1e3)
    took.sort()
    p99 = took[int(times * 0.99) - 1]
    print(json.dumps({"figure": name, "p50_ms": round(took[times // 2], 3), "p99_ms": round(p99, 3)}), flush=True)


def second(town: Town) -> None:
    """A second passes on the desk."""
    town.now += US
    town.note(desk.tick(town.board, town.now, town.settings))
    town.board.advance(town.now)


def main(words: list[str]) -> int:
    """Fill a board (with 100,000 incidents, or so many as the first word says) and measure each act on it."""
    rng, town = random.Random(1), Town()
    n = int(words[0]) if words else 100_000
    began = perf_counter()
    fill(town, n, rng)
    each = (perf_counter() - began) / n * 1e3
    print(json.dumps({"figure": "queue.open", "incidents": n, "mean_ms": round(each, 3)}), flush=True)
    ids = iter(rng.sample(list(town.board.incidents), 700))
    sites, homes = list(osan().sites), list(osan().households)
    measure("queue.first_200", lambda: town.board.open(town.now, 200))
    measure("queue.first_200_after_10_s_without_a_tick", lambda: town.board.open(town.now + 10 * US, 200), 20)
    measure("queue.counts", town.board.counts)
    measure("queue.acknowledge", lambda: town.do("acknowledge", next(ids)))
    measure("queue.resolve", lambda: town.do("resolve", next(ids), disposition="confirmed", reason="x"))
    measure("queue.escalate", lambda: town.do("escalate", next(ids), agency="119"))
    measure("queue.tick", lambda: second(town))
    measure("queue.fuse_near_miss", lambda: town.see("near_miss", rng.choice(sites), ttc_s=1.2, source="/device/r"))
    measure("queue.fuse_smoke", lambda: town.see("smoke_or_gas", rng.choice(homes), source="/device/r"))
    measure("queue.copy", town.board.copy, 20)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
