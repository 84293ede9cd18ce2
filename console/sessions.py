"""Signed-in browsers: a signed cookie names a row of the session table; it dies by logout, age or a changed account."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from itsdangerous import BadData, TimestampSigner
from sqlalchemy import delete, insert, select, update

from console.accounts import Account, Accounts, token_hash
from stream.clock import monotonic
from stream.schema import US
from stream.store import Store
from stream.tables import sessions

ADMIN_IDLE_S = 15 * 60.0


class Session(msgspec.Struct, frozen=True):
    """One row: ``key`` is the hash of the cookie's id."""

    key: str
    user: str
    version: int


def session_key(folder: Path) -> bytes:
    """The signing key in the data folder, made on first use, readable by its owner only."""
    path = folder / "session.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(key := secrets.token_bytes(32))
    return key


class Sessions:
    """Opens, finds and ends sessions. ``max_s`` is the longest age (wall time), ``idle_s`` that without a request."""

    def __init__(
        self, store: Store, people: Accounts, key: bytes, now: Callable[[], int], max_s: float, idle_s: float,
        speed: float = 1.0, tick: Callable[[], float] = monotonic,
    ) -> None:
        self._store = store
        self._people = people
        self._signer = TimestampSigner(key, salt="gwanje.session")
        self._now = now
        self._max_s = max_s
        self._idle_s = idle_s
        self._keep_us = int(2 * max_s * speed * US)
        self._tick = tick
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}
        self._live: dict[str, Session] = {}
        self._moves = 0  # how often a session was opened or ended here
        self.refresh()

    def refresh(self) -> None:
        """Read the open sessions anew (another process may have ended one).

        Read again when one was opened or ended here meanwhile: else a fresh one would be lost, an ended one come back.
        """
        while True:
            moves = self._moves
            with self._store.read() as conn:
                rows = conn.execute(select(sessions).where(sessions.c.ended.is_(False))).mappings().all()
            live = {r["hash"]: Session(r["hash"], r["user"], r["version"]) for r in rows}
            with self._lock:
                if moves == self._moves:
                    self._live = live
                    return

    def open(self, account: Account) -> str:
        """A new session; answers the cookie's value. Rows older than the longest session are cleared on the way."""
        sid = secrets.token_urlsafe(24)
        session = Session(token_hash(sid), account.user, account.version)
        row = {"hash": session.key, "user": session.user, "version": session.version, "opened_at": self._now()}
        with self._store.begin() as conn:
            conn.execute(delete(sessions).where(sessions.c.opened_at < self._now() - self._keep_us))
            conn.execute(insert(sessions).values(**row))
        with self._lock:
            self._moves += 1
            self._live[session.key] = session
            self._used[session.key] = self._tick()
        return self._signer.sign(sid).decode()

    def find(self, cookie: str, touch: bool = True) -> tuple[Session, Account] | None:
        """The session of a cookie and its account; None when it is forged, over, idle, or its account has changed."""
        try:
            sid = self._signer.unsign(cookie, max_age=int(self._max_s)).decode()
        except (BadData, UnicodeDecodeError):
            return None
        return self.alive(token_hash(sid), touch)

    def alive(self, key: str, touch: bool = False) -> tuple[Session, Account] | None:
        """The session by its key when it still holds; ``touch`` counts as a request."""
        session = self._live.get(key)
        account = self._people.get(session.user) if session else None
        if session is None or account is None or account.disabled or account.version != session.version:
            return None
        limit = min(self._idle_s, ADMIN_IDLE_S) if account.role == "admin" else self._idle_s
        with self._lock:
            used = self._used.setdefault(key, self._tick())
            if self._tick() - used > limit:
                return None
            if touch:
                self._used[key] = self._tick()
        return session, account

    def fate(self, cookie: str) -> str:
        """Why a cookie is worth nothing any more: ``disabled``, the account was shut; ``expired``, anything else."""
        try:
            sid = self._signer.unsign(cookie).decode()
        except (BadData, UnicodeDecodeError):
            return "expired"
        session = self._live.get(token_hash(sid))
        account = self._people.get(session.user) if session else None
        return "disabled" if account is not None and account.disabled else "expired"

    def end(self, key: str) -> None:
        """Log out: the cookie is worth nothing from now on."""
        with self._store.begin() as conn:
            conn.execute(update(sessions).where(sessions.c.hash == key).values(ended=True))
        with self._lock:
            self._moves += 1
            self._live.pop(key, None)
            self._used.pop(key, None)
