"""A console to speak to: a live house, one account of each role and a client that signs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from console.app import make_app
from tests.console.livehouse import PASSWORD, LiveHouse

ORIGIN = {"Origin": "http://localhost"}
ZONE = "SZ-001"


class Desk:
    """The console of a live house: ``client(role)`` is a browser that has signed in (the account is made for it)."""

    def __init__(self, live: LiveHouse) -> None:
        self.live = live
        self.app, self.socketio = make_app(live.house)
        self.parts = self.app.extensions["gwanje"]
        self.people = self.parts["accounts"]

    def account(self, role: str) -> None:
        """Make the account of this role, called like it, unless it is there."""
        if self.people.get(role) is None:
            self.people.add(role, PASSWORD, role, ZONE if role == "school" else "")

    def client(self, role: str | None = None) -> FlaskClient:
        """A browser; its unsafe requests carry the console's own Origin."""
        client = self.app.test_client()
        if role:
            self.account(role)
            answer = client.post("/api/v1/login", json={"user": role, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.environ_base["HTTP_ORIGIN"] = ORIGIN["Origin"]
        return client

    def socket(self, role: str | None = None, client: FlaskClient | None = None) -> Any:
        """A screen's socket with the session of ``role``."""
        return self.socketio.test_client(self.app, flask_test_client=client or self.client(role), headers=ORIGIN)

    def close(self) -> None:
        """Stop the push thread."""
        self.parts["push"].stop()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveHouse]:
    """The house behind the console."""
    house = LiveHouse(tmp_path)
    yield house
    house.close()


@pytest.fixture
def desk(live: LiveHouse) -> Iterator[Desk]:
    """The console."""
    made = Desk(live)
    yield made
    made.close()


@pytest.fixture
def wait() -> Callable[..., Any]:
    """Wait until something is so (what another thread does); fails when it never is."""
    from threading import Event

    def until(look: Callable[[], Any], seconds: float = 10.0) -> Any:
        pause = Event()
        for _ in range(int(seconds / 0.02)):
            if found := look():
                return found
            pause.wait(0.02)
        raise AssertionError(f"never so: {look}")

    return until
