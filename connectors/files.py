"""Recorded events from a file: JSON Lines, plain, gzip or zstd (told apart by their first bytes, not by their name)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import zstandard

from connectors.decode import MAX_BYTES, Far, decode
from stream.schema import Event, Quarantined, SourceError

LINE_BYTES = 64 * MAX_BYTES  # a line longer than this is cut: what is left of it cannot be an event any more
TOLD_BYTES = 1 << 20  # progress is told of in such steps
GZIP, ZSTD, BOM = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xef\xbb\xbf"


class Loaded(NamedTuple):
    """What a file holds: its events in the order of the lines, and what of it was put aside."""

    events: list[Event]
    quarantined: list[Quarantined]


def read_events(path: str | Path) -> Iterator[bytes]:
    """The lines of the file, without their ends; empty lines are left out, and the mark some editors put before all.

    Raises SourceError ``bad_file`` when the file cannot be read, or breaks off in the middle of its compression.
    """
    try:
        with Path(path).open("rb") as raw:
            magic = raw.peek(4)[:4]
            yield from _lines(_blocks(raw, magic))
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise SourceError("bad_file", f"{path}: {error}") from error


def _blocks(raw: IO[bytes], magic: bytes) -> Iterator[bytes]:
    """The file's plain bytes, block by block."""
    if magic.startswith(ZSTD):
        yield from _unzstd(raw)
        return
    stream = gzip.GzipFile(fileobj=raw) if magic.startswith(GZIP) else raw
    while block := stream.read(1 << 20):
        yield block


def _unzstd(raw: IO[bytes]) -> Iterator[bytes]:
    """Frame after frame; small bites, because one of 2 KB can hold 64 MB of zeros."""
    frame, begun = zstandard.ZstdDecompressor().decompressobj(), False
    while bite := raw.read(2048):
        while bite:
            yield frame.decompress(bite)
            begun, bite = not frame.eof, frame.unused_data
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
    if begun:
        raise EOFError("the file ends inside a zstd frame")


def _lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines of any length up to the limit; a bomb without a line end costs one over-long line, not the memory."""
    rest, cut, first = b"", False, True
    for block in blocks:
        block, first = block.removeprefix(BOM) if first else block, False
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            if not cut and line.strip():
                yield line
            cut = False
        if len(rest) > LINE_BYTES:
            if not cut:
                yield rest[:LINE_BYTES]
            rest, cut = b"", True
    if not cut and rest.strip():
        yield rest


def load_events(path: str | Path, far: Far | None = None, progress: Callable[[int], object] | None = None) -> Loaded:
    """Every event of a recorded file, judged at its own time (a re-run checks no clock).

    ``progress(n)`` is told of each ``n`` bytes that were decoded.
    """
    events: list[Event] = []
    quarantined: list[Quarantined] = []
    read = 0
    for line in read_events(path):
        found, aside = decode(line, 0, check_clock=False, far=far)
        events += found
        quarantined += aside
        read += len(line) + 1
        if progress is not None and read >= TOLD_BYTES:
            progress(read)
            read = 0
    if progress is not None:
        progress(read)
    return Loaded(events, quarantined)
