"""The way in by MQTT against a real Mosquitto with the shipped conf: the traps T1-T9 of docs/connect.md, one by one."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from connectors import mqtt_wire
from connectors.mqtt import MqttIn
from stream.clock import Clock, format_kst
from stream.intake import Intake
from stream.schema import Draft
from stream.settings import Settings
from tests.connectors.durable import Loop
from tests.servers import ROOT, Mosquitto

PATIENCE_S = 60


def sos(id_: str, source: str = "home-1", seq: int | None = None, **more: Any) -> dict[str, Any]:
    """An alarm of now."""
    event = {
        "specversion": "1.0",
        "id": id_,
        "source": f"/device/{source}",
        "type": "city.care.alarm",
        "subject": "h1",
        "time": format_kst(Clock().now()),
        "data": {"household": "h1", "alarm": "sos"},
    }
    return event | ({} if seq is None else {"seq": seq}) | more


class Device:
    """A device: publishes at QoS 1 and listens to its acks."""

    def __init__(self, broker: Mosquitto, listen: str = "city/ack/#") -> None:
        self.acks: list[tuple[str, dict[str, Any], bool]] = []
        self.more = threading.Condition()
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.max_inflight_messages_set(1000)
        self.client.on_message = self._hear
        ready = threading.Event()
        self.client.on_subscribe = lambda *_: ready.set()
        self.listen = listen
        self.client.on_connect = self._begin  # again after each broken line
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        assert ready.wait(PATIENCE_S)

    def _begin(self, *_: Any) -> None:
        self.client.subscribe(self.listen, 1)

    def _hear(self, _client: Any, _data: Any, message: Any) -> None:
        with self.more:
            self.acks.append((message.topic, json.loads(message.payload), message.retain))
            self.more.notify_all()

    def send(self, body: Any, source: str = "home-1", qos: int = 1, retain: bool = False) -> None:
        """Publish and wait for the broker's own ack (QoS 1)."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.client.publish(f"city/in/{source}", raw, qos, retain).wait_for_publish(PATIENCE_S)

    def flood(self, bodies: list[Any], source: str = "home-1") -> None:
        """Publish many, then wait for the broker's acks."""
        sent = [self.client.publish(f"city/in/{source}", json.dumps(body), 1) for body in bodies]
        for one in sent:
            one.wait_for_publish(PATIENCE_S)

    def named(self, source: str = "home-1") -> set[str]:
        with self.more:
            return {id_ for topic, body, _ in self.acks if topic == f"city/ack/{source}" for id_ in body["ids"]}

    def wait_named(self, ids: set[str], source: str = "home-1") -> None:
        """Return when every one of these ids has been named."""
        with self.more:
            done = self.more.wait_for(
                lambda: ids <= {i for t, b, _ in self.acks if t == f"city/ack/{source}" for i in b["ids"]}, PATIENCE_S
            )
        assert done, ids - self.named(source)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Console:
    """A console's way in: MQTT in front, the smallest loop behind; ``kill`` leaves the broker as a crash does."""

    def __init__(self, broker: Mosquitto, node: str = "gwanje-test") -> None:
        self.intake = Intake(100_000)
        self.loop = Loop(self.intake)
        self.notes: list[Draft] = []
        self.way = MqttIn(broker.host, broker.port, node, self.intake, Clock(), Settings(), self.notes.extend)

    def start(self) -> Console:
        self.way.start()
        return self

    def wait_up(self) -> Console:
        until(lambda: self.way.health()["ok"])
        return self

    def stop(self) -> None:
        self.way.stop()
        self.loop.stop()

    def kill(self) -> None:
        """Die without a word: no DISCONNECT, no ack of what is in hand."""
        self.way.wire._ended.set()
        sock = self.way.wire.client.socket()
        self.way.wire._goodbye = lambda: None  # type: ignore[method-assign]
        self.way.wire.wake()
        self.way.wire._thread.join(PATIENCE_S)
        if sock is not None:
            sock.close()


def until(true: Callable[[], Any]) -> None:
    """Return when it is true."""
    pause = threading.Event()
    for _ in range(PATIENCE_S * 50):
        if true():
            return
        pause.wait(0.02)
    raise AssertionError("did not become true")


@pytest.fixture
def made(mosquitto: Mosquitto) -> Iterator[list[Any]]:
    """Consoles and devices to be stopped at the end."""
    things: list[Any] = []
    yield things
    for thing in reversed(things):
        thing.stop()


