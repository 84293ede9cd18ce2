"""The outside world of a chaos run: devices, an HTTP source and an operator who never give up, and remember every ack.

They speak only the contract. Each waits while the console is down, sends again what nobody acknowledged, and keeps what
was acknowledged: that list is the promise that the console's store is held to afterwards.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt

from stream.clock import Clock, format_kst
from stream.seen import Key

HOMES = 300
AGAIN_S = 1.0
clock = Clock()


def alarm(source: str, id: str, home: int) -> dict[str, Any]:
    """A smoke alarm of one of the homes."""
    return _event(source, id, "city.care.alarm", {"household": f"HH-{home:04}", "alarm": "smoke"})


def reading(source: str, id: str, home: int) -> dict[str, Any]:
    """A motion sensor's word."""
    return _event(source, id, "city.care.reading", {"household": f"HH-{home:04}", "sensor": "pir", "value": True})


def frame(source: str, id: str, seq: int) -> dict[str, Any]:
    """A radar frame with one car."""
    car = {"id": 1, "class": "vehicle", "x": seq % 50, "y": 3.0, "vx": 7.5, "vy": 0.0}
    return _event(source, id, "city.road.frame", {"site": "XW-GASU-1", "objects": [car]}) | {"seq": seq}


def _event(source: str, id: str, type: str, data: dict[str, Any]) -> dict[str, Any]:
    now = format_kst(clock.now())
    return {"specversion": "1.0", "id": id, "source": source, "type": type, "time": now, "data": data}


class Acked:
    """What was acknowledged so far, by anyone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[Key] = set()
        self.fresh = threading.Event()  # set by each ack: a kill right behind it finds what was acknowledged too early

    def add(self, keys: list[Key]) -> None:
        with self._lock:
            self._keys.update(keys)
        if keys:
            self.fresh.set()

    def all(self) -> set[Key]:
        """A copy, as of now."""
        with self._lock:
            return set(self._keys)


class Api:
    """The console's HTTP side for one client; None where there is no answer."""

    def __init__(self, url: str) -> None:
        self.url, self.cookie = url, ""

    def call(self, method: str, path: str, body: Any = None, token: str = "", media: str = "application/json") -> Any:
        """(status, JSON) or None when the console is not there."""
        headers = {"Content-Type": media, "Origin": self.url}
        headers |= {"Authorization": f"Bearer {token}"} if token else {"Cookie": self.cookie}
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            line.request(method, path, None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        return answer.status, json.loads(raw) if raw[:1] in b"{[" else raw

    def sign_in(self, account: dict[str, Any]) -> bool:
        """Log in by user and password."""
        told = self.call("POST", "/api/v1/login", {"user": account["user"], "password": account["password"]})
        return bool(told and told[0] == 200)

    def queue(self) -> list[dict[str, Any]] | None:
        """The open incidents, None when there is no answer."""
        told = self.call("GET", "/api/v1/incidents?state=open&limit=500")
        return told[1]["items"] if told and told[0] == 200 else None


class Actor(threading.Thread):
    """Someone outside. ``up`` is set while the console is said to be there; ``end`` ends them all."""

    def __init__(self, name: str, up: threading.Event, end: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.up, self.end = up, end

    def run(self) -> None:
        while not self.end.is_set():
            if self.up.wait(0.2):
                self.act()

    def act(self) -> None:
        raise NotImplementedError


class HttpSource(Actor):
    """Posts batches of an alarm, readings and frames, each until it is answered 202."""

    def __init__(self, url: str, token: str, acked: Acked, up: threading.Event, end: threading.Event) -> None:
        super().__init__("http-source", up, end)
        self.api, self.token, self.acked = Api(url), token, acked
        self.n, self.batch = 0, []  # type: ignore[var-annotated]

    def act(self) -> None:
        if not self.batch:
            self.n += 1
            n, source = self.n, "/system/http"
            self.batch = [alarm(source, f"a{n}", n % HOMES + 1), reading(source, f"r{n}", n % HOMES + 1),
                          *(frame("/device/radar-h", f"f{n}-{i}", 5 * n + i) for i in range(5))]
        told = self.api.call("POST", "/api/v1/events", self.batch, self.token, "application/cloudevents-batch+json")
        if told and told[0] == 202:
            self.acked.add([(e["source"], e["id"]) for e in self.batch if "road" not in e["type"]])
            self.batch = []
        else:
            self.end.wait(0.05)


class Device(Actor):
    """A device at the broker: keeps each alarm and sends it again until its ack topic names it."""

    def __init__(self, port: int, acked: Acked, up: threading.Event, end: threading.Event) -> None:
        super().__init__("device", up, end)
        self.acked, self.waiting, self.ids = acked, {}, itertools.count(1)  # type: ignore[var-annotated]
        self.source, self.lock = "/device/panel-1", threading.Lock()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "chaos-device", clean_session=False)
        self.client.on_message = self._told
        self.client.on_connect = lambda client, *_: client.subscribe("city/ack/panel-1", 1)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _told(self, client: Any, userdata: Any, message: Any) -> None:
        named = json.loads(message.payload)["ids"]
        with self.lock:
            mine = [id for id in named if self.waiting.pop(id, None)]
        self.acked.add([(self.source, id) for id in mine])

    def act(self) -> None:
        with self.lock:
            id = f"m{next(self.ids)}"
            self.waiting[id] = (time.monotonic(), alarm(self.source, id, random.Random(id).randint(1, HOMES)))
            late = [i for i, (at, _) in self.waiting.items() if time.monotonic() - at > AGAIN_S]
            send = [self.waiting[i][1] for i in (id, *late)]
            for i in late:
                self.waiting[i] = (time.monotonic(), self.waiting[i][1])
        for event in send:
            self.client.publish("city/in/panel-1", json.dumps(event), 1)
        self.end.wait(0.01)

    def settled(self) -> bool:
        """True when everything it sent is acknowledged."""
        with self.lock:
            return not self.waiting

    def close(self) -> None:
        self.client.loop_stop()
        self.client.disconnect()


class Operator(Actor):
    """Reports what is new to 119, each by one command whose id stays the same until it has an answer."""

    def __init__(self, url: str, account: dict[str, Any], up: threading.Event, end: threading.Event) -> None:
        super().__init__("operator", up, end)
        self.api, self.account = Api(url), account
        self.asked: dict[str, Any] | None = None
        self.n, self.answers = 0, []  # type: ignore[var-annotated]
        self.done: set[str] = set()

    def act(self) -> None:
        if self.asked is None:
            queue = self.api.queue()
            if queue is None:
                self.api.sign_in(self.account)
                self.end.wait(0.05)
                return
            new = [i for i in queue if i["id"] not in self.done]
            if not new:
                self.end.wait(0.05)
                return
            self.n += 1
            self.asked = {"id": f"00000000-0000-4000-8000-{self.n:012}", "verb": "escalate", "incident": new[0]["id"],
                          "args": {"agency": "119"}, "revision": new[0]["revision"]}
        told = self.api.call("POST", f"/api/v1/incidents/{self.asked['incident']}/commands",
                             {k: v for k, v in self.asked.items() if k != "incident"})
        if told and told[0] in (200, 409, 422):
            self.answers.append((self.asked["id"], told[0]))
            if told[0] != 409:
                self.done.add(self.asked["incident"])
            self.asked = None
        elif told and told[0] == 401:
            self.api.sign_in(self.account)
        self.end.wait(0.05)
