"""The demo's accounts: one of each role and two operators; their passwords are made once for a data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from console.accounts import DEVICE, AccountError, Accounts, secret

FILE = "demo.json"
PEOPLE = (
    ("operator-a", "operator"), ("operator-b", "operator"), ("supervisor", "supervisor"), ("admin", "admin"),
    ("liaison-112", "liaison_112"), ("liaison-119", "liaison_119"), ("school", "school"), ("auditor", "auditor"),
)


class Demo(msgspec.Struct, frozen=True):
    """What the demo tells at its start; kept in the data folder, readable by its owner only."""

    ingest_token: str
    accounts: list[dict[str, str]]


def ready(url: str, told: Demo) -> str:
    """The same for a program: one line (CONTRACT, section 2)."""
    line = {"ready": True, "url": url, "ingest_token": told.ingest_token, "accounts": told.accounts}
    return msgspec.json.encode(line).decode()


def welcome(url: str, told: Demo) -> str:
    """What the person at the keyboard is told at the start."""
    rows = "\n".join(f"    {row['role']:12} {row['user']:12} {row['password']}" for row in told.accounts)
    return (f"\n  관제 (Gwanje) 모의 운영 (simulated): {url}\n\n{rows}\n\n    token for events: "
            f"{told.ingest_token}\n\n  Ctrl+C ends it.")


def set_up(people: Accounts, folder: Path, zone: str) -> Demo:
    """The demo's accounts and its token for any source, made at the first start; ``zone`` is the school's."""
    file = folder / FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Demo)
    except FileNotFoundError:
        pass
    except msgspec.MsgspecError:
        raise AccountError(f"{file}: broken; restore it, or use another data folder (--data)") from None
    rows: list[dict[str, Any]] = []
    for user, role in PEOPLE:
        if people.get(user) is None:  # a start that was killed here goes on
            people.add(user, password := secret(), role, zone if role == "school" else "")
        else:
            people.set_password(user, password := secret())
        rows.append({"user": user, "password": password, "role": role})
    made = Demo(people.make_token("demo", DEVICE, "/"), rows)
    fresh = file.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
        handle.write(msgspec.json.encode(made))
    fresh.replace(file)
    return made
