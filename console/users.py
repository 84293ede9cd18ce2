"""``run.py user add|list|disable``: the accounts of a console, from its own machine; a running console sees it."""

from __future__ import annotations

import argparse
import getpass
import sys

from console.accounts import Accounts
from console.matrix import matrix
from stream.clock import Clock
from stream.places import store_url
from stream.settings import load
from stream.store import open_store


def parser() -> argparse.ArgumentParser:
    """The options of this verb."""
    top = argparse.ArgumentParser("run.py user", description="The accounts that may sign in.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--store", metavar="URL", help="address of the store (default: as the settings say)")
    common.add_argument("--data", metavar="DIR", help="data folder of the console (default: data)")
    common.add_argument("--config", metavar="FILE", help="settings file (TOML)")
    verbs = top.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", parents=[common], help="make an account; the password is asked for (or on stdin)")
    add.add_argument("user")
    add.add_argument("--role", required=True, choices=matrix().roles, help="what it may see and do")
    add.add_argument("--zone", default="", help="the school's zone (role school)")
    verbs.add_parser("list", parents=[common], help="name, role, zone and whether it is disabled, one a line")
    disable = verbs.add_parser("disable", parents=[common], help="shut an account; its sessions end within seconds")
    disable.add_argument("user")
    return top


def password() -> str:
    """Asked twice at a terminal, else the first line of stdin."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("password: ")
    if getpass.getpass("again: ") != first:
        raise SystemExit("the two are not the same; nothing was changed")
    return first


def main(words: list[str]) -> int:
    """Do it. AccountError, StartError or SettingError say what was wrong with the words."""
    args = parser().parse_args(words)
    store = open_store(store_url(load({"data": args.data, "store": args.store}, file=args.config)))
    try:
        accounts = Accounts(store, Clock().now, matrix().roles)
        if args.verb == "add":
            accounts.add(args.user, password(), args.role, args.zone)
        elif args.verb == "disable":
            accounts.disable(args.user)
        else:
            for a in accounts.all():
                print("\t".join([a.user, a.role, a.scope or "-", "disabled" if a.disabled else "active"]))
    finally:
        store.close()
    return 0
