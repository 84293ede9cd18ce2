"""The alarm load against a day worked out by hand, record by record."""

from __future__ import annotations

from stream import bodies
from stream.alarmload import AlarmLoad
from stream.kinds import draft
from stream.schema import US, DetectionRef, Factor, Priority
from tests.ledger import T0, Ledger

MINUTE = 60 * US


def seen(source: str, at: int) -> DetectionRef:
    return DetectionRef("reported", at, "XW-1", 2, {"what": "fall"}, source=source)


def load_of(ledger: Ledger) -> AlarmLoad:
    load = AlarmLoad()
    for record in ledger.records:
        load.apply(record)
    return load


def called(ledger: Ledger, minutes: float, priority: Priority, source: str, **over: object) -> str:
    ledger.now = T0 + round(minutes * MINUTE)
    return ledger.open(priority, detections=(seen(source, ledger.now),), **over).id


def test_an_hour_worked_out_by_hand() -> None:
    """Five annunciations in an hour (six slots) of two operators: 5/6/2; four within the ten minutes from 09:01."""
    ledger = Ledger()
    first = called(ledger, 1, Priority.P1, "/device/a")
    called(ledger, 8, Priority.P3, "/device/b")
    quiet = called(ledger, 9, Priority.P3, "/device/b", annunciated=False, marks=("flood",))
    called(ledger, 9.5, Priority.P2, "/device/a")
    called(ledger, 10, Priority.P3, "/device/a")
    called(ledger, 40, Priority.P4, "/device/c")  # calls nobody: a P4
    ledger.now = T0 + 45 * MINUTE
    body = bodies.Scored(50, Priority.P2, (Factor("threat", 50, "kind"),), True)
    ledger.note([draft("incident.scored", quiet, ledger.now, body)])  # now it does
    ledger.do("resolve", first, disposition="false_alarm", reason="steam")
    told = load_of(ledger).view(T0, T0 + 60 * MINUTE, positions=2)
    assert told["annunciated"] == 5
    assert told["mean"] == round(5 / 6 / 2, 3) and told["worst"] == 4 / 2
    assert told["share"] == {"P1": 0.2, "P2": 0.4, "P3": 0.4}
    assert (told["flood_minutes"], told["standing"], told["stale"], told["chattering"]) == (0, 4, 0, 0)
    assert (told["fleeting"]["k"], told["fleeting"]["n"]) == (1, 1)
    assert told["held_back"] == {"flood": 1}
    assert told["top_sources"] == [
        {"source": "/device/a", "annunciated": 3, "detections": 3},
        {"source": "/device/b", "annunciated": 2, "detections": 2},
        {"source": "/device/c", "annunciated": 0, "detections": 1},
    ]


def test_what_gets_worse_unseen_calls_again_and_is_counted_beside_the_first_call() -> None:
    ledger = Ledger()
    unseen, looked_at = called(ledger, 0, Priority.P3, "/device/a"), called(ledger, 0, Priority.P3, "/device/b")
    ledger.do("acknowledge", looked_at)
    for id in (unseen, looked_at):
        for priority in (Priority.P2, Priority.P1, Priority.P1):
            ledger.now += MINUTE
            body = bodies.Scored(75, priority, (Factor("threat", 75, "kind"),), True)
            ledger.note([draft("incident.scored", id, ledger.now, body)])
    told = load_of(ledger).view(T0, T0 + 10 * MINUTE, positions=1)
    assert (told["annunciated"], told["raised"], told["raised_to_p1"]) == (2, 2, 1)


def test_what_comes_back_calls_again_and_what_was_worked_on_is_not_fleeting() -> None:
    ledger = Ledger()
    id = called(ledger, 0, Priority.P3, "/device/a")
    ledger.do("assign", id)
    ledger.now += MINUTE
    ledger.note([draft("incident.returned", id, ledger.now, bodies.Returned("new", "worse"))])
    ledger.now += MINUTE
    ledger.do("resolve", id, disposition="false_alarm", reason="pet")
    told = load_of(ledger).view(T0, T0 + 10 * MINUTE, positions=1)
    assert (told["annunciated"], told["standing"], told["fleeting"]["k"]) == (2, 0, 0)
    ledger.now += MINUTE
    ledger.do("reopen", id)  # to the person who says so: nobody is called, but it stands again
    told = load_of(ledger).view(T0, T0 + 10 * MINUTE, positions=1)
    assert (told["annunciated"], told["standing"], told["fleeting"]["n"]) == (2, 1, 0)


def test_a_flood_of_minutes_a_stale_alarm_repeats_and_a_chattering_device() -> None:
    ledger = Ledger()
    ids = [called(ledger, n / 2, Priority.P3, f"/device/{n}") for n in range(11)]  # 11 in the first slot
    ids += [called(ledger, 10 + n, Priority.P3, "/device/x") for n in range(5)]  # 5: goes on
    ids += [called(ledger, 20 + n, Priority.P3, "/device/x") for n in range(4)]  # 4: over
    again = bodies.Folded("reported", "XW-1", ledger.now, 2, "fall", "/device/0")
    ledger.note([draft("incident.folded", ids[0], ledger.now, again)] * 3)
    ledger.note([draft("device.noted", "/device/0", ledger.now, bodies.Device("chattering", rule="reported"))] * 2)
    hour = load_of(ledger).view(T0, T0 + 60 * MINUTE, positions=1)
    assert (hour["flood_minutes"], hour["worst"], hour["chattering"]) == (20, 11, 1)
    assert hour["held_back"] == {"folded": 3}
    assert hour["top_sources"][0] == {"source": "/device/x", "annunciated": 9, "detections": 9}
    assert load_of(ledger).view(T0, T0 + 60 * MINUTE, positions=2)["flood_minutes"] == 0
    day = 24 * 60 * MINUTE
    assert load_of(ledger).view(T0, T0 + day, positions=1)["stale"] == 0
    late = load_of(ledger).view(T0 + 60 * MINUTE, T0 + day + MINUTE // 2 + 1, positions=1)
    assert (late["stale"], late["standing"], late["annunciated"]) == (2, 20, 0)  # opened at minute 0 and 0.5


def test_a_swallowed_incident_is_over_and_its_survivor_is_not() -> None:
    ledger = Ledger()
    one, two = (called(ledger, n, Priority.P2, f"/device/{n}") for n in (0, 1))
    ledger.do("merge", two, into=one)
    assert load_of(ledger).view(T0, T0 + 10 * MINUTE)["standing"] == 1


def test_nothing_is_nothing() -> None:
    told = AlarmLoad().view(T0, T0 + 60 * MINUTE)
    assert (told["annunciated"], told["mean"], told["worst"], told["share"]["P1"]) == (0, 0.0, 0.0, None)
