"""The vault: who people are, what they wrote, where exactly they called from. Its own database, its own key file.

Each owner (a household, a case, a caller, a source of broken messages) has data keys of its own (AES-256-GCM), and the
database holds them only wrapped by the master key of the key file. *Erasing a person destroys the keys*: what they
sealed is unreadable from then on, in every copy of the database too, while the journal, which only ever held ``ref``,
still verifies. A ref is 128 random bits: it says nothing and cannot be guessed.

``hold`` keeps a text in memory until ``flush`` makes all of them durable in one transaction (the loop does so right
before the turn's own); ``seal`` is both at once.
"""

from __future__ import annotations

import base64
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from stream.clock import Clock
from stream.schema import HouseError
from stream.store import StartError, StoreError, open_database

schema = MetaData()
facts = Table("facts", schema, Column("key", Text, primary_key=True), Column("value", LargeBinary, nullable=False))
keys = Table(
    "keys", schema,
    Column("key", Text, primary_key=True),
    Column("owner", Text, nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=True),  # NULL: destroyed
    Column("at", BigInteger, nullable=False),
)
texts = Table(
    "texts", schema,
    Column("ref", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("texts_at", "purpose", "at"),
)
identities = Table(
    "identities", schema,
    Column("pseudonym", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
CHECK = b"gwanje vault"
KEYS = 20_000  # unwrapped keys kept in memory


class Identity(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who a pseudonym is."""

    name: str = ""
    address: str = ""
    phone: str = ""
    birth_year: int | None = None


def _lock(key: AESGCM, plain: bytes, about: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + key.encrypt(nonce, plain, about.encode())


def _unlock(key: AESGCM, sealed: bytes, about: str) -> bytes:
    """HouseError when the bytes were not sealed by this key for this very place."""
    try:
        return key.decrypt(sealed[:12], sealed[12:], about.encode())
    except InvalidTag:
        raise HouseError(f"vault: {about.partition(':')[0]} does not open: changed, or of another key") from None


class Vault:
    """An open vault. Safe to use from many threads. Raises StartError when it cannot be opened, StoreError later."""

    def __init__(self, url: str, key_file: str | Path, now: Callable[[], int] | None = None) -> None:
        self._now = now or Clock().now
        self._db = open_database(url, _prepare)
        self._lock = threading.RLock()
        self._keys: dict[str, tuple[str, AESGCM]] = {}  # owner -> its newest key
        self._new_keys: list[dict[str, Any]] = []
        self._held: dict[str, dict[str, Any]] = {}  # ref -> row that is not durable yet
        try:
            self._master = self._open_master(Path(key_file))
        except BaseException:
            self._db.close()
            raise

    def _open_master(self, file: Path) -> AESGCM:
        """The master key; made with a new vault, StartError when it is absent, unsafe or of another vault."""
        with self._db.begin() as conn:
            check = conn.execute(select(facts.c.value).where(facts.c.key == "check")).scalar()
            if check is None:
                master = AESGCM(_make_key(file) if not file.exists() else _read_key(file))
                conn.execute(insert(facts).values(key="check", value=_lock(master, CHECK, "check")))
                return master
        if not file.exists():
            raise StartError(f"the vault's key file {file} is missing; without it nobody reads the vault: restore it")
        master = AESGCM(_read_key(file))
        try:
            _unlock(master, check, "check")
        except HouseError:
            raise StartError(f"the key in {file} is not this vault's key: restore the right one") from None
        return master

    def _key_for(self, owner: str) -> tuple[str, AESGCM]:
        """The owner's newest key; a new one when there is none (or when the database can't say: then one more)."""
        if owner not in self._keys:
            try:
                with self._db.read() as conn:
                    row = conn.execute(
                        select(keys).where(keys.c.owner == owner, keys.c.wrapped.is_not(None))
                        .order_by(keys.c.at.desc(), keys.c.key).limit(1)
                    ).first()
            except StoreError:
                row = None
            self._keys[owner] = self._unwrap(row) if row else self._make(owner)
            if len(self._keys) > KEYS and not self._new_keys:
                del self._keys[next(iter(self._keys))]
        return self._keys[owner]

    def _unwrap(self, row: Row[Any]) -> tuple[str, AESGCM]:
        return row.key, AESGCM(_unlock(self._master, row.wrapped, f"key:{row.key}"))

    def _make(self, owner: str) -> tuple[str, AESGCM]:
        name, plain = secrets.token_urlsafe(16), AESGCM.generate_key(256)
        wrapped = _lock(self._master, plain, f"key:{name}")
        self._new_keys.append({"key": name, "owner": owner, "wrapped": wrapped, "at": self._now()})
        return name, AESGCM(plain)

    def hold(self, owner: str, content: str | bytes, purpose: str, ref: str = "") -> str:
        """Seal in memory: the ref is good at once, durable after ``flush``. A given ``ref`` names a second part."""
        plain = b"t" + content.encode() if isinstance(content, str) else b"b" + content
        with self._lock:
            name, key = self._key_for(owner)
            ref = ref or secrets.token_urlsafe(16)
            sealed = _lock(key, plain, f"text:{ref}:{purpose}")
            self._held[ref] = {"ref": ref, "key": name, "purpose": purpose, "sealed": sealed, "at": self._now()}
        return ref

    def flush(self) -> None:
        """Make durable all that is held. StoreError when the database does not take it; it stays held then."""
        with self._lock:
            new, held = list(self._new_keys), list(self._held.values())
            if not new and not held:
                return
            with self._db.begin() as conn:
                if new:
                    conn.execute(insert(keys), new)
                if held:
                    conn.execute(insert(texts), held)
            self._new_keys.clear()
            self._held.clear()

    def seal(self, owner: str, text: str | bytes, purpose: str) -> str:
        """Seal a text of this owner, durable on return; the answer is its ref. StoreError when it cannot be kept."""
        ref = self.hold(owner, text, purpose)
        try:
            self.flush()
        except StoreError:
            with self._lock:
                self._held.pop(ref, None)
            raise
        return ref

    def open(self, ref: str) -> str | None:
        """The text of this ref; None when there is none (never, purged, or its owner was erased)."""
        opened = self._plain(ref)
        return opened[1:].decode() if opened and opened[:1] == b"t" else None

    def open_bytes(self, ref: str) -> bytes | None:
        """As ``open``, for what was sealed as bytes."""
        opened = self._plain(ref)
        return opened[1:] if opened and opened[:1] == b"b" else None

    def _plain(self, ref: str) -> bytes | None:
        with self._lock:
            row = self._held.get(ref)
            ready = dict(self._keys.values())
        if row is None:
            with self._db.read() as conn:
                found = conn.execute(select(texts).where(texts.c.ref == ref)).mappings().first()
            if found is None:
                return None
            row = dict(found)
        key = ready.get(row["key"]) or self._stored_key(row["key"])
        return _unlock(key, row["sealed"], f"text:{ref}:{row['purpose']}") if key else None

    def _stored_key(self, name: str) -> AESGCM | None:
        with self._db.read() as conn:
            row = conn.execute(select(keys).where(keys.c.key == name, keys.c.wrapped.is_not(None))).first()
        return self._unwrap(row)[1] if row else None

    def erase(self, owner: str) -> int:
        """Destroy this owner's keys: nothing they sealed can be read again. How many texts and identities went."""
        with self._lock:
            self.flush()
            self._keys.pop(owner, None)
            with self._db.begin() as conn:
                mine = select(keys.c.key).where(keys.c.owner == owner)
                n = conn.execute(delete(texts).where(texts.c.key.in_(mine))).rowcount
                n += conn.execute(delete(identities).where(identities.c.key.in_(mine))).rowcount
                conn.execute(update(keys).where(keys.c.owner == owner).values(wrapped=None))
            self._db.scrub()
        return n

    def put_identity(self, pseudonym: str, identity: Identity) -> None:
        """Who this pseudonym is, from now on."""
        with self._lock:
            name, key = self._key_for(pseudonym)
            self.flush()
            sealed = _lock(key, msgspec.msgpack.encode(identity), f"identity:{pseudonym}")
            with self._db.begin() as conn:
                conn.execute(delete(identities).where(identities.c.pseudonym == pseudonym))
                conn.execute(insert(identities).values(pseudonym=pseudonym, key=name, sealed=sealed))

    def identity(self, pseudonym: str) -> Identity | None:
        """Who this pseudonym is; None when nobody said or the person was erased."""
        with self._db.read() as conn:
            row = conn.execute(select(identities).where(identities.c.pseudonym == pseudonym)).first()
        key = self._stored_key(row.key) if row else None
        if row is None or key is None:
            return None
        return msgspec.msgpack.decode(_unlock(key, row.sealed, f"identity:{pseudonym}"), type=Identity)

    def purge(self, purpose: str, before: int) -> int:
        """Forget texts of this purpose sealed before ``before`` (µs); how many they were."""
        with self._db.begin() as conn:
            n = conn.execute(delete(texts).where(texts.c.purpose == purpose, texts.c.at < before)).rowcount
        self._db.scrub()
        return n

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()


def _prepare(conn: Connection) -> None:
    schema.create_all(conn)


def _make_key(file: Path) -> bytes:
    """A new master key in a file that only its owner can read."""
    key = AESGCM.generate_key(256)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(base64.b64encode(key) + b"\n")
            out.flush()
            os.fsync(out.fileno())
    except OSError as broken:
        raise StartError(f"the vault's key file {file} cannot be made: {broken.strerror}") from None
    return key


def _read_key(file: Path) -> bytes:
    """The master key of this file; StartError when others may read it or it is none."""
    try:
        mode, content = file.stat().st_mode, file.read_bytes()
    except OSError as broken:
        raise StartError(f"the vault's key file {file} cannot be read: {broken.strerror}") from None
    if mode & 0o077:
        raise StartError(f"the vault's key file {file} can be read by others: chmod 600 {file}")
    try:
        key = base64.b64decode(content.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise StartError(f"the vault's key file {file} holds no key (32 bytes in base64)")
    return key
