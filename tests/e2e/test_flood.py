"""A short flood over a real broker to a real screen, the broker killed in the middle: nothing that matters is lost."""

from __future__ import annotations

from typing import Any

from tests.bench.flood import measure
from tests.servers import Mosquitto


def test_nothing_of_class_alarm_or_reading_is_lost_and_shed_frames_are_counted(
    chromium: Any, mosquitto: Mosquitto
) -> None:
    told = measure(chromium, 200, 4, calm=2, arrays=5, restart=True, intake_limit=20)
    assert (told["lost"], told["alarms_missing"], told["delta"]) == (0, 0, 0)
    assert told["alarms"] == told["alarms_drawn"] >= 2
    assert told["shed"] >= 30 and told["shed_on_screen"], "an array of 50 frames where 20 may wait"
    assert told["received"] == told["stored"] + told["duplicate"]
