"""The one record: a SQL database, embedded SQLite or PostgreSQL, through the same SQLAlchemy Core code.

It is refused at start when it would lose what it confirmed: SQLite must run WAL with ``synchronous=FULL`` (measured:
WAL+NORMAL loses 825 of 12,770 commits at a power cut, WAL+FULL none), PostgreSQL ``fsync`` and ``synchronous_commit``.
One connection writes, guarded by a lock; with ``lock()`` it is also the only console on this store: a lock file beside
SQLite, an advisory lock *on the writing connection* in PostgreSQL, so a writer that lost its connection has to win the
lock again before it writes again.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from stream import migrations
from stream.schema import HouseError
from stream.wal import PAGES, Mover

ADVISORY_KEY = 0x6777616E6A65  # "gwanje"
BUSY_MS = 5000
# A server that does not answer must not hold the loop for ever: seconds, milliseconds, milliseconds.
POSTGRES = {"connect_timeout": 2, "tcp_user_timeout": 10_000, "application_name": "gwanje",
            "options": "-c statement_timeout=15000 -c lock_timeout=5000"}


class StartError(HouseError):
    """Something the house cannot start with: plain words for the person at the keyboard; exit code 2."""


class StoreError(HouseError):
    """The store did not take (or give) what was asked; ``code`` is full, readonly, busy, taken or gone."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


_SIGNS = (
    ("full", ("is full", "no space left", "disk full")),
    ("readonly", ("readonly", "read-only", "permission denied")),
    ("busy", ("is locked",)),
)


def _code(error: BaseException) -> str:
    said = str(error).lower()
    return next((code for code, signs in _SIGNS if any(sign in said for sign in signs)), "gone")


def _set_sqlite(dbapi: Any, _record: Any) -> None:
    """What each SQLite connection is set to; BEGIN is ours (see _begin_*), not the driver's."""
    dbapi.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                   "temp_store=MEMORY", "secure_delete=ON", "cache_size=-16384"):
        dbapi.execute(f"PRAGMA {pragma}").fetchall()


class Store:
    """An open store. ``begin()`` writes (one at a time), ``read()`` reads; both give a SQLAlchemy connection."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.sqlite = url.get_backend_name() == "sqlite"
        self._turnstile = threading.RLock()
        self._writer: Connection | None = None
        self._lock_file: IO[str] | None = None
        self._mover: Mover | None = None
        self._locked = False
        self._write_engine = self._engine(pool_size=1, max_overflow=0)
        snapshot = {} if self.sqlite else {"pool_pre_ping": True, "isolation_level": "REPEATABLE READ"}
        self._read_engine = self._engine(pool_size=8, max_overflow=24, **snapshot)
        if self.sqlite:
            event.listen(self._write_engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
            event.listen(self._read_engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))

    def _engine(self, **pool: Any) -> Engine:
        args = {"check_same_thread": False} if self.sqlite else POSTGRES
        engine = create_engine(self.url, connect_args=args, hide_parameters=True, **pool)
        if self.sqlite:
            event.listen(engine, "connect", _set_sqlite)
        return engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: committed (and on disk) at the end, rolled back when anything is raised.

        Raises StoreError when the database does not take it; IntegrityError stays itself.
        """
        with self._turnstile:
            try:
                conn = self._writing()
                with conn.begin():
                    yield conn
            except IntegrityError:
                raise
            except (SQLAlchemyError, OSError) as broken:
                self._drop_writer()
                raise StoreError(_code(broken), str(getattr(broken, "orig", broken))) from broken

    def _writing(self) -> Connection:
        """The one writing connection; a new one has to win the lock of this console again."""
        if self._writer is None:
            conn = self._write_engine.connect()
            if self._locked and not self.sqlite:
                with conn.begin():
                    mine = _take_advisory(conn)
                if not mine:
                    conn.close()
                    raise StoreError("taken", "another console has taken over this store")
            if self._mover is not None:
                conn.connection.cursor().execute(f"PRAGMA wal_autocheckpoint={PAGES}")
            self._writer = conn
        return self._writer

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(SQLAlchemyError):
                writer.invalidate()
                writer.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading, of any thread: one snapshot of what is committed. Raises StoreError."""
        try:
            with self._read_engine.connect() as conn:
                yield conn
        except (DBAPIError, PoolTimeout) as broken:
            raise StoreError(_code(broken), str(getattr(broken, "orig", broken))) from broken

    def lock(self) -> None:
        """Be the only console on this store until ``close`` or the end of the process. StartError when one is there."""
        if self.sqlite:
            database = Path(str(self.url.database))
            self._lock_file = _take_file(database)
            self._mover = Mover(database)
            self._drop_writer()
        else:
            with self.begin() as conn:
                if not _wait_advisory(conn):
                    raise StartError(f"another console already runs on {self.url.render_as_string()}")
        self._locked = True

    def scrub(self) -> None:
        """Have SQLite write deletions into the file itself and empty its log; PostgreSQL's VACUUM is its operator's."""
        if self.sqlite:
            with self._turnstile:
                self._writing().connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def insert(self, table: Table) -> Any:
        """An INSERT for this table that also knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return sqlite.insert(table) if self.sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Let go of all connections and of the lock."""
        if self._mover is not None:
            self._mover.stop()
        with self._turnstile:
            self._mover = None
            writer, self._writer = self._writer, None
            if writer is not None:
                with suppress(SQLAlchemyError):
                    writer.close()
            self._write_engine.dispose()
            self._read_engine.dispose()
            if self._lock_file is not None:
                self._lock_file.close()
                self._lock_file = None
            self._locked = False


def _take_advisory(conn: Connection) -> bool:
    """Take PostgreSQL's advisory lock for the session of this connection; True when it is ours."""
    return bool(conn.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar())


