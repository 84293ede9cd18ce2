"""``run.py backup|restore|migrate|purge``: what the one who runs a console does to its store now and then."""

from __future__ import annotations

import argparse
from pathlib import Path

from stream import migrations
from stream.backup import backup as copy
from stream.backup import restore as make_anew
from stream.clock import Clock
from stream.places import existing, store_url, vault_key, vault_url
from stream.purge import purge as destroy
from stream.quarantine import Quarantine
from stream.settings import Settings, load
from stream.store import open_database, open_store
from stream.vault import Vault


def _parser(verb: str, about: str) -> argparse.ArgumentParser:
    """Options that all of these verbs have."""
    parser = argparse.ArgumentParser(f"run.py {verb}", description=about)
    parser.add_argument("--data", metavar="DIR", help="data folder of the console (default: data)")
    parser.add_argument("--store", metavar="URL", help="address of the store (default: SQLite in the data folder)")
    parser.add_argument("--vault", metavar="URL", help="address of the vault (default: SQLite in the data folder)")
    parser.add_argument("--config", metavar="FILE", help="settings file (TOML)")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    return load({"data": args.data, "store": args.store, "vault": args.vault}, file=args.config)


def _urls(settings: Settings) -> dict[str, str]:
    return {"store": store_url(settings), "vault": vault_url(settings)}


def backup(words: list[str]) -> int:
    """Copy store and vault into a new folder, also while the console runs."""
    parser = _parser("backup", "Copies store and vault into a new folder; the console may run on meanwhile.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to; it must not exist yet")
    args = parser.parse_args(words)
    settings = _settings(args)
    made = copy(_urls(settings), args.folder, Clock().now())
    print(f"copied {sum(made.rows.values())} rows, head {made.head}")
    print(f"The vault's key is not in it. Keep {vault_key(settings)} apart: without it nobody can read the vault.")
    return 0


def restore(words: list[str]) -> int:
    """Make a house from a copy, where none is."""
    parser = _parser("restore", "Makes store and vault from a copy where there are none; start the console afterwards.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the copy")
    args = parser.parse_args(words)
    settings = _settings(args)
    made, doubtful = make_anew(args.folder, _urls(settings), Clock().now())
    print(f"restored {sum(made.rows.values())} rows, the chain is whole up to {made.head}")
    if doubtful:
        print(f"{doubtful} reports to 112/119 were under way: they are unknown now, ask by phone; none is sent again")
    if not vault_key(settings).exists():
        print(f"Put the vault's key to {vault_key(settings)} (mode 600) before you start the console.")
    return 0


def migrate(words: list[str]) -> int:
    """Bring a store to the schema of this program; StartError while a console runs on it."""
    parser = _parser("migrate", "Brings the store to the schema of this program. Stop the console first.")
    args = parser.parse_args(words)
    url = existing(store_url(_settings(args)))
    before: list[int] = []
    store = open_database(url, lambda conn: before.append(migrations.version(conn)))
    try:
        store.lock()
        with store.begin() as conn:
            migrations.migrate(conn)
    finally:
        store.close()
    print(f"schema {before[0]} -> {migrations.VERSION}")
    return 0


def purge(words: list[str]) -> int:
    """Destroy what is older than its class may be kept."""
    about = "Destroys what is older than the settings keep_*_days allow; the console may run on meanwhile."
    settings = _settings(_parser("purge", about).parse_args(words))
    urls = {name: existing(url) for name, url in _urls(settings).items()}
    store, vault = open_store(urls["store"]), Vault(urls["vault"], vault_key(settings))
    try:
        gone = destroy(store, vault, Quarantine(store, vault), settings, Clock().now())
    finally:
        vault.close()
        store.close()
    print("destroyed: " + ", ".join(f"{n} {name}" for name, n in gone.items()))
    return 0
