"""The same rule and subject again and again is told once, until it has calmed down."""

import pytest

from cep.chatter import Chatter
from cep.engine import Engine
from cep.fuse import Fuse
from cep.rules import load_rules
from stream.board import Board
from stream.decide import Decider
from stream.heard import hear
from stream.journal import Chain
from stream.schema import US, CareReading, Detection, Event, Record, RoadDetection, Severity
from tests.cep.fusetown import HOME, SITE, osan
from tests.ledger import T0


def seen(s: float, rule: str = "vital", subject: str = "H") -> Detection:
    return Detection(rule, 1, round(s * US), subject, Severity.serious, {"source": "/device/d"})


@pytest.fixture
def chatter() -> Chatter:
    return Chatter(load_rules())


def told(chatter: Chatter, *times: float) -> list[float]:
    return [made.at / US for s in times for made in chatter.hear(seen(s))]


def test_the_third_within_a_minute_is_chatter_told_once(chatter: Chatter) -> None:
    assert told(chatter, 0, 30, 60, 70, 80, 90) == [60]


def test_the_window_is_a_minute_to_the_end(chatter: Chatter) -> None:
    assert told(chatter, 0, 30, 60.000001, 90) == [90]


def test_what_lies_far_back_is_not_counted_with_what_is_now(chatter: Chatter) -> None:
    assert told(chatter, 1000, 1001, 100, 1002) == [] and told(chatter, 1003, 1004) == [1004]


def test_after_a_pause_it_is_told_anew(chatter: Chatter) -> None:
    assert told(chatter, 0, 1, 2, 3, 100, 101, 102) == [2, 102]


def test_rule_and_subject_are_counted_apart_and_chatter_itself_never(chatter: Chatter) -> None:
    for n in range(2):
        assert chatter.hear(seen(n)) == chatter.hear(seen(n, "sos")) == chatter.hear(seen(n, subject="X")) == []
    (made,) = chatter.hear(seen(2))
    assert (made.rule, made.subject, made.severity) == ("chattering", "H", Severity.notice)
    assert made.evidence == {"of": "vital", "n": 3, "source": "/device/d"}
    assert chatter.hear(made) == chatter.hear(made) == chatter.hear(made) == []


def test_what_is_long_over_is_forgotten(chatter: Chatter) -> None:
    told(chatter, 0, 1)
    chatter.forget(86_400 * US)
    assert chatter.last != [{}]
    chatter.forget(86_500 * US)
    assert chatter.last == [{}]


def test_a_sensor_that_fires_fifty_times_a_second_is_one_row_one_ticket_and_no_memory() -> None:
    engine, fuse, board = Engine(osan(), load_rules()), Fuse(osan()), Board()
    decider = Decider(board, Chain(), engine, fuse.decide, hear, lambda done: None)
    records, sizes = list[Record](), []
    for turn in range(90):
        now = T0 + (turn + 1) * 500_000
        events = []
        for n in range(25):
            at, id = now - 500_000 + n * 20_000, f"{turn}-{n}"
            seen = RoadDetection(SITE, "jaywalking")
            flips = CareReading(HOME, "door", bool(n % 2), "front")
            events += [Event(id, "/device/cam-gasu-1", "city.road.detection", at, "", seen, None, now, at),
                       Event(id, "/device/hub-0002", "city.care.reading", at, "", flips, None, now, at)]
        records += decider.judge(events, now).records
        sizes.append((engine.counters(), len(engine.save())))
    (incident,) = board.open(T0 + 60 * US)
    assert (incident.kind, len(incident.detections), incident.detections[0].n) == ("jaywalking", 1, 90 * 25)
    assert incident.marks == ("chattering",) and board.devices.get("/device/cam-gasu-1").tickets == {"chattering": 1}
    assert [r.body["code"] for r in records if r.kind == "device.noted"] == ["chattering"]
    assert [r.kind for r in records].count("incident.opened") == 1
    assert sizes[2][0] == sizes[-1][0] and sizes[-1][1] <= sizes[2][1] + 64  # one more digit here and there
