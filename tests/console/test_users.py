"""Accounts from the command line: made, listed, shut; mistakes say what was wrong."""

import io
import sys

import pytest

from console.accounts import AccountError, Accounts
from console.matrix import matrix
from console.users import main
from stream.store import open_store


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Type a verb with its words, the password coming on stdin; the answer is what was printed."""

    def type_in(*words, password="a long password"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        assert main([words[0], "--data", str(tmp_path), *words[1:]]) == 0
        return capsys.readouterr().out

    return type_in


def test_account_is_made_signs_in_and_is_shut(call, tmp_path):
    call("add", "kim", "--role", "operator")
    call("add", "hana", "--role", "school", "--zone", "Z-1")
    assert call("list") == "hana\tschool\tZ-1\tactive\nkim\toperator\t-\tactive\n"
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    accounts = Accounts(store, lambda: 0, matrix().roles)
    assert accounts.check("kim", "a long password") and not accounts.check("kim", "another password")
    call("disable", "kim")
    assert accounts.check("kim", "a long password") is not None  # what this process holds is refreshed within seconds
    accounts.refresh()
    assert accounts.check("kim", "a long password") is None
    store.close()


def test_mistakes_are_named(call):
    call("add", "kim", "--role", "operator")
    with pytest.raises(AccountError, match="exists already"):
        call("add", "kim", "--role", "operator")
    with pytest.raises(AccountError, match="password"):
        call("add", "lee", "--role", "operator", password="short")
    with pytest.raises(AccountError, match="zone"):
        call("add", "lee", "--role", "school")
    with pytest.raises(AccountError, match="no 'park'"):
        call("disable", "park")
    with pytest.raises(SystemExit) as ended:
        call("add", "lee", "--role", "king")
    assert ended.value.code == 2
