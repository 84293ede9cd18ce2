"""Uptime and recovery of devices, worked out by hand."""

from __future__ import annotations

from stream import bodies
from stream.kinds import draft
from stream.kpi_devices import Outages
from stream.schema import US
from tests.ledger import T0, Ledger

A, B = "/device/a", "/device/b"


def outages(*rows: tuple[float, str, str]) -> Outages:
    """Outages of (second, source, code or status)."""
    ledger, made = Ledger(), Outages()
    ledger.note([draft("run.started", "house", T0, bodies.Run())])
    for seconds, source, said in rows:
        body = bodies.Device(said) if said in ("silent", "back") else bodies.Device("status", status=said)
        ledger.note([draft("device.noted", source, T0 + int(seconds * US), body)])
    for record in ledger.records:
        made.apply(record)
    return made


def anywhere(source: str) -> bool:
    return True


def test_uptime_is_time_online_by_time_expected():
    made = outages((100, A, "silent"), (150, A, "back"), (900, B, "offline"), (950, "/device/stranger", "silent"))
    told = made.view(T0, T0 + 1000 * US, (A, B), anywhere)
    assert told["uptime"] == {"rate": 0.925, "n": 2, "down_s": 150, "expected_s": 2000,
                              "worst": [(B, 0.9), (A, 0.95)]}
    assert told["recovery_s"] == {"n": 1, "p50": 50.0, "p95": 50.0}
    assert told["silent_now"] == 1


def test_an_outage_counts_for_the_part_of_it_that_lies_in_the_span():
    made = outages((100, A, "offline"), (300, A, "silent"), (400, A, "online"))
    assert made.view(T0 + 200 * US, T0 + 300 * US, (A,), anywhere)["uptime"]["down_s"] == 100
    assert made.view(T0, T0 + 200 * US, (A,), anywhere)["uptime"]["rate"] == 0.5
    assert made.view(T0, T0 + 1000 * US, (A,), anywhere)["recovery_s"]["p50"] == 300.0


def test_nothing_was_expected_before_the_journal_began_or_of_nobody():
    made = outages((10, A, "silent"))
    assert made.view(T0 - 1000 * US, T0 + 20 * US, (A,), anywhere)["uptime"]["rate"] == 0.5
    assert made.view(T0, T0 + 20 * US, (), anywhere)["uptime"]["rate"] is None
    assert made.view(T0, T0 + 20 * US, (A,), lambda source: False)["uptime"]["n"] == 0


def test_what_was_never_heard_was_not_up():
    made = outages((100, A, "silent"))
    told = made.view(T0, T0 + 1000 * US, (A, B), anywhere, lambda source: 0)["uptime"]
    assert (told["n"], told["rate"]) == (1, 0.1), "a silence is a record, and counts; B never spoke"
