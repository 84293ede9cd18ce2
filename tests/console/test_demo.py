"""The demo's accounts are made once for a data folder and let their people in at each start."""

from __future__ import annotations

import json
import stat

import pytest

from console.accounts import AccountError, Accounts
from console.demo import FILE, Demo, ready, set_up, welcome
from console.matrix import matrix
from stream.clock import Clock
from stream.store import open_store


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield store
    store.close()


def people(store):
    return Accounts(store, Clock().now, matrix().roles)


def test_each_role_and_two_operators_may_come_in_after_each_start(store, tmp_path):
    first = set_up(people(store), tmp_path, "SZ-001")
    again = set_up(people(store), tmp_path, "SZ-001")
    assert again == first
    assert sorted(row["role"] for row in first.accounts) == sorted([*matrix().roles, "operator"])
    for row in first.accounts:
        account = people(store).check(row["user"], row["password"])
        assert account is not None and account.role == row["role"]
    assert people(store).get("school").scope == "SZ-001"
    assert people(store).bearer(first.ingest_token).prefix == "/"


def test_passwords_are_its_owners_alone_and_differ(store, tmp_path):
    told = set_up(people(store), tmp_path, "SZ-001")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert len({row["password"] for row in told.accounts}) == len(told.accounts)


def test_a_start_that_was_killed_in_between_is_finished(store, tmp_path):
    people(store).add("operator-a", "some old password", "operator")
    told = set_up(people(store), tmp_path, "SZ-001")
    row = told.accounts[0]
    assert row["user"] == "operator-a"
    assert people(store).check("operator-a", row["password"]) is not None
    assert people(store).check("operator-a", "some old password") is None


def test_a_broken_file_is_named(store, tmp_path):
    (tmp_path / FILE).write_text("{")
    with pytest.raises(AccountError, match=FILE):
        set_up(people(store), tmp_path, "SZ-001")


def test_a_person_reads_it_and_a_program_reads_one_line() -> None:
    told = Demo("the-token", [{"user": "kim", "password": "long enough", "role": "operator"}])
    assert json.loads(ready("http://here", told)) == {
        "ready": True, "url": "http://here", "ingest_token": "the-token", "accounts": told.accounts}
    said = welcome("http://here", told)
    assert all(word in said for word in ("모의", "simulated", "http://here", "kim", "long enough", "the-token"))
