"""The connection to the broker: one thread that connects, reads, writes, and tries again for ever.

paho's own loop thread dies of an exception in a handler and still says that it is connected (SAFETY T7), and its
``ack`` writes from whatever thread calls it. So the loop here is ours, over paho's documented calls for foreign loops:
everything that touches the socket happens on this thread, and ``age_s`` tells when it went round last.

Two consoles with one name would throw each other out for ever (SAFETY T9), and Mosquitto 2.0 does not say why it closes
a connection. So each console leaves its mark, retained, at ``city/console/<name>`` when it first connects; one that
comes back and finds another's mark there has been replaced, and stays away for a while.
"""

from __future__ import annotations

import contextlib
import secrets
import select
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from connectors.mqtt_ahead import AheadClient
from connectors.pulse import Pulse
from stream.clock import monotonic

KEEPALIVE_S = 5  # a frozen broker is noticed within two of these
SESSION_S = 14 * 86400  # the broker keeps what comes while we are away
INFLIGHT = 65535  # T8: the window must be far above one turn's intake
OUT = 20  # of our own messages that wait for the broker's ack: what any broker takes
OUT_MOST = 1000  # where it says that it takes more: in a flood its acks come behind all it has for us
BACKOFF_S = (0.1, 0.3, 1.0, 2.0, 5.0)
TAKEN_OVER_S = 60.0  # T9: another console has our name; do not fight for it
PRESENCE = "city/console/"
STEADY_S = 30.0  # a connection that held this long was a good one
UNSUPPORTED = 0x84  # MQTT 5 reason code: the broker does not speak this version
BURST_S = 0.005  # reading goes on this long before acks get their turn