def _wait_advisory(conn: Connection) -> bool:
    """The same, waiting for a console that has just ended: its server process may live a moment longer than it."""
    conn.exec_driver_sql("SET LOCAL lock_timeout = '3s'")
    try:
        conn.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_KEY})
    except DBAPIError as broken:
        if "lock timeout" in str(broken.orig):
            return False
        raise
    return True


def _take_file(database: Path) -> IO[str]:
    """Lock the file beside a SQLite database; the system lets go of it when the process ends, however it ends."""
    file = open(database.with_name(database.name + ".lock"), "a+", encoding="ascii")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        pid = file.read().strip()
        file.close()
        raise StartError(f"another console (process {pid or '?'}) already runs on {database.parent}") from None
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


def _check_durable(conn: Connection, sqlite: bool) -> None:
    """StartError unless a commit is on disk when it returns."""
    names = ("journal_mode", "synchronous") if sqlite else ("fsync", "synchronous_commit")
    ask = "PRAGMA {}" if sqlite else "SHOW {}"
    found = {name: str(conn.exec_driver_sql(ask.format(name)).scalar()) for name in names}
    want = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "fsync": ("on",),
            "synchronous_commit": ("on", "remote_apply")}
    for name, value in found.items():
        if value not in want[name]:
            raise StartError(f"the store would lose what it confirmed: {name} is {value}, must be {want[name][0]}")


_WORDS = {
    "full": "the disk is full",
    "readonly": "it cannot be written to (read-only)",
    "busy": "another program holds it",
    "taken": "another console has taken it over",
    "gone": "it cannot be opened",
}


def _folder_of(url: URL) -> None:
    """Make the folder a SQLite store lies in; StartError when it cannot be written to."""
    if not url.database or url.database == ":memory:":
        raise StartError("a store in memory keeps nothing: give a file, e.g. sqlite:///data/store.db")
    folder = Path(url.database).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as broken:
        raise StartError(f"the data folder {folder} cannot be made: {broken.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StartError(f"the data folder {folder} is read-only")


def open_store(url: str | URL) -> Store:
    """Open the store of this SQLAlchemy address and bring its schema up to date; raises as ``open_database``."""
    return open_database(url, migrations.migrate)


def open_database(url: str | URL, prepare: Callable[[Connection], None]) -> Store:
    """Open this database, check that it is durable, have ``prepare`` make its tables.

    Raises StartError in plain words: no such database, read-only, full, not a database, newer schema, not durable.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StartError(f"not an address of a store: {url!r} (sqlite:///FILE or postgresql+psycopg://...)") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StartError(f"a store is sqlite or postgresql, not {parsed.get_backend_name()}")
    if parsed.get_backend_name() == "sqlite":
        _folder_of(parsed)
    elif parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    store = Store(parsed)
    try:
        with store.begin() as conn:
            _check_durable(conn, store.sqlite)
            prepare(conn)
    except StoreError as broken:
        store.close()
        where = parsed.render_as_string(hide_password=True)
        raise StartError(f"the store {where}: {_WORDS[broken.code]} ({broken})") from None
    except HouseError as broken:
        store.close()
        raise broken if isinstance(broken, StartError) else StartError(str(broken)) from None
    return store
