"""Where the record and the vault of a house lie, from its settings; the same answer for the console and every tool."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from stream.settings import Settings
from stream.store import StartError


def store_url(settings: Settings) -> str:
    """SQLAlchemy address of the store: the one that is set, else SQLite in the data folder."""
    return settings.store or f"sqlite:///{Path(settings.data).absolute() / 'store.db'}"


def vault_url(settings: Settings) -> str:
    """SQLAlchemy address of the vault: a database of its own, never the store."""
    return settings.vault or f"sqlite:///{Path(settings.data).absolute() / 'vault.db'}"


def vault_key(settings: Settings) -> Path:
    """File of the vault's key."""
    return Path(settings.vault_key) if settings.vault_key else Path(settings.data).absolute() / "vault.key"


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for another database."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def existing(url: str) -> str:
    """The address itself, but StartError when it is a SQLite file that isn't there: a tool must not make a new one."""
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise StartError(f"there is no store at {file}")
    return url
