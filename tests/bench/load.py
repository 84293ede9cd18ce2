"""A load generator that costs little: MQTT 3.1.1, QoS 1, straight on a socket, at a given rate.

A client library would eat the processor of what is measured. Messages are made before the clock starts; only the time
of an event is written into its bytes when it is sent. Run as a process: ``python -m tests.bench.load PORT CASE RATE
SECONDS``; the last line is JSON: what was sent, what the broker acknowledged, the processor time it took.
"""

from __future__ import annotations

import json
import random
import resource
import select
import socket
import sys
import time
from datetime import UTC, datetime

STAMP = "2026-01-01T00:00:00.000000Z"
CONNECT = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05loads"
SOURCES = 200


def stamp() -> bytes:
    """Now, in the form and length of STAMP."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()


def _envelope(kind: str, source: str, n: int, subject: str, data: dict[str, object], seq: int) -> dict[str, object]:
    return {"specversion": "1.0", "id": f"{source}-{n}", "source": f"/device/{source}", "type": kind, "time": STAMP,
            "subject": subject, "data": data, "seq": seq}


def reading(source: int, n: int) -> dict[str, object]:
    """A motion sensor's word."""
    data = {"household": f"HB-{source}", "sensor": "pir", "location": "hall", "value": n % 2 == 0}
    return _envelope("city.care.reading", f"pir-{source}", n, f"HB-{source}", data, n)


def frame(source: int, n: int, rnd: random.Random) -> dict[str, object]:
    """Ten objects, decimals of two places as sensors send them, apart so that nothing is a near miss all the time."""
    objects = [
        {"id": 100 * source + i, "class": "vehicle" if i < 7 else "pedestrian", "x": round(rnd.uniform(-60, 60), 2),
         "y": round(30.0 * (i < 7) + rnd.uniform(0, 9), 2), "vx": round(rnd.uniform(3, 8), 2), "vy": 0.0,
         "length": 4.5, "width": 1.8, "conf": 0.9}
        for i in range(10)
    ]
    data: dict[str, object] = {"site": f"SB-{source}", "objects": objects}
    return _envelope("city.road.frame", f"radar-{source}", n, f"SB-{source}", data, n)


def alarm(n: int) -> dict[str, object]:
    """A home's smoke alarm, each time of another home."""
    home = f"HB-A{n}"
    return _envelope("city.care.alarm", f"smoke-{n}", n, home, {"household": home, "alarm": "smoke"}, n)


def mixed(m: int, rnd: random.Random) -> tuple[str, dict[str, object]]:
    """What a city sends in single messages: mostly readings, each fifth a road frame, each 500th an alarm."""
    if m % 500 == 250:
        return f"smoke-{m}", alarm(m)
    if m % 5 == 0:
        return f"radar-{m // 5 % 20}", frame(m // 5 % 20, m // 100, rnd)
    return f"pir-{m % SOURCES}", reading(m % SOURCES, m // SOURCES)


def make(case: str, count: int) -> list[tuple[str, bytes]]:
    """(source, payload) of every message of this case: single readings and positions, or arrays of 50 of one source."""
    rnd, messages = random.Random(7), []
    for m in range(count):
        source, turn = m % SOURCES, m // SOURCES
        if case == "messages":
            body: object = reading(source, turn)
            name = f"pir-{source}"
        elif case == "mixed":
            name, body = mixed(m, rnd)
        elif case == "readings":
            body = [reading(source, turn * 50 + i) for i in range(50)]
            name = f"pir-{source}"
        else:
            body = [frame(source % 20, (m // 20) * 50 + i, rnd) for i in range(50)]
            name = f"radar-{source % 20}"
        messages.append((name, json.dumps(body, separators=(",", ":")).encode()))
    return messages


def packet(name: str, payload: bytes, mid: int) -> bytes:
    """One PUBLISH of QoS 1."""
    topic = b"city/in/" + name.encode()
    left = len(topic).to_bytes(2, "big") + topic + mid.to_bytes(2, "big") + payload
    length, n = bytearray(), len(left)
    while True:
        length.append((n & 127) | (128 if n > 127 else 0))
        n >>= 7
        if not n:
            return b"\x32" + bytes(length) + left


def run(port: int, case: str, rate: float, seconds: float) -> dict[str, object]:
    """Send at this rate (messages a second) for so long; wait for the broker's acks."""
    messages = make(case, int(rate * seconds))
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.sendall(CONNECT)
    sock.recv(4)
    acked, began, sent = 0, time.monotonic(), 0
    cpu = time.process_time()
    mark = STAMP.encode()
    while acked < 4 * len(messages):
        due = min(len(messages), int((time.monotonic() - began) * rate) + 1)
        if sent < due:
            now = stamp()
            chunk = []
            for name, payload in messages[sent:due]:
                sent += 1
                chunk.append(packet(name, payload.replace(mark, now), sent % 65535 + 1))
            sock.sendall(b"".join(chunk))
        wait = began + sent / rate - time.monotonic() if sent < len(messages) else 5.0
        if select.select([sock], [], [], max(0.0, wait))[0]:
            got = len(sock.recv(65536))
            acked += got  # a PUBACK is four bytes
            if not got:
                break
        elif sent == len(messages):
            break
    took = time.monotonic() - began
    per = 1 if case in ("messages", "mixed") else 50
    return {"messages": sent, "events": sent * per, "acked": acked // 4, "seconds": round(took, 2),
            "cpu_s": round(time.process_time() - cpu, 2),
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))))
