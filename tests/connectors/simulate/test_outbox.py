"""What must not be lost is kept until it is named."""

from connectors.simulate.messages import Maker, Message
from connectors.simulate.outbox import Outbox
from stream.schema import US
from tests.connectors.simulate.sight import MORNING

MAKER = Maker(MORNING)


def alarm(n: int = 0) -> Message:
    return MAKER.make("/device/worn-1", "city.care.alarm", MORNING + n * US, "HH-1", household="HH-1", alarm="sos")


def reading(n: int = 0) -> Message:
    return MAKER.status("/device/hub-1", MORNING + n * US)


def frame() -> Message:
    return MAKER.make("/device/radar-1", "city.road.frame", MORNING, "XW-1", site="XW-1", objects=[])


def test_frames_are_not_kept_and_alarms_go_first() -> None:
    box, slow, loud = Outbox(), reading(), alarm()
    box.keep([frame(), slow, loud])
    assert len(box) == 2 and box.oldest(10) == [loud, slow] and box.oldest(1) == [loud]


def test_named_ids_are_let_go_by_source_and_id() -> None:
    box, one, two = Outbox(), alarm(), alarm()
    box.keep([one, two])
    box.named("/device/other", [one.id])
    assert len(box) == 2
    box.named("/device/worn-1", [one.id, "never-sent"])
    assert box.oldest(10) == [two]


def test_a_full_box_loses_readings_and_never_an_alarm() -> None:
    box = Outbox(most=3)
    alarms = [alarm(n) for n in range(4)]
    box.keep([*(reading(n) for n in range(3)), *alarms])
    assert box.oldest(10) == alarms and box.lost == 3


def test_only_what_is_older_can_be_asked_for() -> None:
    box = Outbox()
    box.keep([alarm(1), alarm(5)])
    assert [m.at for m in box.oldest(10, before=MORNING + 3 * US)] == [MORNING + US]
