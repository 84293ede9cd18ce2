"""Sessions end by log-out, age, idleness, and the moment their account changes."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.accounts import Accounts
from console.sessions import ADMIN_IDLE_S, Sessions, session_key
from stream.store import Store, open_store

ROLES = ("operator", "admin")
IDLE_S = 3600.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


@pytest.fixture
def people(store: Store) -> Accounts:
    made = Accounts(store, lambda: 7, ROLES)
    for role in ROLES:
        made.add(role, "a long password", role)
    return made


@pytest.fixture
def tick() -> list[float]:
    return [0.0]


@pytest.fixture
def sessions(store: Store, people: Accounts, tick: list[float]) -> Sessions:
    return make(store, people, tick)


def make(store: Store, people: Accounts, tick: list[float], max_s: float = 7200.0) -> Sessions:
    return Sessions(store, people, b"k" * 32, lambda: 7, max_s, IDLE_S, tick=lambda: tick[0])


def opened(sessions: Sessions, people: Accounts, user: str = "operator") -> str:
    account = people.get(user)
    assert account is not None
    return sessions.open(account)


def test_a_cookie_leads_to_its_account(sessions: Sessions, people: Accounts) -> None:
    found = sessions.find(opened(sessions, people))
    assert found is not None
    assert found[1].user == "operator"


@pytest.mark.parametrize("spoil", [lambda c: c + "x", lambda c: "x" + c, lambda c: "", lambda c: c.rsplit(".", 1)[0]])
def test_a_forged_cookie_is_worth_nothing(sessions: Sessions, people: Accounts, spoil: Callable[[str], str]) -> None:
    assert sessions.find(spoil(opened(sessions, people))) is None


def test_a_cookie_of_another_key_is_worth_nothing(store: Store, sessions: Sessions, people: Accounts) -> None:
    other = Sessions(store, people, b"o" * 32, lambda: 7, 7200.0, IDLE_S)
    assert sessions.find(opened(other, people)) is None


def test_log_out_ends_it_also_for_another_process(
    store: Store, sessions: Sessions, people: Accounts, tick: list[float]
) -> None:
    cookie = opened(sessions, people)
    other = make(store, people, tick)
    found = other.find(cookie)
    assert found is not None
    sessions.end(found[0].key)
    assert sessions.find(cookie) is None
    other.refresh()
    assert other.find(cookie) is None


def test_a_restart_keeps_sessions(store: Store, sessions: Sessions, people: Accounts, tick: list[float]) -> None:
    cookie = opened(sessions, people)
    assert make(store, people, tick).find(cookie) is not None


def test_idle_ends_it_and_a_request_keeps_it(sessions: Sessions, people: Accounts, tick: list[float]) -> None:
    cookie = opened(sessions, people)
    tick[0] = IDLE_S - 1
    assert sessions.find(cookie) is not None
    tick[0] = 2 * IDLE_S - 2
    assert sessions.find(cookie, touch=False) is not None  # looked at, not used
    tick[0] = 2 * IDLE_S
    assert sessions.find(cookie) is None


def test_an_admin_is_idle_after_a_quarter_of_an_hour(sessions: Sessions, people: Accounts, tick: list[float]) -> None:
    cookie = opened(sessions, people, "admin")
    tick[0] = ADMIN_IDLE_S + 1
    assert sessions.find(cookie) is None


def test_any_session_ends_by_age(store: Store, people: Accounts, tick: list[float]) -> None:
    old = make(store, people, tick, max_s=-1.0)
    assert old.find(opened(old, people)) is None


def test_a_changed_account_ends_its_sessions_at_once(sessions: Sessions, people: Accounts) -> None:
    first, second = opened(sessions, people), opened(sessions, people)
    people.set_password("operator", "a longer password")
    assert sessions.find(first) is None
    third = opened(sessions, people)
    assert sessions.find(third) is not None
    people.disable("operator")
    assert (sessions.find(second), sessions.find(third)) == (None, None)


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = session_key(tmp_path)
    assert len(key) == 32
    assert session_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600


class Between:
    """A store whose next reader is overtaken: ``act`` happens after its rows were read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.begin = store.begin
        self.act: Callable[[], object] | None = None

    @contextmanager
    def read(self) -> Iterator[object]:
        """As the store's."""
        with self._store.read() as conn:
            yield conn
        act, self.act = self.act, None
        if act:
            act()


def test_a_look_at_the_store_loses_no_session_that_opens_meanwhile(
    store: Store, people: Accounts, tick: list[float]
) -> None:
    between = Between(store)
    sessions, cookies = make(between, people, tick), list[str]()  # type: ignore[arg-type]
    between.act = lambda: cookies.append(opened(sessions, people))
    sessions.refresh()
    assert sessions.find(cookies[0]) is not None


def test_a_look_at_the_store_brings_no_session_back_that_ends_meanwhile(
    store: Store, people: Accounts, tick: list[float]
) -> None:
    between = Between(store)
    sessions = make(between, people, tick)  # type: ignore[arg-type]
    cookie = opened(sessions, people)
    found = sessions.find(cookie)
    assert found is not None
    between.act = lambda: sessions.end(found[0].key)
    sessions.refresh()
    assert sessions.find(cookie) is None
