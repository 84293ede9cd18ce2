"""Helper programs, each with a process of its own: the simulated 112/119 desk and day, and the trial of a threshold."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from connectors.leash import Child, first_line
from connectors.line import Endpoint
from connectors.simulate.people import people
from stream.clock import format_kst
from stream.settings import Settings
from stream.store import StartError

DAY = (7, 19)  # hours of Korean time in which the simulated city shows its own rhythm


def given(settings: Settings) -> dict[str, Endpoint]:
    """Where reports go in production: to the addresses of the settings."""
    addresses = {"112": settings.agency_112, "119": settings.agency_119}
    return {name: Endpoint(url, profile=settings.agency_profile) for name, url in addresses.items() if url}


def desk(url: str, folder: Path, token: str, profile: str) -> tuple[Child, dict[str, Endpoint]]:
    """Start the simulated desk, which answers to this console's ``url``; it, and where reports to it go."""
    words = ["--callback", url, "--ledger", str(folder / "agency.db")]
    child = Child("connectors.agency", *words, wait=True, GWANJE_TOKEN=token)
    if not child.says:
        child.stop()
        raise StartError("the simulated 112/119 desk did not start; what it said stands above")
    end = Endpoint(json.loads(child.says)["url"], profile=profile)
    return child, {"112": end, "119": end}


def day(url: str, city: Any, vault: Any, settings: Settings, now: int, token: str, storm: bool) -> Child:
    """Put who lives in the simulated homes into the vault and start the day that speaks only the contract."""
    for pseudonym, identity in people(city):
        if vault.identity(pseudonym) is None:
            vault.put_identity(pseudonym, identity)
    words = ["--url", url, "--speed", str(settings.speed)]
    words += ["--storm"] if storm else []
    hour = int(format_kst(now)[11:13])
    words += [] if DAY[0] <= hour < DAY[1] else ["--from", "08:20"]  # at night the city sleeps: show its morning
    words += ["--city", settings.city] if settings.city else []
    return Child("connectors.simulate", *words, GWANJE_TOKEN=token)


def trial(folder: Path, config: str | None) -> Callable[..., str]:
    """What tries a proposed threshold on this console's tape: another program, whose one line is the answer."""
    return partial(first_line, "replay.trial", "--data", str(folder), "--config", config or "")
