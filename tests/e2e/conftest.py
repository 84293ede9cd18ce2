"""A whole console in a real browser: live house, web server on a free port, one account a role, Chromium."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.app import make_app
from console.matrix import matrix
from console.server import web_server
from stream.clock import Clock
from tests import servers
from tests.console.livehouse import PASSWORD, LiveHouse

ZONE = "SZ-002"
SIZE = {"width": 1920, "height": 1080}
# Said by Chromium when a page is left while it still loads; everything else on the console is a fault.
HARMLESS = ("net::ERR_ABORTED",)


class Console:
    """A console that answers on ``url``; ``stop`` and ``start`` are the cable pulled and put back."""

    def __init__(self, folder: Path, drills: Callable[[LiveHouse], Any] | None = None, **settings: Any) -> None:
        self.live = LiveHouse(folder, clock=Clock(), **settings)
        self.live.spoke = lambda source: self.live.clock.now()
        if drills:
            self.live.house = replace(self.live.house, drills=drills(self.live))
        self.app, self.socketio = make_app(self.live.house)
        people = self.app.extensions["gwanje"]["accounts"]
        for role in matrix().roles:
            people.add(role, PASSWORD, role, ZONE if role == "school" else "")
        people.add("second", PASSWORD, "operator")
        self.port = servers.free_port()
        self.url = f"http://localhost:{self.port}"
        self.start()

    def start(self) -> None:
        """Listen."""
        self._server = web_server(self.app, "127.0.0.1", self.port)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more, and cut who is connected."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for sid in list(self.socketio.server.manager.get_participants("/", None)):
            self.socketio.server.disconnect(sid[0])

    def close(self) -> None:
        """For good."""
        self.stop()
        self.app.extensions["gwanje"]["push"].stop()
        self.live.close()


class Screen:
    """A browser window of a person who has signed in; ``faults`` is what went wrong in it."""

    def __init__(self, browser: Any, console: Console, user: str, size: dict[str, int]) -> None:
        self.console = console
        self.context = browser.new_context(viewport=size)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", lambda m: m.type == "error" and self.faults.append(m.text))
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on("request", lambda r: self._asked(r.url))
        self.page.goto(f"{console.url}/login")
        self.page.fill("[data-testid=login-user]", user)
        self.page.fill("[data-testid=login-password]", PASSWORD)
        self.page.press("[data-testid=login-password]", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.console.url, "data:", "blob:")):
            self.outside.append(url)

    def open(self, path: str) -> Any:
        """Go to a page and wait until its first full content is there."""
        self.page.goto(self.console.url + path)
        self.page.wait_for_selector("body[data-ready]")
        return self.page

    def row(self, id: str) -> Any:
        """The queue's row of an incident."""
        return self.page.locator(f"[data-incident='{id}']")

    def test(self, name: str) -> Any:
        """The element that tests hold on to by this name."""
        return self.page.locator(f"[data-testid='{name}']")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The console, one a module."""
    made = Console(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def screen(chromium: Any, console: Console) -> Iterator[Callable[..., Screen]]:
    """``screen(user, width=…, height=…)`` opens a browser; afterwards nothing may have gone wrong or outside in it."""
    opened: list[Screen] = []

    def make(user: str = "operator", **size: int) -> Screen:
        opened.append(Screen(chromium, console, user, {**SIZE, **size}))
        return opened[-1]

    yield make
    for made in opened:
        with contextlib.suppress(Exception):
            made.context.close()
    for made in opened:
        assert made.outside == [], "a request left the room"
        assert [f for f in made.faults if not any(h in f for h in HARMLESS)] == []
