"""Accounts and tokens: who may come in, as what. Passwords are kept as argon2id only, tokens as SHA-256 only.

A name that does not exist takes exactly the way of one that does.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from stream.schema import US
from stream.store import Store
from stream.tables import accounts, tokens

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP: m >= 19 MiB, t >= 2
NOBODY = HASHER.hash(secrets.token_urlsafe(16))
MIN_PASSWORD = 8
ONCE, ONCE_H = "once", 24  # a one-time secret is kept as "once:<until µs>:<argon2id>" and ends by itself
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike: somebody reads them out by phone
HOUR_US = 3600 * US
DEVICE = "device"
BOARD = "board"
GUESTS = {"112": "guest_112", "119": "guest_119"}  # whoever holds the link of one incident, by agency


class AccountError(Exception):
    """The account cannot be made or changed; the text says why."""


class Account(msgspec.Struct, frozen=True):
    """One row: ``scope`` is a school's zone, ``version`` grows with each change, ``fresh``: no password yet."""

    user: str
    role: str
    disabled: bool
    scope: str
    version: int
    fresh: bool = False


class Token(msgspec.Struct, frozen=True):
    """A bearer token's row: ``role`` is device, board or a person's role; ``prefix`` its source prefix or zone."""

    name: str
    role: str
    prefix: str
    expires_at: int = 0
    created_at: int = 0


