"""What the look back and the drills answer keeps to its shapes."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
import pytest

from console import shapes_replay
from stream.clock import format_kst
from tests.console.conftest import Desk


@pytest.mark.parametrize(("path", "shape"), [
    ("range", shapes_replay.ReplayRange), ("strip", shapes_replay.ReplayStrip), ("step", shapes_replay.ReplayPoint),
    ("find?what=%231", shapes_replay.ReplayPoint),
])  # fmt: skip
def test_an_answer_keeps_to_its_shape(desk: Desk, path: str, shape: type[msgspec.Struct]) -> None:
    desk.live.opened()
    desk.live.clock.advance(1_000_000)
    answer = desk.client("supervisor").get(f"/api/v1/replay/{path}")
    assert answer.status_code == 200
    assert msgspec.convert(answer.json, shape)


def test_after_the_last_record_there_is_no_step(desk: Desk) -> None:
    desk.live.opened()
    desk.client("supervisor")
    later = urlencode({"at": format_kst(desk.live.clock.now() + 10_000_000)})
    answer = desk.client("supervisor").get(f"/api/v1/replay/step?{later}").json
    assert msgspec.convert(answer, shapes_replay.ReplayPoint).at_ms is None
