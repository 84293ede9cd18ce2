"""The matrix is read whole or refused by row; what it does not name is denied."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.matrix import FILE, MatrixError, matrix, read
from stream.agency import VERBS

CONTRACT_PAGES = {
    "/": {"operator", "supervisor"},
    "/wall": {"operator", "supervisor"},
    "/incident/20260921-0001": {"operator", "supervisor"},
    "/replay": {"supervisor"},
    "/rules": {"supervisor"},
    "/kpi": {"operator", "supervisor"},
    "/devices": {"operator", "supervisor"},
    "/liaison/112": {"liaison_112"},
    "/liaison/119": {"liaison_119"},
    "/school/SZ-001": {"school", "board"},
    "/admin": {"admin"},
    "/audit": {"auditor"},
}


@pytest.mark.parametrize(("path", "roles"), CONTRACT_PAGES.items())
def test_pages_are_open_to_whom_the_contract_says(path: str, roles: set[str]) -> None:
    rights = matrix()
    assert {r for r in (*rights.roles, *rights.machines) if rights.may_open(r, path)} == roles


def test_what_is_not_named_is_denied() -> None:
    rights = matrix()
    assert not rights.may_open("admin", "/nowhere")
    assert not rights.may_open(None, "/")
    assert not rights.may_send("supervisor", "shout")
    assert not rights.may_do("supervisor", "delete")


def test_path_variables_are_found_and_do_not_swallow_slashes() -> None:
    found = matrix().page("/school/SZ-001")
    assert found is not None
    assert found[1] == {"zone": "SZ-001"}
    assert matrix().page("/school/SZ-001/x") is None


def test_every_role_has_a_first_page_that_it_may_open() -> None:
    rights = matrix()
    for role in rights.roles:
        assert rights.may_open(role, rights.home_of(role, "SZ-001")), role


def test_liaisons_see_fewer_fields_and_schools_none() -> None:
    fields = matrix().fields
    assert set(fields["liaison_119"]) < set(fields["operator"])
    assert {"subject", "detections", "assigned_to", "evidence"}.isdisjoint(fields["liaison_119"])
    assert "school" not in fields
    assert "board" not in fields


def test_every_verb_of_the_contract_stands_in_it() -> None:
    contract = [
        "acknowledge",
        "unacknowledge",
        "assign",
        "transfer",
        "note",
        "check",
        "shelve",
        "unshelve",
        "escalate",
        "cancel_escalation",
        "resolve",
        "reopen",
        "merge",
        "split",
        "change_priority",
    ]
    assert sorted(matrix().verbs) == sorted([*contract, *VERBS])
    liaisons = {"liaison_112", "liaison_119"}
    assert {verb for verb, roles in matrix().verbs.items() if roles & liaisons} == set(VERBS)
    assert {verb for verb, roles in matrix().verbs.items() if "operator" in roles} == {*contract, "message", "read"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('paint = ["staff", "liaisons"]', 'paint = ["stuff"]', r"\[events\] paint: \['stuff'\] is no role"),
        (
            'wall = { path = "/wall", roles = ["staff"] }',
            'wall = { path = "/wall", roles = ["king"] }',
            r"\[pages\] wall",
        ),
        ('"GET /" = "page"', '"GET /" = "everybody"', r"\[routes\] GET /: 'everybody'"),
    ],
)
def test_a_wrong_row_is_refused_by_name(old: str, new: str, says: str) -> None:
    text = Path(FILE).read_text("utf-8")
    assert old in text
    with pytest.raises(MatrixError, match=says):
        read(text.replace(old, new))


def test_the_file_names_each_row_once() -> None:
    keys = re.findall(r'(?m)^("[^"]+"|\w+) = ', FILE.read_text("utf-8").split("[routes]")[1].split("[callbacks]")[0])
    assert len(keys) == len(set(keys)) > 30
