"""Recorded events come out of plain, gzip and zstd files alike; a broken file says so, a broken line costs itself."""

import gzip
from pathlib import Path

import pytest
import zstandard

from connectors.files import LINE_BYTES, load_events, read_events
from stream.schema import SourceError

ALARM = (
    b'{"specversion":"1.0","id":"%d","source":"/device/d","type":"city.care.alarm",'
    b'"time":"2026-03-02T08:00:00+09:00","data":{"household":"H1","alarm":"fall"}}'
)
LINES = [ALARM % n for n in range(3)]
TEXT = b"\n".join(LINES) + b"\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
def test_the_same_events_come_out_of_every_packing_whatever_the_name(tmp_path: Path, pack: object) -> None:
    file = tmp_path / "events.bin"
    file.write_bytes(pack(TEXT))  # type: ignore[operator]
    assert list(read_events(file)) == LINES
    assert [e.id for e in load_events(file).events] == ["0", "1", "2"]


def test_files_of_several_frames_and_without_a_last_line_end_are_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "e"
    for pack in (bytes, gzip.compress, zstandard.compress):
        file.write_bytes(pack(LINES[0] + b"\r\n\n") + pack(LINES[1]))
        assert [e.id for e in load_events(file).events] == ["0", "1"]


def test_the_mark_that_some_editors_put_before_a_file_costs_no_event(tmp_path: Path) -> None:
    file = tmp_path / "e"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT)
    assert list(read_events(file)) == LINES


def test_a_line_may_be_an_array_and_a_bad_line_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "e"
    file.write_bytes(LINES[0] + b"\n{oops\n[" + LINES[1] + b"," + LINES[2] + b"]\n")
    told: list[int] = []
    loaded = load_events(file, progress=told.append)
    assert [e.id for e in loaded.events] == ["0", "1", "2"]
    assert [(q.reason, q.raw) for q in loaded.quarantined] == [("no_json", b"{oops")]
    assert sum(told) == file.stat().st_size


def test_an_endless_line_is_cut_and_the_next_one_goes_through(tmp_path: Path) -> None:
    file = tmp_path / "e"
    file.write_bytes(gzip.compress(b"x" * (LINE_BYTES + 5_000_000) + b"\n" + LINES[0]))
    loaded = load_events(file)
    assert [q.reason for q in loaded.quarantined] == ["too_big"] and [e.id for e in loaded.events] == ["0"]


@pytest.mark.parametrize(
    "content", [gzip.compress(TEXT)[:-9], zstandard.compress(TEXT)[:12], gzip.compress(TEXT)[:12]],
    ids=["gzip without its end", "zstd cut", "gzip cut"])
def test_a_broken_off_file_says_which(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.gz"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=r"bad_file: .*broken\.gz"):
        load_events(file)


def test_a_missing_file_or_a_folder_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(SourceError, match="bad_file"):
            load_events(path)
