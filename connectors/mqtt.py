"""Events by MQTT: every message of ``city/in/#`` goes to the loop; the broker is acked once it is durable.

QoS 1 with manual acks (SAFETY T1, T2); a session that outlives us (T6); a handler that never raises (T7); what cannot
be read is made durable in quarantine and acked like the rest (T8). The broker's own ack proves nothing to a device
(T3-T5): ``city/ack/<source-id>`` does (see acks.py).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from paho.mqtt.client import topic_matches_sub

from connectors.acks import Acks
from connectors.decode import Far, decode
from connectors.handing import AGAIN_S, Handing
from connectors.mqtt_wire import Wire
from connectors.native import Heard, Translator
from connectors.native import take as native_take
from stream.clock import Clock, monotonic
from stream.intake import Intake, Outcome
from stream.schema import US, Draft, Event, Quarantined
from stream.settings import Settings

TOPIC_IN, TOPIC_ACK = "city/in/", "city/ack/"
HUNG_S = 15.0  # the loop goes round each second; a blocked connect takes 5 s

Note = Callable[[list[Draft]], object]
_Mark = tuple[int, int, int]  # which connection, message id, QoS


class MqttIn:
    """The way in by MQTT. ``note`` hands facts about the broker to the journal; ``fresh``: none ever ran here."""

    def __init__(self, host: str, port: int, node_id: str, intake: Intake, clock: Clock, settings: Settings,
                 note: Note | None = None, far: Far | None = None, fresh: bool = False,
                 natives: Sequence[Translator] = ()) -> None:
        self.natives = tuple(natives)
        self.clock, self.far, self.fresh = clock, far, fresh
        self.note = note or (lambda drafts: None)
        self.address = f"{host}:{port}"
        self.received = self.faults = self.gaps = 0
        self._acks = Acks()
        self._done: deque[tuple[str, Outcome, _Mark]] = deque()
        self._handing = Handing(intake)
        topics = [TOPIC_IN + "#", *(topic for native in natives for topic in native.topics)]
        self.wire = Wire(host, port, node_id, topics, self._take, self._work, self._up, settings.mqtt_user,
                         _password(settings.mqtt_password_file), settings.mqtt_tls_ca)

    def start(self) -> None:
        """Connect and take what comes; returns at once."""
        self.wire.start()

    def stop(self) -> None:
        """Send the acks that are due and disconnect; the broker keeps what comes from now on."""
        self.wire.stop()

    def health(self) -> dict[str, Any]:
        """Is it alive, by the age of its loop and not by a flag; and what happened to it so far."""
        wire = self.wire
        return {
            "ok": wire.connected and wire.age_s < HUNG_S and not wire.refused,
            "up": wire.connected, "age_s": wire.age_s, "broker": self.address,
            "protocol": int(wire.protocol), "refused": wire.refused, "taken_over": wire.taken_over,
            "lag_ms": int(1000 * wire.pulse.lag_s(monotonic())),
            "received": self.received, "gap_possible": self.gaps, "faults": self.faults + wire.faults,
        }

    # on the wire's thread

    def _take(self, message: Any) -> None:
        """One message from the broker. Never raises."""
        self.received += 1
        arrival = self.clock.now()
        told = partial(self._told, (self.wire.generation, message.mid, message.qos))
        try:
            events, aside, source_id = self._read(message, arrival)
            if events or aside:
                self._handing.give(events, aside, partial(told, source_id))
            else:  # an empty array, a native message that says nothing to us: there is nothing to keep
                told("", Outcome())
        except Exception as bug:
            self._put_aside(message, arrival, bug, partial(told, ""))

    def _read(self, message: Any, arrival: int) -> tuple[list[Event], list[Quarantined], str]:
        """Events, what is put aside, and the source that is owed an ack (native senders know of none)."""
        topic: str = message.topic
        if topic.startswith(TOPIC_IN):
            source_id = topic.removeprefix(TOPIC_IN)
            return *decode(message.payload, arrival, source_id, far=self.far), source_id
        heard = Heard(topic, message.payload, arrival, bool(message.retain))
        native = next((n for n in self.natives for mask in n.topics if topic_matches_sub(mask, topic)), None)
        return (*native_take(native, heard, self.far), "") if native else ([], [], "")

    def _put_aside(self, message: Any, arrival: int, bug: Exception, told: Callable[[Outcome], None]) -> None:
        """A message that our own code stumbles over is kept whole and acked, or it would stand in the way for ever."""
        try:
            reason = "wrong_encoding" if isinstance(bug, UnicodeDecodeError) else "fault"
            if reason == "fault":
                self.faults += 1
                self.note([self._fault("mqtt_handler", type(bug).__name__)])
            whole = Quarantined(bytes(message.payload), reason, repr(bug)[:500], "", arrival)
            self._handing.give([], [whole], told)
        except Exception:
            self.faults += 1  # not acked: the broker gives it again with the next connection

    def _work(self) -> float:
        """Send the acks that are due; the answer is in how many seconds there is more to do."""
        stored: list[_Mark] = []
        while self._done:
            source_id, outcome, mark = self._done.popleft()
            named = bool(source_id and outcome.ids)
            if not named:
                stored.append(mark)
            if source_id:
                seq = max((seq for seq in outcome.seqs.values() if seq is not None), default=None)
                self._acks.note(source_id, outcome.ids, seq, self._steady(), mark if named else None)
        full = self.wire.client.unanswered >= self.wire.room  # what waits is said in one message then, not in many
        for source_id, payload, marks in () if full else self._acks.take(self._steady()):
            self.wire.client.publish(TOPIC_ACK + source_id, payload, qos=1, retain=True)
            stored += marks
        self._ack(stored)
        self._handing.again()
        due = None if full else self._acks.next_due()  # the broker's ack wakes us
        wait_s = 1.0 if due is None else max(0.001, (due - self._steady()) / US)
        return min(wait_s, AGAIN_S) if self._handing.waiting else wait_s

    def _ack(self, marks: list[_Mark]) -> None:
        """Ack the broker; not in another connection than it came in, where the number means another message."""
        now = self.wire.generation
        self.wire.client.ack_all([mid for generation, mid, qos in marks if qos and generation == now])

    def _up(self, session_present: bool, first: bool) -> None:
        """Connected. Without a session at the broker, what came while we were away is gone: say so."""
        if not session_present and not (first and self.fresh):
            self.gaps += 1
            self.note([self._fault("gap_possible", self.address)])

    # on the loop's thread (or, for telemetry that is shed, on any)

    def _told(self, mark: _Mark, source_id: str, outcome: Outcome) -> None:
        self._done.append((source_id, outcome, mark))
        self.wire.wake()

    def _fault(self, code: str, detail: str) -> Draft:
        return Draft("fault.noted", "mqtt", self.clock.now(), {"code": code, "detail": detail}, "mqtt")

    @staticmethod
    def _steady() -> int:
        return int(monotonic() * US)


def _password(file: str) -> str:
    """The password in this file (first line), empty without one."""
    if not file:
        return ""
    with open(file, encoding="utf-8") as lines:
        return lines.readline().rstrip("\n")