def test_an_alarm_is_durable_then_named_to_its_device(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    device.send(sos("a1", seq=1))
    device.wait_named({"a1"})
    assert [e.id for e in console.loop.events] == ["a1"]
    assert device.acks[-1][1] == {"ids": ["a1"], "seq": 1}
    assert console.way.health()["protocol"] == 5
    device.send([sos("a2"), sos("a1"), {"id": "a3", "source": "/device/home-1"}])
    device.wait_named({"a1", "a2", "a3"})
    assert len(console.loop.events) == 2, "again is not twice"
    late = Device(mosquitto)
    made.append(late)
    late.wait_named({"a1", "a2", "a3"})
    assert late.acks[0][2], "a device that comes back finds it retained"


def test_no_ack_of_any_kind_before_it_is_durable(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [device]
    console.loop.hold()
    device.send(sos("held"))
    until(lambda: console.way.received == 1)
    assert device.acks == []
    console.kill()
    again = Console(mosquitto).start()
    made += [again]
    assert [e.id for e in again.loop.wait(1)] == ["held"], "the broker still had it, for it was never acked"
    device.wait_named({"held"})


def test_t1_t2_killed_with_messages_in_hand_nothing_is_lost(mosquitto: Mosquitto, made: list[Any]) -> None:
    first = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [device]
    first.loop.wait(0)
    device.flood([sos(f"k{n}") for n in range(20)])
    first.loop.wait(4)
    first.kill()
    second = Console(mosquitto).start()
    made += [second]
    ids = {f"k{n}" for n in range(20)}
    until(lambda: {e.id for e in [*first.loop.events, *second.loop.events]} == ids)
    device.wait_named(ids)


def test_t1_qos_2_is_nowhere() -> None:
    for file in [*ROOT.glob("connectors/*.py"), *ROOT.glob("connectors/simulate/*.py")]:
        assert not re.search(r"qos\s*=\s*2|subscribe\([^)]*,\s*2\)|publish\([^)]*,\s*2[,)]", file.read_text()), file


def test_t1_a_publisher_at_qos_2_is_taken_at_qos_1(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    device.send(sos("q2"), qos=2)
    device.wait_named({"q2"})
    device.send(sos("q0"), qos=0)
    device.wait_named({"q0"})


def test_t3_three_thousand_wait_for_a_console_that_is_away(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    console.stop()
    device = Device(mosquitto)
    made += [device]
    device.flood([sos(f"o{n}") for n in range(3000)])
    back = Console(mosquitto).start()
    made += [back]
    assert len({e.id for e in back.loop.wait(3000)}) == 3000
    device.wait_named({f"o{n}" for n in range(3000)})
    assert back.notes == [], "the session was there: no gap"


def test_t3_t4_t8_the_shipped_conf_says_so() -> None:
    conf = dict(
        line.split(None, 1)
        for line in (ROOT / "connectors" / "mosquitto.conf").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    )
    assert conf["max_queued_messages"] == "0" and int(conf["max_queued_bytes"]) >= 2**28
    assert conf["persistence"] == "true" and conf["autosave_interval"] == "1"
    assert int(conf["max_inflight_messages"]) >= 4096
    assert (
        re.fullmatch(r"\d+d", conf["persistent_client_expiration"])
        and int(conf["persistent_client_expiration"][:-1]) >= 7
    )


def test_t4_t5_what_the_broker_lost_is_sent_again_until_the_ack_names_it(mosquitto: Mosquitto, made: list[Any]) -> None:
    Console(mosquitto).start().wait_up().stop()
    device = Device(mosquitto)
    made += [device]
    kept = {f"p{n}": sos(f"p{n}") for n in range(200)}
    device.flood(list(kept.values()))
    mosquitto.kill()  # whatever of them the broker had not saved is gone, although it had acked all of them
    mosquitto.start()
    console = Console(mosquitto).start().wait_up()
    made += [console]
    until(device.client.is_connected)
    for _ in range(20):
        missing = [event for id_, event in kept.items() if id_ not in device.named()]
        if not missing:
            break
        device.flood(missing)
        threading.Event().wait(0.3)
    device.wait_named(set(kept))
    assert {e.id for e in console.loop.events} == set(kept) and len(console.loop.events) == 200


def test_t6_a_broker_that_forgot_us_is_said(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    made.append(console)
    assert [(n.kind, n.body["code"]) for n in console.notes] == [("fault.noted", "gap_possible")]
    mosquitto.kill()
    (mosquitto.folder / "mosquitto.db").unlink(missing_ok=True)
    mosquitto.start()
    until(lambda: console.way.gaps == 2)
    device = Device(mosquitto)
    made.append(device)
    device.send(sos("after"))
    device.wait_named({"after"})


def test_t6_a_fresh_console_has_missed_nothing(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto)
    console.way.fresh = True
    made.append(console.start().wait_up())
    assert console.notes == []


def test_t7_a_handler_that_stumbles_lives_on_and_keeps_the_message(
    mosquitto: Mosquitto, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from connectors import mqtt

    sound = mqtt.decode

    def stumbles(payload: bytes, *args: Any, **more: Any) -> Any:
        if b"trip" in payload:
            raise ZeroDivisionError
        return sound(payload, *args, **more)

    monkeypatch.setattr(mqtt, "decode", stumbles)
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    device.send(sos("trip"))
    device.send(sos("fine"))
    device.wait_named({"fine"})
    aside = console.loop.wait_quarantined(1)[0]
    assert aside.reason == "fault" and b"trip" in aside.raw
    assert console.way.health()["faults"] == 1
    assert ("fault.noted", "mqtt_handler") in [(n.kind, n.body["code"]) for n in console.notes]


def test_t7_the_watchdog_looks_at_the_loop_not_at_a_flag(
    mosquitto: Mosquitto, made: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.mqtt.HUNG_S", 1.5)
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    release, stuck, take = threading.Event(), threading.Event(), console.way.wire.take

    def hangs(message: Any) -> None:
        stuck.set()
        release.wait(PATIENCE_S)
        take(message)

    console.way.wire.take = hangs
    device.send(sos("hang"))
    assert stuck.wait(PATIENCE_S)
    until(lambda: not console.way.health()["ok"])
    assert console.way.health()["up"], "the flag still says that all is well"
    release.set()
    console.wait_up()
    device.wait_named({"hang"})


@pytest.mark.parametrize("junk", [b"", b"\xff", b"{", b"null", b"[[[[", b'{"id": 1}', b"NaN", "한글".encode("euc-kr")])
def test_t8_poison_is_kept_and_acked_and_the_next_alarm_comes(
    mosquitto: Mosquitto, made: list[Any], junk: bytes
) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [device]
    device.send(junk)
    device.send(sos("good"))
    device.wait_named({"good"})
    assert [q.raw for q in console.loop.wait_quarantined(1)] == [junk]
    console.stop()
    again = Console(mosquitto).start().wait_up()
    made.append(again)
    device.send(sos("after"))
    assert [e.id for e in again.loop.wait(1)] == ["after"], "the poison was acked: it does not come again"
    assert again.loop.quarantined == []


def test_t8_sixty_unacked_messages_do_not_stop_the_next(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    console.loop.hold()
    device.flood([sos(f"w{n}") for n in range(600)])
    until(lambda: console.way.received == 600)
    console.loop.go_on()
    device.wait_named({f"w{n}" for n in range(600)})


def test_acks_that_the_broker_has_no_room_for_go_together_later(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    assert console.way.wire.room == mqtt_wire.OUT_MOST, "the shipped conf takes as many"
    console.way.wire.room = 0
    device.flood([sos(f"w{n}") for n in range(60)])
    console.loop.wait(60)
    console.way.wire.room = mqtt_wire.OUT_MOST
    device.send(sos("last"))
    device.wait_named({f"w{n}" for n in range(60)} | {"last"})
    assert {f"w{n}" for n in range(60)} <= set(device.acks[0][1]["ids"]), "in one message"


def test_t9_two_consoles_with_one_name_do_not_fight(mosquitto: Mosquitto, made: list[Any]) -> None:
    first = Console(mosquitto, "same").start().wait_up()
    second = Console(mosquitto, "same").start().wait_up()
    device = Device(mosquitto)
    made += [first, second, device]
    until(lambda: first.way.health()["taken_over"])
    for n in range(20):
        device.send(sos(f"n{n}"))
    device.wait_named({f"n{n}" for n in range(20)})
    assert second.way.wire.generation <= 2, "thrown out once at most, then the older one knows"
    assert len(second.loop.events) == 20 and not first.way.health()["ok"]


def test_what_cannot_be_stored_now_is_tried_again_and_acked_then(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    console.loop.ok = False
    device.send(sos("later"))
    until(lambda: console.way._handing.waiting)
    assert device.acks == []
    console.loop.ok = True
    device.wait_named({"later"})


def test_a_broker_that_restarts_is_found_again(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    made.append(console)
    for n in range(3):
        mosquitto.kill()
        until(lambda: not console.way.health()["up"])
        mosquitto.start()
        console.wait_up()
        device = Device(mosquitto)
        made.append(device)
        device.send(sos(f"r{n}"))
        device.wait_named({f"r{n}"})


def test_a_console_may_start_before_its_broker(mosquitto: Mosquitto, made: list[Any]) -> None:
    mosquitto.kill()
    console = Console(mosquitto).start()
    made.append(console)
    until(lambda: console.way.health()["refused"] == "ConnectionRefusedError")
    mosquitto.start()
    console.wait_up()


def test_a_source_may_only_speak_on_its_own_topic(mosquitto: Mosquitto, made: list[Any]) -> None:
    console = Console(mosquitto).start().wait_up()
    device = Device(mosquitto)
    made += [console, device]
    device.send(sos("x1", "other"), source="home-1")
    assert console.loop.wait_quarantined(1)[0].reason == "wrong_source"
    device.wait_named({"x1"}, "home-1")
    assert console.loop.events == []


def test_a_password_file_gives_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("pass word\nmore\n")
    way = MqttIn("h", 1, "n", Intake(1), Clock(), Settings(mqtt_user="u", mqtt_password_file=str(file)))
    assert way.wire.password == "pass word"
