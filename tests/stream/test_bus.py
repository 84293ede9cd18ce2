"""The bus carries news; when it dies, everybody is told to look into the store, and nobody waits or falls."""

import threading

from stream.bus import MemoryBus, RedisBus
from tests.servers import Redis


class Heard:
    """What a subscriber heard, and a way to wait for it."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.gaps = 0
        self._changed = threading.Condition()

    def __call__(self, message: bytes) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def gap(self) -> None:
        with self._changed:
            self.gaps += 1
            self._changed.notify_all()

    def wait(self, done) -> bool:  # type: ignore[no-untyped-def]
        with self._changed:
            return bool(self._changed.wait_for(done, 30))


def test_in_one_process_all_hear_at_once_and_one_that_fails_stops_nobody() -> None:
    bus, heard = MemoryBus(), Heard()

    def broken(message: bytes) -> None:
        raise RuntimeError

    bus.subscribe("a", broken)
    bus.subscribe("a", heard)
    bus.publish("a", b"1")
    bus.publish("b", b"2")
    assert heard.messages == [b"1"]
    assert bus.faults == 1
    bus.close()


def test_two_processes_hear_each_other(redis_server: Redis) -> None:
    one, two, heard = RedisBus(redis_server.url), RedisBus(redis_server.url), Heard()
    two.subscribe("a", heard, heard.gap)
    assert heard.wait(lambda: heard.gaps == 1)
    for i in range(50):
        one.publish("a", str(i).encode())
    assert heard.wait(lambda: len(heard.messages) == 50)
    assert heard.messages == [str(i).encode() for i in range(50)]
    two.subscribe("b", heard)
    assert heard.wait(lambda: heard.gaps == 2)
    one.publish("b", b"x")
    assert heard.wait(lambda: heard.messages[-1] == b"x")
    one.close()
    two.close()


def test_redis_dies_in_the_middle_and_comes_back(redis_server: Redis) -> None:
    one, two, heard = RedisBus(redis_server.url), RedisBus(redis_server.url), Heard()
    two.subscribe("a", heard, heard.gap)
    assert heard.wait(lambda: heard.gaps == 1)
    one.publish("a", b"before")
    assert heard.wait(lambda: heard.messages == [b"before"])
    redis_server.kill()
    for _ in range(20):
        one.publish("a", b"lost")  # does not raise, does not wait
    redis_server.start()
    assert heard.wait(lambda: heard.gaps == 2)  # the subscriber knows that it has to look into the store
    one.publish("a", b"after")
    assert heard.wait(lambda: b"after" in heard.messages)
    assert two.connected
    one.close()
    two.close()


def test_without_any_redis_nothing_is_held_up_and_what_does_not_fit_is_counted(free_port: int) -> None:
    bus = RedisBus(f"redis://127.0.0.1:{free_port}/0", limit=5)
    bus.subscribe("a", lambda message: None)
    for i in range(100):
        bus.publish("a", str(i).encode())
    assert bus.dropped >= 90
    assert not bus.connected
    bus.close()
