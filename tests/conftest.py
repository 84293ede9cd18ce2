"""Fixtures for every test: real servers, a real browser, the shared data; and loud last lines about what was absent.

A test asks for what it needs by a fixture's name. What cannot be had skips that test by name; with ``CI=true`` a
missing server or browser is a failure instead. Absent shared data is always a skip.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import needs, servers

hypothesis.settings.register_profile("house", deadline=None)  # a slow machine is no fault of what is tested
hypothesis.settings.load_profile("house")

LACK = "not on this machine: "
LONG = ("test_tools.py", "test_kill.py", "test_environment.py", "test_rooms.py")  # minutes each
NO_DATA = "shared data absent: "
BROWSER_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)


def need(name: str) -> Path:
    """Where this need is; else the test is skipped, or fails with CI=true."""
    found = needs.find(name)
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(LACK + name)
    pytest.skip(LACK + name)


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback that is free now; more of them: ``tests.servers.free_port()``."""
    return servers.free_port()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the shared test data (GWANJE_SHARED, else ../shared/data); without it the test is skipped."""
    folder = Path(os.environ.get("GWANJE_SHARED") or servers.ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"{NO_DATA}set GWANJE_SHARED or put it into ../shared/data")
    return folder


@pytest.fixture
def mosquitto() -> Iterator[servers.Mosquitto]:
    """A running broker with the project's conf: ``.host``, ``.port``, ``.kill()``, ``.start()``."""
    need("mosquitto")
    broker = servers.Mosquitto()
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def redis_server() -> Iterator[servers.Redis]:
    """A running Redis: ``.url``, ``.kill()``, ``.start()``."""
    need("redis")
    server = servers.Redis()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """One PostgreSQL for all the tests of this process."""
    need("postgresql")
    server = servers.Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres: servers.Postgres) -> Iterator[str]:
    """SQLAlchemy address of an empty database that is this test's own."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium (Playwright's sync ``Browser``), one a module: make contexts and pages of your own.

    Not one a session: Playwright's loop must not be alive while tests of another module run asyncio.
    """
    program = need("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(program), args=list(BROWSER_FLAGS))
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, then those with most tests: a minute at the end is a minute of one core alone."""
    sizes = Counter(item.path for item in items)
    rank = {name: n for n, name in enumerate(LONG)}
    items.sort(key=lambda item: (rank.get(item.path.name, len(LONG)), -sizes[item.path]))


_skipped: dict[str, int] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the tests that were skipped because something is absent, by what is absent."""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        if reason.startswith((LACK, NO_DATA)):
            _skipped[reason] = _skipped.get(reason, 0) + 1


def pytest_unconfigure(config: pytest.Config) -> None:
    """After pytest's own last line, say loudly what was not tested and why."""
    if hasattr(config, "workerinput"):
        return
    for reason, n in sorted(_skipped.items()):
        print(f"!!! NOT TESTED: {n} test{'s' if n > 1 else ''} skipped, {reason}")
