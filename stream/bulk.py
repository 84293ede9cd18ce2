"""Many rows in one statement, on SQLite and PostgreSQL: the rows travel as one JSON text.

A database driver gives Python's interpreter lock away at each step of each row; with a busy receiving thread beside the
loop every row would then wait to win it back (measured: 300 ms for 40 rows). One statement gives it away once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Integer, Table, text
from sqlalchemy.sql.elements import TextClause

_encode = msgspec.json.Encoder().encode


def insert_rows(conn: Connection, table: Table, rows: Sequence[Sequence[Any]], conflict: str = "") -> None:
    """Insert rows of texts and whole numbers, in the order of the table's columns.

    ``conflict``: empty, ``nothing`` (what is there stays) or the name of a column that is set anew.
    """
    if rows:
        conn.execute(_statement(table, conn.dialect.name, conflict), {"rows": _encode(rows).decode()})


def find_keys(conn: Connection, table: Table, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these pairs are primary keys of the table: one look-up by index each, in one statement.

    (A list of pairs in an IN would make SQLite read the whole table: measured 70 ms for 50 pairs of 600,000.)
    """
    if not keys:
        return set()
    rows = conn.execute(_finder(table, conn.dialect.name), {"rows": _encode(keys).decode()})
    return {(first, second) for first, second in rows}


@cache
def _finder(table: Table, dialect: str) -> TextClause:
    first, second = (f't."{column.name}"' for column in table.primary_key.columns)
    if dialect == "sqlite":  # CROSS JOIN keeps the order: from the few to the many
        source, one, two = "json_each(:rows) AS j CROSS JOIN", *(f"json_extract(j.value, '$[{i}]')" for i in (0, 1))
    else:
        source, one, two = "json_array_elements(CAST(:rows AS json)) AS j JOIN", "j->>0", "j->>1"
    return text(f'SELECT {first}, {second} FROM {source} "{table.name}" AS t ON {first} = {one} AND {second} = {two}')


@cache
def _statement(table: Table, dialect: str, conflict: str) -> TextClause:
    names = [f'"{column.name}"' for column in table.columns]
    if dialect == "sqlite":
        picked = [f"json_extract(j.value, '$[{i}]')" for i in range(len(names))]
        source = "json_each(:rows) AS j WHERE true"  # without WHERE, ON CONFLICT would be read as a join's ON
    else:
        picked = [f"CAST(j->>{i} AS {_type(column)})" for i, column in enumerate(table.columns)]
        source = "json_array_elements(CAST(:rows AS json)) AS j"
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    ending = {"": "", "nothing": " ON CONFLICT DO NOTHING"}.get(
        conflict, f' ON CONFLICT ({keys}) DO UPDATE SET "{conflict}" = excluded."{conflict}"')
    return text(f'INSERT INTO "{table.name}" ({", ".join(names)}) SELECT {", ".join(picked)} FROM {source}{ending}')


def _type(column: Any) -> str:
    return "bigint" if isinstance(column.type, BigInteger | Integer) else "text"
