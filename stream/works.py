"""What a person does about a device or a street: a window set or ended, a ticket settled; records, or a clear no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stream import bodies
from stream.ask import code_of
from stream.devices import Devices
from stream.kinds import draft
from stream.schema import US, Draft, Refusal
from stream.windows import Windows

WHATS = ("maintenance", "roadworks")  # over a source; over a site, zone or dong
MOST_MIN = 7 * 24 * 60  # longer works are set again each week, by somebody who has looked


def set_window(args: dict[str, Any], by: str, now: int, known: Callable[[str, str], bool]) -> list[Draft] | Refusal:
    """The records of a window that a person sets: ``what``, ``subject``, ``reason`` (code), ``minutes``.

    ``known(what, subject)`` says whether there is such a source, or such a place. Roadworks are said to the context
    too: they make the moment more dangerous for what they do not hold back.
    """
    what, subject, reason, minutes = (args.get(name) for name in ("what", "subject", "reason", "minutes"))
    if what not in WHATS:
        return Refusal("bad_args", "what")
    if not isinstance(subject, str) or not known(what, subject):
        return Refusal("unknown_subject", str(subject or "")[:80])
    if code_of(reason) is None:
        return Refusal("bad_args", "reason")
    if not isinstance(minutes, int | float) or isinstance(minutes, bool) or not 0 < minutes <= MOST_MIN:
        return Refusal("bad_minutes", str(MOST_MIN))
    until = now + int(minutes * 60 * US)
    body = bodies.WindowOpened(what, str(reason), now, until)
    works = bodies.ContextNoted("roadworks", value="window", frm=now, to=until)
    told = [draft("context.noted", subject, now, works, by)] if what == "roadworks" else []
    return [draft("window.opened", subject, now, body, by), *told]


def end_window(windows: Windows, args: dict[str, Any], by: str, now: int) -> list[Draft] | Refusal:
    """The records that end a window (``what``, ``subject``) before its time."""
    what, subject = str(args.get("what", "")), str(args.get("subject", ""))
    if not any((w.what, w.subject) == (what, subject) for w in windows.open(now)):
        return Refusal("no_window", subject[:80])
    works = bodies.ContextNoted("roadworks", level="none", value="window")
    told = [draft("context.noted", subject, now, works, by)] if what == "roadworks" else []
    return [draft("window.ended", subject, now, bodies.WindowEnded(what), by), *told]


def settle(devices: Devices, args: dict[str, Any], by: str, now: int) -> list[Draft] | Refusal:
    """The record that ends every open ticket of a ``device``: somebody has seen to it, ``reason`` (code) says how."""
    source = str(args.get("device", ""))
    row = devices.get(source)
    if row is None or not row.tickets:
        return Refusal("no_ticket", source[:80])
    if code_of(args.get("reason")) is None:
        return Refusal("bad_args", "reason")
    body = bodies.DeviceSettled(tuple(sorted(row.tickets)), str(args["reason"]))
    return [draft("device.settled", source, now, body, by)]
