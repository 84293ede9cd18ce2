"""``python -m connectors.simulate``: lets the simulated day run beside the console's clock until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from threading import Event
from typing import Any

from connectors.simulate.day import DOMAINS, Day
from connectors.simulate.messages import Message
from connectors.simulate.pace import Pace
from connectors.simulate.post import Poster, Refused
from connectors.simulate.publish import Publisher
from connectors.simulate.rhythm import day_minute
from connectors.simulate.road import SEED, TICK_US
from geo.city import CityError, load_city
from stream.clock import Clock, monotonic
from stream.schema import US

BEAT_S = 0.1  # one round of the loop on the wall
BEHIND_US = 5 * US  # further behind (the machine slept, a console was away) the road skips to now
REPORT_S = 60.0
TIME_S = 5.0  # how often the clock is asked for where no answer brings it


def options(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    p = argparse.ArgumentParser("python -m connectors.simulate", description=__doc__)
    p.add_argument("--url", default="http://127.0.0.1:8050", help="the console")
    p.add_argument("--token", default=os.environ.get("GWANJE_TOKEN", ""),
                   help="ingest token of the console, or the variable GWANJE_TOKEN (not seen in ps)")  # fmt: skip
    p.add_argument("--mqtt", metavar="HOST:PORT", help="send by this broker instead of HTTP")
    p.add_argument("--city", metavar="FILE", help="city file (default: Osan)")
    p.add_argument("--speed", type=float, default=1.0, help="how fast the console's clock runs against the wall")
    p.add_argument("--seed", type=int, default=SEED, help="another number is another day")
    p.add_argument("--storm", action="store_true", help="ten minutes of heavy rain first")
    p.add_argument("--from", dest="start", metavar="HH:MM", help="let the city live as if it were this Korean time")
    p.add_argument("--only", choices=sorted(DOMAINS), help="one domain only")
    args = p.parse_args(argv)
    if not 0 < args.speed <= 1000:
        p.error("--speed: allowed: more than 0, at most 1000")
    if args.start is not None and _minutes(args.start) is None:
        p.error(f"--from {args.start!r}: allowed: HH:MM, 00:00 to 23:59")
    if not args.token and not args.mqtt:
        p.error("--token: the console prints one at its start")
    if args.mqtt and not _address(args.mqtt):
        p.error(f"--mqtt {args.mqtt!r}: allowed: HOST:PORT")
    return args


def _minutes(text: str) -> int | None:
    hour, colon, minute = text.partition(":")
    ok = colon and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60
    return int(hour) * 60 + int(minute) if ok else None


def _address(text: str) -> tuple[str, int] | None:
    host, colon, port = text.rpartition(":")
    return (host, int(port)) if colon and host and port.isdigit() and 0 < int(port) < 65536 else None


def shift_us(start: str | None, at: int) -> int:
    """How far the city's rhythm is ahead of the console's clock when it shall begin at ``start`` (HH:MM)."""
    wanted = _minutes(start) if start else None
    return 0 if wanted is None else int((wanted - day_minute(at)) * 60 * US)


def run(day: Day, pace: Pace, send: Callable[[list[Message]], None], stop: Event) -> int:
    """Tick until ``stop``; gives the number of messages made. Homes catch up after a pause, the road does not."""
    made = 0
    while not stop.is_set():
        began = monotonic()
        now = pace.now()
        if now - day.at > BEHIND_US * max(pace.speed, 1):
            day.at = now - TICK_US
        messages: list[Message] = []
        while day.at + TICK_US <= now:
            messages += day.step(day.at + TICK_US)
        made += len(messages)
        send(messages)
        stop.wait(max(BEAT_S - (monotonic() - began), 0.005))
    return made


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. 0 stopped as asked, 2 usage or a broken file, 1 refused by the console."""
    args = options(argv)
    try:
        city = load_city(args.city)
    except CityError as error:
        print(error, file=sys.stderr)
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        return _live(args, city, stop)
    except Refused as error:
        print(error, file=sys.stderr)
        return 1


def _live(args: argparse.Namespace, city: Any, stop: Event) -> int:
    pace = Pace(monotonic, args.speed, Clock().now())
    poster = Poster(args.url, args.token, pace.heard, monotonic) if args.token else None
    while poster is not None and not poster.ask_time() and not stop.wait(0.3):
        pass  # the console is still coming up
    start = pace.now() // TICK_US * TICK_US
    domains = {args.only} if args.only else DOMAINS
    shift = shift_us(args.start, start)
    day = Day(city, args.seed, start, domains=domains, storm_on=args.storm, shift_us=shift)
    host, port = _address(args.mqtt) or ("", 0) if args.mqtt else ("", 0)
    publisher = Publisher(host, port, f"simulate-{start}", monotonic) if args.mqtt else None
    out = publisher or poster
    assert out is not None
    tell = _Teller(out, poster if publisher else None)
    made = run(day, pace, tell.send, stop)
    print(f"simulate: stopped after {made} messages, {len(out.outbox)} without a receipt", file=sys.stderr)
    out.close()
    return 0


class _Teller:
    """Sends, asks for the clock where the way out brings none, and says each minute or at a change how it goes."""

    def __init__(self, out: Poster | Publisher, clock: Poster | None) -> None:
        self._out, self._clock = out, clock
        self._asked = self._told = monotonic()
        self._trouble = ""

    def send(self, messages: list[Message]) -> None:
        """Hand the messages on."""
        self._out.send(messages)
        now = monotonic()
        if self._clock is not None and now - self._asked > TIME_S:
            self._asked = now
            self._clock.ask_time()
        if self._out.trouble != self._trouble or now - self._told > REPORT_S:
            self._trouble, self._told = self._out.trouble, now
            state = self._trouble or "well"
            print(f"simulate: {state}; {len(self._out.outbox)} wait for a receipt", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
