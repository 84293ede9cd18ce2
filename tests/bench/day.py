"""``run.py bench day``: the alarm load of a whole simulated day, or (``--storm``) of an hour of storm, in event time.

The very engine, rules, fusing and board of the console judge what the simulator sends; nobody answers, so whatever
calls stands until the end. A storm: the simulator's ten minutes of rain, its cameras going on for the rest of the hour
at the same rate, and citizens' letters, one in twenty from somebody in danger. Printed is what ``run.py rerun`` prints
of a day, and whether the goals of docs/queue.md 5 are reached.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from time import process_time
from typing import Any

from cep.rules import load_rules
from cep.threat import LIFE_RULES
from connectors.decode import decode
from connectors.simulate import letters, storm
from connectors.simulate.day import Day
from connectors.simulate.road import TICK_US
from geo.city import City, load_city
from replay.recorded import Turn
from replay.rerun import Result, rerun
from stream.clock import parse_rfc3339
from stream.schema import US, Detection, Priority

MIDNIGHT = parse_rfc3339("2026-11-25T00:00:00+09:00")
MORNING = MIDNIGHT + 8 * 3600 * US
MINUTE_US = 60 * US
HOUR_S = 3600.0


def turns(city: City, start: int, minutes: int, live: int = 1, written: int | None = None,
          hour: bool = False, seed: int = 1) -> Iterator[Turn]:
    """A simulated day, a second a turn; ``live`` crossings have a radar, every home lives. ``written``: it is a storm,
    with so many letters; ``hour``: it lasts for one, not for ten minutes."""
    day = Day(city, seed, start, storm_on=written is not None, live_sites=live)
    seconds = HOUR_S if hour else storm.LENGTH_S
    letters.write(day, seconds, written or 0)
    if hour:
        rest = HOUR_S - storm.LENGTH_S
        storm.warn(day, storm.LENGTH_S + 301, HOUR_S + 300)  # the rain goes on
        storm.reports(day, list(city.sites), rest, int(storm.RAW * rest / storm.LENGTH_S))
    return by_second(day, start + minutes * MINUTE_US)


def by_second(day: Day, until: int) -> Iterator[Turn]:
    """This day up to a moment, a second a turn."""
    while day.at < until:
        events = []
        for _ in range(US // TICK_US):
            at = day.at + TICK_US
            events += [e for m in day.step(at) for e in decode(m.body, at, None, check_clock=False)[0]]
        yield day.at, events


def lived(start: int, minutes: int, **more: Any) -> Result:
    """Such a time in Osan, judged by the built-in rules."""
    city = load_city(None)
    return rerun(turns(city, start, minutes, **more), city, load_rules())


def hidden(result: Result) -> list[Detection]:
    """Detections of danger to life that are in no open, annunciated P1: none, whatever floods in (SAFETY I6)."""
    loud = {(d.rule, d.subject) for i in result.peaks.board.incidents.values()
            if i.priority == Priority.P1 and i.annunciated and i.is_open for d in i.detections}  # fmt: skip
    return [d for d in result.detections if d.rule in LIFE_RULES and (d.rule, d.subject) not in loud]


def main(words: list[str] | None = None) -> int:
    """Live through it and print a line; 1 when a goal is missed."""
    top = argparse.ArgumentParser("run.py bench day", description="the alarm load of a simulated day or storm")
    top.add_argument("--hours", type=int, default=24, help="how long an ordinary day is")
    top.add_argument("--storm", action="store_true", help="an hour of storm instead")
    top.add_argument("--letters", type=int, default=2000, help="citizens' letters in that hour")
    top.add_argument("--live", type=int, default=5, help="crossings with a radar that sends")
    top.add_argument("--seed", type=int, default=1, help="another number is another day")
    args, cpu = top.parse_args(words), process_time()
    if args.storm:
        result = lived(MORNING, 70, live=args.live, written=args.letters, hour=True, seed=args.seed)
    else:
        result = lived(MIDNIGHT, 60 * args.hours, live=args.live, seed=args.seed)
    told = result.load.view(*result.span)
    calm = told["worst"] < 10 if args.storm else told["mean"] < 1 and told["worst"] <= 1
    reached = calm and not told["flood_minutes"] and not hidden(result)
    keys = ("annunciated", "mean", "worst", "flood_minutes", "share", "chattering", "held_back")
    figures = {"events": result.events, "detections": len(result.detections), **{key: told[key] for key in keys}}
    figures |= {"p1_hidden": len(hidden(result)), "cpu_s": round(process_time() - cpu, 1)}
    asked = "worst < 10" if args.storm else "mean < 1, worst <= 1"
    goal = {"goal": f"{asked}, no flood, no P1 hidden", "reached": reached}
    print(json.dumps({"bench": "day", "storm": args.storm, **figures, **goal}), flush=True)
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
