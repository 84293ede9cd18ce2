"""Accounts: argon2id, names that tell nothing, guessing that gets slow, tokens that are never stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from console.accounts import HASHER, HOUR_US, ONCE_H, AccountError, Accounts, token_hash
from stream.store import Store, open_store
from stream.tables import accounts as rows
from stream.tables import tokens

ROLES = ("operator", "school", "admin")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


@pytest.fixture
def people(store: Store) -> Accounts:
    return Accounts(store, lambda: 7, ROLES)


def test_an_account_comes_in_with_its_password_only(people: Accounts) -> None:
    people.add("kim", "a long password", "operator")
    assert people.check("kim", "a long password") == people.get("kim")
    assert people.check("kim", "a long passwore") is None
    assert people.check("lee", "a long password") is None
    people.disable("kim")
    assert people.check("kim", "a long password") is None


def test_the_password_is_kept_as_argon2id_of_owasp_strength(people: Accounts, store: Store) -> None:
    people.add("kim", "a long password", "operator")
    with store.read() as conn:
        kept = conn.execute(select(rows.c.hash)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert (HASHER.memory_cost >= 19 * 1024, HASHER.time_cost >= 2) == (True, True)
    assert "m=19456,t=2" in kept


def test_an_unknown_name_costs_the_same_work(people: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    people.add("kim", "a long password", "operator")
    verified: list[str] = []
    real = type(HASHER).verify
    monkeypatch.setattr(
        type(HASHER), "verify", lambda self, kept, given: verified.append(kept[:30]) or real(self, kept, given)
    )
    people.check("kim", "wrong password")
    people.check("nobody", "wrong password")
    assert len(verified) == 2
    assert verified[0] == verified[1]  # same algorithm and cost for both


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("", "a long password", "operator", ""), "user: 1 to 64"),
        (("kim\n", "a long password", "operator", ""), "user: 1 to 64"),
        (("kim", "short", "operator", ""), "password: 8 to 1024"),
        (("kim", "a long password", "king", ""), "role: 'king'; allowed: admin, operator, school"),
        (("kim", "a long password", "school", ""), "needs the id of its zone"),
    ],
)
def test_a_wrong_account_is_refused_with_what_is_allowed(people: Accounts, row: tuple[str, ...], says: str) -> None:
    with pytest.raises(AccountError, match=says):
        people.add(*row)


def test_a_name_is_taken_once_and_only_known_ones_are_shut(people: Accounts) -> None:
    people.add("kim", "a long password", "operator")
    with pytest.raises(AccountError, match="exists already"):
        people.add("kim", "another password", "admin")
    with pytest.raises(AccountError, match="there is no 'lee'"):
        people.disable("lee")


def test_a_new_password_makes_the_old_sessions_version_old(people: Accounts) -> None:
    before = people.add("kim", "a long password", "operator").version
    people.set_password("kim", "a longer password")
    assert people.get("kim").version > before
    assert people.check("kim", "a longer password")
    with pytest.raises(AccountError, match="password: 8"):
        people.set_password("kim", "short")


def test_a_one_time_secret_counts_only_to_choose_a_password_and_for_a_day(store: Store) -> None:
    now = [7]
    people = Accounts(store, lambda: now[0], ROLES)
    before = people.add("kim", "a long password", "operator").version
    told, until = people.reset("kim")
    assert (len(told), until) == (14, 7 + ONCE_H * HOUR_US)
    assert people.get("kim").fresh and people.get("kim").version > before, "sessions end"
    assert people.check("kim", "a long password", once=True) is None, "the lost password is worth nothing"
    assert people.check("kim", told) is None, "it signs nothing at another's desk"
    assert people.check("kim", told, once=True) == people.get("kim")
    with store.read() as conn:
        assert told not in conn.execute(select(rows.c.hash)).scalar_one()
    now[0] = until
    assert people.check("kim", told, once=True) is None
    people.set_password("kim", "a longer password")
    assert not people.get("kim").fresh and people.check("kim", "a longer password")


def test_an_account_opens_again_and_gets_another_role(people: Accounts) -> None:
    people.add("kim", "a long password", "school", "SZ-001")
    people.disable("kim")
    people.enable("kim")
    people.set_role("kim", "operator", "SZ-001")
    kim = people.check("kim", "a long password")
    assert (kim.role, kim.scope, kim.version) == ("operator", "", 4)
    with pytest.raises(AccountError, match="needs the id of its zone"):
        people.set_role("kim", "school")


def test_another_process_shuts_an_account_and_refresh_sees_it(people: Accounts, store: Store) -> None:
    people.add("kim", "a long password", "operator")
    Accounts(store, lambda: 7, ROLES).disable("kim")
    assert not people.get("kim").disabled
    assert people.refresh() is True
    assert people.get("kim").disabled
    assert people.refresh() is False


def test_tokens_are_told_once_and_kept_as_a_hash(people: Accounts, store: Store) -> None:
    device = people.make_token("radar", "device", "/device/")
    board = people.make_token("hall", "board", "SZ-001")
    assert people.prefix_of(token_hash(device)) == "/device/"
    assert people.prefix_of(token_hash(board)) is None
    assert people.bearer(board).prefix == "SZ-001"
    assert people.bearer("guess") is None
    assert people.holds("hall", "board")
    assert not people.holds("hall", "device")
    with store.read() as conn:
        kept = conn.execute(select(tokens.c.hash)).scalars().all()
    assert device not in kept
    assert token_hash(device) in kept
    people.make_link("119", "20260921-0001", 0)
    assert [(t.name, t.prefix) for t in people.bearers()] == [("hall", "SZ-001"), ("radar", "/device/")]
    assert device.isalnum(), "a token that began with a dash would be taken for an option"


def test_a_token_runs_out(store: Store) -> None:
    now = [7]
    people = Accounts(store, lambda: now[0], ROLES)
    token = people.make_token("radar", "device", "/device/", expires_at=10)
    assert people.prefix_of(token_hash(token)) == "/device/"
    now[0] = 10
    assert people.prefix_of(token_hash(token)) is None
    assert people.bearer(token) is None
    assert not people.holds("radar", "device")


def test_a_board_and_a_link_end_by_time_and_by_hand(store: Store) -> None:
    moment = [5]
    people = Accounts(store, lambda: moment[0], ROLES)
    board = people.make_token("hall", "board", "SZ-001", expires_at=10)
    name, link = people.make_link("119", "20260921-0001", 20)
    _, other = people.make_link("119", "20260921-0002", 20)
    assert people.holds("hall", "board") and [t.name for t in people.links("20260921-0001")] == [name]
    assert people.until(name) == 20
    people.revoke(name)
    assert people.bearer(link) is None and people.bearer(other) is not None
    assert (people.fate(link), people.fate("nothing")) == ("revoked", "unknown")
    moment[0] = 10
    assert people.bearer(board) is None and not people.holds("hall", "board") and people.fate(board) == "expired"


def test_a_token_needs_a_known_role_and_what_it_is_bound_to(people: Accounts) -> None:
    with pytest.raises(AccountError, match="role: 'king'"):
        people.make_token("x", "king")
    with pytest.raises(AccountError, match="prefix"):
        people.make_token("x", "device")
