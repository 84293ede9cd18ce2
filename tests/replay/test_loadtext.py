"""The figures of the load as lines: each number once, beside its limit."""

from replay.loadtext import text
from stream.alarmload import AlarmLoad


def test_every_figure_is_told() -> None:
    view = AlarmLoad().view(0, 3_600_000_000) | {
        "annunciated": 7, "mean": 0.2, "worst": 0.8, "share": {"P1": 0.25, "P2": 0.75, "P3": None},
        "held_back": {"folded": 3, "flood": 2}, "stale": 9, "flood_minutes": 30,
        "top_sources": [{"source": "/device/cam-1", "annunciated": 4, "detections": 61}],
    }  # fmt: skip
    said = text(view)
    for part in ("annunciated             7, 5 operator", "mean 0.2 (limit 1), worst 0.8 (limit 10)",
                 "P1 25% P2 75% P3 -", "folded 3, flood 2",
                 "stale 9", "minutes           30", "    4      61  /device/cam-1"):  # fmt: skip
        assert part in said, said
    assert "called nobody           nothing" in text(AlarmLoad().view(0, 1))
