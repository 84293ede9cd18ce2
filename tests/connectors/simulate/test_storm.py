"""Ten minutes of rain: hundreds of raw reports, and three people in need among them."""

from collections import Counter

from connectors.decode import decode
from connectors.simulate.day import Day, ticks
from connectors.simulate.storm import IN_NEED, LENGTH_S, OFFLINE, RAW, WET_CAMERAS
from stream.schema import US
from tests.connectors.simulate.sight import MORNING, OSAN, read


def test_a_storm_is_a_flood_with_three_in_need() -> None:
    messages = ticks(Day(OSAN, 1, MORNING, storm_on=True), MORNING + int(LENGTH_S + 30) * US)
    assert all(not decode(m.body, m.at, None)[1] for m in messages)
    assert all(OSAN.knows(m.source) for m in messages)
    raw = read(messages, "city.road.detection")
    assert len(raw) >= RAW
    noisy = Counter(e["source"] for e in raw).most_common(WET_CAMERAS)
    assert sum(n for _, n in noisy) > len(raw) * 0.6
    alarms = {e["data"]["alarm"] for e in read(messages, "city.care.alarm")}
    assert {"smoke", "sos", "fall", "tamper"} <= alarms and len(IN_NEED) == 3
    rain = [e["data"] for e in read(messages, "city.context") if e["data"]["what"] == "weather"]
    assert rain[0]["level"] == "warning" and rain[0]["value"] == "heavy_rain"
    assert sum(e["data"]["status"] == "degraded" for e in read(messages, "city.device.status")) == OFFLINE


def test_without_rain_cameras_are_nearly_silent() -> None:
    messages = ticks(Day(OSAN, 1, MORNING), MORNING + 600 * US)
    assert len(read(messages, "city.road.detection")) < 5
