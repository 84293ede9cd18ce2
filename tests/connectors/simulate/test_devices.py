"""Signs of life come as often as the city file expects them."""

import itertools

from connectors.simulate.devices import FIRST_S, Devices
from connectors.simulate.messages import Maker
from stream.clock import parse_rfc3339
from stream.schema import US
from tests.connectors.simulate.sight import MORNING, OSAN, read


def test_every_device_speaks_within_its_period_and_soon_after_the_start() -> None:
    devices, maker = Devices(OSAN, 1, MORNING), Maker(MORNING)
    said = [e for s in range(1, 901) for e in read(devices.step(MORNING + s * US, maker))]
    expected = {s: p for s, p in OSAN.expected().items() if not s.startswith("/device/hub")}
    assert {e["source"] for e in said} == set(expected)
    for source, period in expected.items():
        times = [parse_rfc3339(e["time"]) for e in said if e["source"] == source]
        assert times[0] - MORNING <= FIRST_S * US
        assert all(b - a < period * US for a, b in itertools.pairwise(times))


def test_a_silent_one_stays_silent() -> None:
    devices, maker = Devices(OSAN, 1, MORNING), Maker(MORNING)
    quiet = next(s for s in OSAN.expected() if "radar" in s)
    said = read(devices.step(MORNING + 60 * US, maker, frozenset({quiet})))
    assert quiet not in {e["source"] for e in said} and len(said) > 100
