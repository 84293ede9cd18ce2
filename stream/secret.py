"""Secrets of the house that live in the vault: made once, never shown, gone with the vault."""

from __future__ import annotations

import secrets
from typing import Protocol

LIKENESS = "likeness"  # owner, purpose and ref of the secret under which texts are fingerprinted


class Keeps(Protocol):
    """As much of a vault as a secret needs."""

    def hold(self, owner: str, content: str | bytes, purpose: str, ref: str = "") -> str: ...

    def open_bytes(self, ref: str) -> bytes | None: ...

    def flush(self) -> None: ...


def likeness_key(vault: Keeps) -> bytes:
    """32 bytes for ``stream.likeness``. Without them (erased, vault lost) no fingerprint can be compared again."""
    known = vault.open_bytes(LIKENESS)
    if known is None:
        known = secrets.token_bytes(32)
        vault.hold(LIKENESS, known, LIKENESS, LIKENESS)
        vault.flush()
    return known
