"""What a simulated device says: contract events with ids that never come twice."""

import msgspec

from connectors.decode import decode
from connectors.simulate.messages import Maker
from stream.schema import Delivery
from tests.connectors.simulate.sight import MORNING


def test_a_message_is_a_contract_event() -> None:
    data = {"household": "HH-1", "alarm": "sos", "conf": None}
    message = Maker(MORNING).make("/device/hub-1", "city.care.alarm", MORNING, "HH-1", **data)
    assert message.delivery is Delivery.alarm and b"conf" not in message.body
    (event,), aside = decode(message.body, MORNING, "hub-1")
    assert not aside and (event.id, event.source, event.time) == (message.id, "/device/hub-1", MORNING)


def test_ids_are_unique_within_a_run_and_across_runs() -> None:
    runs = [Maker(MORNING), Maker(MORNING + 100_000), Maker(MORNING + 3_600_000_000)]
    made = [run.status(source, MORNING) for run in runs for source in ("/device/a", "/device/b") for _ in range(50)]
    assert len({(m.source, m.id) for m in made}) == len(made)


def test_each_source_counts_its_messages_from_one() -> None:
    maker = Maker(MORNING)
    made = [msgspec.json.decode(maker.status(s, MORNING).body) for s in ("/device/a", "/device/b", "/device/a")]
    assert [(e["source"], e["seq"]) for e in made] == [("/device/a", 1), ("/device/b", 1), ("/device/a", 2)]


def test_a_status_names_its_device() -> None:
    body = msgspec.json.decode(Maker(MORNING).status("/device/cam-7", MORNING, "degraded").body)
    assert body["data"] == {"device": "cam-7", "status": "degraded"} and body["time"] == "2026-07-01T07:30:00+09:00"