class Wire:
    """A connection that keeps itself up. ``work(now_s) -> seconds until it has work again`` runs on its thread."""

    def __init__(self, host: str, port: int, name: str, topics: Sequence[str], take: Callable[[Any], None],
                 work: Callable[[], float], up: Callable[[bool, bool], None],
                 user: str = "", password: str = "", tls_ca: str = "") -> None:
        self.host, self.port, self.name, self.topics = host, port, name, tuple(topics)
        self.take, self.work, self.told_up = take, work, up
        self.user, self.password, self.tls_ca = user, password, tls_ca
        self.connected = False
        self.generation = 0  # of connections: an ack of an older one would be for another message
        self.room = OUT  # how many of our own messages may wait for the broker's ack
        self.taken_over = False
        self.refused = ""
        self.protocol = MQTTProtocolVersion.MQTTv5
        self.faults = 0  # our own or paho's bugs that were survived
        self._old_only = False  # this broker has said that it does not speak MQTT 5
        self._silent = 0  # connections in a row that ended without a CONNACK
        self._woken = False
        self._read = 0
        self._tries = 0
        self._last = monotonic()
        self._ended = threading.Event()
        self._in, self._out = socket.socketpair()
        self._in.setblocking(False)
        self._out.setblocking(False)
        self._presence = PRESENCE + name.replace("/", "_").replace("+", "_").replace("#", "_")
        self.pulse = Pulse(self._presence + "/pulse")
        self._own = {self._presence: self._on_mark, self.pulse.topic: self._on_pulse}
        self._mark = secrets.token_hex(8).encode()
        self.client = self._client()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    # what other threads call

    def start(self) -> None:
        """Connect, and stay connected until ``stop``."""
        self._thread.start()

    def stop(self) -> None:
        """Do what is left to do, say goodbye; the broker keeps the session."""
        self._ended.set()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(timeout=10)

    def wake(self) -> None:
        """Let the thread go round now: there is work for it."""
        if not self._woken:
            self._woken = True
            with contextlib.suppress(OSError):  # full: there is enough in it to wake
                self._out.send(b"x")

    @property
    def age_s(self) -> float:
        """Seconds since the thread last went round; the truth about whether it lives."""
        return monotonic() - self._last

    # its own thread

    def _client(self) -> AheadClient:
        five = self.protocol == MQTTProtocolVersion.MQTTv5
        client = AheadClient(CallbackAPIVersion.VERSION2, self.name, clean_session=None if five else False,
                             protocol=self.protocol, reconnect_on_failure=False, manual_ack=True)
        client.max_inflight_messages_set(OUT)  # paho sends the next with each ack
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_message, client.on_subscribe = self._on_message, self._on_subscribe
        for topic, act in self._own.items():
            client.message_callback_add(topic, act)
        client.on_socket_register_write = lambda *_: None  # makes paho leave the writing to this thread
        if self.user:
            client.username_pw_set(self.user, self.password or None)
        if self.tls_ca:
            client.tls_set(ca_certs=self.tls_ca)
        return client

    def _run(self) -> None:
        while not self._ended.is_set():
            began = monotonic()
            try:
                if self._connect():
                    while self.client.socket() is not None and not self._ended.is_set():
                        self._round()
            except Exception as bug:  # whatever it is, the next connection is tried: silence would be worse
                self.faults += 1
                self.refused = repr(bug)
                self._renew()
            self.connected = False
            self._last = monotonic()
            if not self._ended.is_set():
                self._rest(monotonic() - began)
        self._goodbye()

    def _renew(self) -> None:
        """Begin with a new client of the protocol that is to be tried now."""
        if (sock := self.client.socket()) is not None:
            sock.close()
        self.client = self._client()

    def _connect(self) -> bool:
        # A broker that knows no MQTT 5 says so, or just closes the line: then the old protocol gets every fourth try.
        old = self._old_only or self._silent % 4 == 3
        want = MQTTProtocolVersion.MQTTv311 if old else MQTTProtocolVersion.MQTTv5
        if want != self.protocol:
            self.protocol = want
            self._renew()
        properties, clean = None, paho.MQTT_CLEAN_START_FIRST_ONLY
        if self.protocol == MQTTProtocolVersion.MQTTv5:
            properties, clean = Properties(PacketTypes.CONNECT), False
            properties.SessionExpiryInterval = SESSION_S
            properties.ReceiveMaximum = INFLIGHT
        self.client.forget()
        try:
            self.client.connect(self.host, self.port, KEEPALIVE_S, clean_start=clean, properties=properties)
        except (OSError, ValueError) as broken:
            self.refused = type(broken).__name__
            return False
        self._silent += 1
        return True

    def _rest(self, lasted_s: float) -> None:
        """Wait before the next try: longer the more often it failed, long when another console has our name."""
        if lasted_s > STEADY_S:
            self._tries = 0
        wait_s = TAKEN_OVER_S if self.taken_over else BACKOFF_S[min(self._tries, len(BACKOFF_S) - 1)]
        self._tries += 1
        self._ended.wait(wait_s)

    def _round(self) -> None:
        """Do the work; wait for the socket, for more work or for a second; read and write."""
        wait_s = min(1.0, self.work()) if self.connected else 1.0
        sock = self.client.socket()
        if sock is None:
            return
        unseen = self.client.ahead or getattr(sock, "pending", int)() > 0  # TLS holds bytes back as well
        if unseen:
            wait_s = 0.0
        poll = select.poll()
        poll.register(self._in, select.POLLIN)
        poll.register(sock, select.POLLIN | (select.POLLOUT if self.client.want_write() else 0))
        ready = dict(poll.poll(wait_s * 1000))
        self._last = monotonic()
        if self._in.fileno() in ready:
            self._in.recv(4096)
            self._woken = False
        if ready.get(sock.fileno(), 0) & ~select.POLLOUT or unseen:
            self._read_some()
        if self.connected and (name := self.pulse.due(self._last)):
            self.client.publish(self.pulse.topic, name, qos=1)
        if self.client.want_write():
            self.client.loop_write()
        self.client.loop_misc()

    def _read_some(self) -> None:
        """Read as long as messages come, but acks must get their turn."""
        until = monotonic() + BURST_S
        while monotonic() < until:
            if self.client.fill():
                for message in self.client.plain():
                    self._own.get(message.topic, self._on_message)(self.client, None, message)
                    if monotonic() > until:
                        return
                if not self.client.ahead:
                    return
            if not self.client.read_one() or not self.client.ahead:
                return

    def _goodbye(self) -> None:
        if self.client.socket() is not None:
            if self.connected:
                self.work()
            self.client.disconnect()
            for _ in range(100):
                if self.client.socket() is None or not self.client.want_write():
                    break
                self.client.loop_write()
        self.connected = False

    # what paho calls, on its own thread

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        self._read += 1
        self.take(message)

    def _on_mark(self, client: Any, _data: Any, message: Any) -> None:
        client.ack(message.mid, message.qos)
        if message.retain and self.generation > 1 and message.payload != self._mark:
            self.taken_over = True
            client.disconnect()

    def _on_pulse(self, client: Any, _data: Any, message: Any) -> None:
        client.ack(message.mid, message.qos)
        self.pulse.heard(message.payload)

    def _on_connect(self, client: Any, _data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._silent = 0
        if reason.is_failure:
            self.refused = str(reason)
            if reason.value == UNSUPPORTED:
                self._old_only = True
            return
        self.generation += 1
        self.connected, self.taken_over, self.refused = True, False, ""
        five = self.protocol == MQTTProtocolVersion.MQTTv5  # one that says nothing takes 65,535 (3.2.2.3.3)
        self.room = min(OUT_MOST, getattr(properties, "ReceiveMaximum", OUT_MOST)) if five else OUT
        client.may_send(self.room)
        self.pulse.reset()
        topics = (self._presence, self.pulse.topic, *self.topics)
        if self.protocol == MQTTProtocolVersion.MQTTv5:
            client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in topics])
        else:
            client.subscribe([(topic, 1) for topic in topics])
        first = self.generation == 1
        if first or not flags.session_present:
            client.publish(self._presence, self._mark, qos=1, retain=True)
        self.told_up(bool(flags.session_present), first)

    def _on_subscribe(self, _client: Any, _data: Any, _mid: Any, reasons: Any, _properties: Any) -> None:
        self.refused = next((str(r) for r in reasons if r.is_failure), self.refused)

    def _on_disconnect(self, *_: Any) -> None:
        self.connected = False
