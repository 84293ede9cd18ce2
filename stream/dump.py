"""A whole database as one file, the same from SQLite and PostgreSQL: a store can also move from one to the other.

The file is zstd over frames: four bytes of length, then msgpack ``[table, [row, ...]]``; rows are lists in the order of
the table's columns. The last frame is ``["", n]`` with the number of rows, so a file that was cut is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import zstandard
from sqlalchemy import Connection, MetaData, insert, select

from stream.schema import SourceError

ROWS = 500
MAX_FRAME = 1 << 30

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Any]).decode


def write(conn: Connection, schema: MetaData, out: BinaryIO) -> int:
    """Write every row of every table as this connection's snapshot has it; the answer is how many."""
    n = 0
    with zstandard.ZstdCompressor(level=3).stream_writer(out, closefd=False) as packed:

        def frame(content: list[Any]) -> None:
            data = _encode(content)
            packed.write(len(data).to_bytes(4, "big") + data)

        for table in schema.sorted_tables:
            rows = conn.execution_options(yield_per=ROWS).execute(select(table).order_by(*table.primary_key))
            for page in rows.partitions(ROWS):
                frame([str(table.name), [list(row) for row in page]])
                n += len(page)
        frame(["", n])
    return n


def frames(source: BinaryIO) -> Iterator[list[Any]]:
    """The frames of a file, the last one included. SourceError ``bad_backup`` when it is cut or not such a file."""
    unpacked = zstandard.ZstdDecompressor().stream_reader(source)
    try:
        while head := unpacked.read(4):
            size = int.from_bytes(head, "big")
            if len(head) < 4 or size > MAX_FRAME:
                raise SourceError("bad_backup", "not a backup of this program")
            yield _decode(unpacked.read(size))
    except (zstandard.ZstdError, msgspec.DecodeError) as broken:
        raise SourceError("bad_backup", str(broken)) from None


def read(conn: Connection, schema: MetaData, source: BinaryIO) -> int:
    """Put every row of the file into the (empty) tables of this connection; the answer is how many."""
    n, told = 0, -1
    for name, content in frames(source):
        if name == "":
            told = content
            continue
        table = schema.tables.get(name)
        if table is None:
            raise SourceError("bad_backup", f"holds a table {name!r} that this program does not know")
        columns = [column.name for column in table.columns]
        conn.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in content])
        n += len(content)
    if n != told:
        raise SourceError("bad_backup", f"was cut: {n} rows, {told} were written" if told >= 0 else "was cut")
    return n
