"""``run.py audit verify``: is the record chain whole, and if not, which record is the first bad one?"""

from __future__ import annotations

import argparse

from stream.journal import verify
from stream.places import existing, store_url
from stream.settings import load
from stream.store import open_store

WHY = {
    "missing": "it is missing",
    "changed": "it is not what was written",
    "cut": "the journal was cut off here",
    "rebuilt": "the chain was computed anew up to here",
    "appended": "it was added by somebody else",
}


def parser() -> argparse.ArgumentParser:
    """The options of this verb."""
    top = argparse.ArgumentParser("run.py audit", description="Checks of the record chain.")
    verbs = top.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("verify", help="check every record; exit 1 and name the first bad one when it is broken")
    check.add_argument("--store", metavar="URL", help="address of the store (default: as the settings say)")
    check.add_argument("--data", metavar="DIR", help="data folder of the console (default: data)")
    check.add_argument("--config", metavar="FILE", help="settings file (TOML)")
    check.add_argument("--head", metavar="SEQ:CHAIN", help="also check against a head that was noted elsewhere")
    return top


def main(words: list[str]) -> int:
    """Check and say; the answer is the exit code: 0 whole, 1 broken. StartError: there is no such store."""
    args = parser().parse_args(words)
    settings = load({"data": args.data, "store": args.store}, file=args.config)
    store = open_store(existing(store_url(settings)))
    try:
        found = verify(store, args.head)
    finally:
        store.close()
    if found.ok:
        print(f"whole: {found.n} records, head {found.head}")
        return 0
    print(f"BROKEN at record {found.first_bad}: {WHY[found.why]} ({found.n} records before it are whole)")
    return 1
