"""By HTTP: what is answered 202 is let go, what is not is sent again with the same id."""

from collections.abc import Iterator

import pytest

from connectors.simulate.post import Poster, Refused
from stream.clock import Clock, monotonic
from stream.schema import US
from tests.connectors.simulate.console import TOKEN, Console
from tests.connectors.simulate.test_outbox import alarm, frame, reading


@pytest.fixture
def console() -> Iterator[Console]:
    running = Console(Clock(start=1_782_858_600 * US))
    yield running
    running.stop()


def poster(console: Console, token: str = TOKEN) -> tuple[Poster, list[int]]:
    heard: list[int] = []
    return Poster(console.url, token, heard.append, monotonic), heard


def test_the_console_tells_its_clock(console: Console) -> None:
    post, heard = poster(console)
    assert post.ask_time() and abs(heard[0] - console.clock.now()) < 60 * US
    post.close()


def test_what_is_taken_is_let_go(console: Console) -> None:
    post, _ = poster(console)
    post.send([alarm(), reading(), frame()])
    assert len(console.loop.wait(3)) == 3 and len(post.outbox) == 0 and post.accepted == 3
    post.close()


def test_an_alarm_outlives_a_console_that_is_away_and_comes_once(console: Console) -> None:
    post, _ = poster(console)
    console.close()
    kept = alarm()
    post.send([kept, frame()])
    assert len(post.outbox) == 1 and "no answer" in post.trouble
    console.open()
    post._not_before = 0.0  # as if the wait were over
    post.send([])
    assert [e.id for e in console.loop.wait(1)] == [kept.id] and len(post.outbox) == 0 and post.trouble == ""
    post.close()


def test_what_cannot_be_made_durable_is_kept(console: Console) -> None:
    post, _ = poster(console)
    console.loop.ok = False
    post.send([alarm()])
    assert len(post.outbox) == 1 and "503" in post.trouble
    console.loop.ok = True
    post._not_before = 0.0
    post.send([])
    assert len(console.loop.wait(1)) == 1 and len(post.outbox) == 0
    post.close()


def test_a_wrong_token_or_address_is_said_and_not_tried_for_ever(console: Console) -> None:
    post, _ = poster(console, "wrong")
    with pytest.raises(Refused, match="401"):
        post.send([alarm()])
    post.close()
    with pytest.raises(Refused, match="allowed"):
        Poster("console:8050", TOKEN, print, monotonic)
