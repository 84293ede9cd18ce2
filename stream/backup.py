"""A copy of store and vault in a folder, and a house made anew from it. The vault's key is never in the copy.

The store is written first and the vault after it, so every text that a record names is in the copy. A restored house
does not know what happened after the copy: a report to 112/119 that was on its way then may have arrived since. So each
of them becomes *unknown* (a person asks by phone), and none is sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, MetaData, func, select

from stream import dump, migrations, tables, vault
from stream.board import Board
from stream.journal import HEAD, Journal, verify
from stream.places import existing, sqlite_file
from stream.schema import Draft, SourceError
from stream.store import StartError, Store, open_database

FORMAT = 1
MANIFEST = "manifest.json"


class Part(NamedTuple):
    """One database of a house."""

    file: str
    schema: MetaData


PARTS = {"store": Part("store.zst", tables.schema), "vault": Part("vault.zst", vault.schema)}


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a copy holds: form, schema of the store, when (µs), the journal's head, SHA-256 and rows of each file."""

    format: int
    schema: int
    at: int
    head: str
    sha256: dict[str, str]
    rows: dict[str, int]


def _nothing(conn: Connection) -> None:
    """A tool changes nothing in a database that it only reads."""


def _sha256(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def backup(urls: dict[str, str], folder: Path, at: int) -> Manifest:
    """Copy the databases at ``urls`` (store, vault) into a new folder while the console runs on.

    StartError: one is absent, or the folder is there already.
    """
    for url in urls.values():
        existing(url)
    try:
        folder.mkdir(parents=True)
    except OSError as broken:
        raise StartError(f"the folder {folder} cannot be made: {broken.strerror}") from None
    rows, schema, head = {}, 0, ""
    for name, part in PARTS.items():
        database = open_database(urls[name], _nothing)
        with database.read() as conn, (folder / part.file).open("wb") as out:
            rows[name] = dump.write(conn, part.schema, out)
            if name == "store":
                schema = migrations.version(conn)
                head = conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == HEAD)).scalar() or ""
        database.close()
    sums = {name: _sha256(folder / part.file) for name, part in PARTS.items()}
    manifest = Manifest(FORMAT, schema, at, head, sums, rows)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a copy whose files are whole; SourceError ``bad_backup`` otherwise."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        changed = [name for name, part in PARTS.items() if _sha256(folder / part.file) != manifest.sha256[name]]
    except (OSError, msgspec.DecodeError, KeyError) as broken:
        raise SourceError("bad_backup", str(broken)) from None
    if changed:
        raise SourceError("bad_backup", f"{' and '.join(changed)}: not the bytes that were written")
    if (manifest.format, manifest.schema) != (FORMAT, migrations.VERSION):
        raise SourceError("bad_backup", f"made by another version: form {manifest.format}, schema {manifest.schema}; "
                                        f"this one knows {FORMAT} and {migrations.VERSION}")
    return manifest


@contextmanager
def _fresh(url: str) -> Iterator[str]:
    """Address to fill: for SQLite a file beside, which takes its place only when all went well."""
    file = sqlite_file(url)
    if file is None:
        yield url
        return
    if file.exists():
        raise StartError(f"{file} exists; a copy is restored into an empty data folder only")
    beside = file.with_name(file.name + ".restoring")
    beside.unlink(missing_ok=True)
    try:
        yield f"sqlite:///{beside}"
        beside.rename(file)
    finally:
        for rest in beside.parent.glob(f"{beside.name}*"):
            rest.unlink()


def _prepare(name: str, conn: Connection) -> None:
    """Tables without a row; StartError when there is a row already."""
    PARTS[name].schema.create_all(conn)
    for table in PARTS[name].schema.sorted_tables:
        if conn.execute(select(func.count()).select_from(table)).scalar():
            raise StartError(f"the {name} is not empty; a copy is restored into an empty database only")


def _doubt(store: Store, at: int) -> int:
    """Record each report that was under way as unknown; how many they were."""
    journal, board = Journal(store), Board()
    for record in journal.read():
        board.apply(record)
    drafts = []
    for key in list(board.moving):
        known = board.report(key)
        if known:
            incident, report = known
            body = {"agency": report.agency, "generation": report.generation, "key": key, "reason": "restored"}
            drafts.append(Draft("escalation.unknown", incident.id, at, body, "restore", f"record:{board.seq}"))
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(draft, at) for draft in drafts])
    return len(drafts)


def _fill(name: str, url: str, folder: Path, head: str, at: int) -> int:
    """Fill one database from the copy and check it; of the store, how many reports became unknown."""
    database = open_database(url, lambda conn: _prepare(name, conn))
    try:
        with database.begin() as conn, (folder / PARTS[name].file).open("rb") as source:
            dump.read(conn, PARTS[name].schema, source)
        if name != "store":
            return 0
        found = verify(database, head)
        if not found.ok:
            raise SourceError("bad_backup", f"record {found.first_bad}: {found.why}")
        return _doubt(database, at)
    finally:
        database.close()


def restore(folder: Path, urls: dict[str, str], at: int) -> tuple[Manifest, int]:
    """Make the house of this copy at ``urls``; the manifest, and how many reports became unknown.

    SourceError: the copy is not whole. StartError: something is there already. Nothing half-made stays in files.
    """
    manifest = read_manifest(folder)
    with _fresh(urls["vault"]) as vault_url, _fresh(urls["store"]) as store_url:
        _fill("vault", vault_url, folder, "", at)
        return manifest, _fill("store", store_url, folder, manifest.head, at)