def secret() -> str:
    """A one-time secret of 3 × 4 letters, about 59 bits; guessing is slowed as for any password."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _parted(kept: str | None, now: int) -> tuple[str, bool, bool]:
    """What is kept for an account: the argon2id, whether it is of a one-time secret, whether it has run out."""
    if not kept or not kept.startswith(f"{ONCE}:"):
        return kept or NOBODY, False, False
    _, until, hashed = kept.split(":", 2)
    return hashed, True, int(until) <= now


def token_hash(token: str) -> str:
    """What is stored of a token (tokens have 256 bits, so a plain hash is enough)."""
    return hashlib.sha256(token.encode()).hexdigest()


class Accounts:
    """The accounts and tokens of a store, mirrored in memory; ``refresh`` sees what another process changed."""

    def __init__(self, store: Store, now: Callable[[], int], roles: Iterable[str]) -> None:
        self._store = store
        self._now = now
        self._roles = frozenset(roles)
        self._by_user: dict[str, Account] = {}
        self._tokens: dict[str, Token] = {}
        self._lock = threading.Lock()
        self._hashing = threading.Lock()
        self.refresh()

    def refresh(self) -> bool:
        """Read the rows anew; True when anything had changed. One at a time: what was read last is what stands."""
        with self._lock:
            return self._refresh()

    def _refresh(self) -> bool:
        with self._store.read() as conn:
            people = conn.execute(select(accounts)).mappings().all()
            bearers = conn.execute(select(tokens).where(tokens.c.disabled.is_(False))).mappings().all()
        rows = (Account(r["user"], r["role"], bool(r["disabled"]), r["scope"], r["version"],
                        r["hash"].startswith(f"{ONCE}:")) for r in people)
        by_user = {account.user: account for account in rows}
        held = {r["hash"]: Token(r["name"], r["kind"], r["prefix"], r["expires_at"], r["created_at"]) for r in bearers}
        changed = (by_user, held) != (self._by_user, self._tokens)
        self._by_user, self._tokens = by_user, held
        return changed

    def get(self, user: str) -> Account | None:
        """The account, disabled ones too."""
        return self._by_user.get(user)

    def all(self) -> list[Account]:
        """All accounts by name."""
        return sorted(self._by_user.values(), key=lambda a: a.user)

    def bearer(self, token: str) -> Token | None:
        """Whose token this is, or None."""
        return self._good(token_hash(token))

    def _good(self, hashed: str) -> Token | None:
        """The token's row while it has not run out (``expires_at`` µs, 0: never)."""
        held = self._tokens.get(hashed)
        return None if held is None or 0 < held.expires_at <= self._now() else held

    def holds(self, name: str, role: str) -> bool:
        """Whether a token of this name and role is still good."""
        return any(t.name == name and t.role == role and self._good(hashed) for hashed, t in self._tokens.items())

    def prefix_of(self, hashed: str) -> str | None:
        """Source prefix that the device's token with this SHA-256 may speak for, None when it may not feed events."""
        found = self._good(hashed)
        return found.prefix if found and found.role == DEVICE else None

    def check(self, user: str, password: str, once: bool = False) -> Account | None:
        """The account when the password is right and it may come in; the same work is done whoever is named.

        A one-time secret counts only where a password is chosen next (``once``), and until it runs out.
        """
        account = self._by_user.get(user)
        with self._store.read() as conn:
            stored = conn.execute(select(accounts.c.hash).where(accounts.c.user == user)).scalar()
        hashed, fresh, over = _parted(stored, self._now())
        try:
            with self._hashing:  # one at a time: guesses may not take the cores that alarms need
                HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return None
        good = stored and not (fresh and (over or not once))
        return account if good and account and not account.disabled else None

    def add(self, user: str, password: str, role: str, scope: str = "") -> Account:
        """Make an account. AccountError for a bad name, role, zone or password, or a name that is taken."""
        if not (0 < len(user) <= 64) or not user.isprintable() or user != user.strip():
            raise AccountError("user: 1 to 64 printable characters, no space around")
        self.check_role(role, scope)
        if not MIN_PASSWORD <= len(password) <= 1024:
            raise AccountError(f"password: {MIN_PASSWORD} to 1024 characters")
        row = {"user": user, "hash": HASHER.hash(password), "role": role, "scope": scope, "created_at": self._now()}
        try:
            with self._store.begin() as conn:
                conn.execute(insert(accounts).values(**row))
        except IntegrityError:
            raise AccountError(f"user: {user!r} exists already") from None
        self.refresh()
        return self._by_user[user]

    def check_role(self, role: str, scope: str) -> None:
        """Nothing when an account can have this role; AccountError says what is allowed."""
        if role not in self._roles:
            raise AccountError(f"role: {role!r}; allowed: {', '.join(sorted(self._roles))}")
        if role == "school" and not scope:
            raise AccountError("scope: a school's account needs the id of its zone")

    def disable(self, user: str) -> None:
        """Shut an account: its sessions end at once here, within seconds in other processes."""
        self._change(user, disabled=True)

    def enable(self, user: str) -> None:
        """Open a shut account again."""
        self._change(user, disabled=False)

    def set_role(self, user: str, role: str, scope: str = "") -> None:
        """Give another role; all sessions of the account end."""
        self.check_role(role, scope)
        self._change(user, role=role, scope=scope if role == "school" else "")

    def reset(self, user: str) -> tuple[str, int]:
        """A one-time secret instead of the password, told once, and until when (µs); all its sessions end."""
        told, until = secret(), self._now() + ONCE_H * HOUR_US
        self._change(user, hash=f"{ONCE}:{until}:{HASHER.hash(told)}")
        return told, until

    def set_password(self, user: str, password: str) -> None:
        """Give a new password; all sessions of the account end."""
        if not MIN_PASSWORD <= len(password) <= 1024:
            raise AccountError(f"password: {MIN_PASSWORD} to 1024 characters")
        self._change(user, hash=HASHER.hash(password))

    def _change(self, user: str, **values: object) -> None:
        with self._store.begin() as conn:
            n = conn.execute(update(accounts).where(accounts.c.user == user)
                             .values(version=accounts.c.version + 1, **values)).rowcount
        if not n:
            raise AccountError(f"user: there is no {user!r}")
        self.refresh()

    def make_link(self, agency: str, incident: str, until: int) -> tuple[str, str]:
        """A link's name and its token, told once: it opens one incident for one agency until a moment (µs)."""
        name = f"link-{agency}-{secrets.token_hex(4)}"
        return name, self.make_token(name, GUESTS[agency], incident, until)

    def links(self, incident: str) -> list[Token]:
        """The links that open this incident now."""
        return [t for hashed, t in self._tokens.items()
                if t.role in GUESTS.values() and t.prefix == incident and self._good(hashed)]

    def bearers(self) -> list[Token]:
        """The tokens that are good now, links left out, by name."""
        good = [t for hashed, t in self._tokens.items() if t.role not in GUESTS.values() and self._good(hashed)]
        return sorted(good, key=lambda t: (t.role, t.name))

    def until(self, name: str) -> int:
        """When the token of this name ends (µs, 0: never)."""
        return next((t.expires_at for t in self._tokens.values() if t.name == name), 0)

    def revoke(self, name: str) -> None:
        """End the tokens of this name at once."""
        with self._store.begin() as conn:
            conn.execute(update(tokens).where(tokens.c.name == name).values(disabled=True))
        self.refresh()

    def fate(self, token: str) -> str:
        """Why a token opens nothing (any more): expired, revoked, or unknown."""
        with self._store.read() as conn:
            row = conn.execute(select(tokens.c.disabled).where(tokens.c.hash == token_hash(token))).first()
        return "unknown" if row is None else "revoked" if row[0] else "expired"

    def make_token(self, name: str, role: str, prefix: str = "", expires_at: int = 0) -> str:
        """A new bearer token, told once: role device (prefix: sources), board (prefix: zone) or a person's role."""
        allowed = self._roles | {DEVICE, BOARD, *GUESTS.values()}
        if role not in allowed:
            raise AccountError(f"role: {role!r}; allowed: {', '.join(sorted(allowed))}")
        if role in (DEVICE, BOARD, *GUESTS.values()) and not prefix:
            raise AccountError("prefix: a device's token needs its sources (\"/\": all), a board's its zone, "
                               "a link's its incident")
        token = secrets.token_hex(32)  # never begins with a dash: it is given on command lines
        row = {"hash": token_hash(token), "name": name, "kind": role, "prefix": prefix, "created_at": self._now(),
               "expires_at": expires_at}
        with self._store.begin() as conn:
            conn.execute(insert(tokens).values(**row))
        self.refresh()
        return token
