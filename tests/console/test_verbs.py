"""Stories of the command line: what a person types, what is said, which exit code."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from console import verbs
from tests.servers import ROOT


def type_in(*words: str) -> tuple[int, str, str]:
    """Call run.py as a person does; no environment is needed for help and for mistakes."""
    done = subprocess.run([sys.executable, ROOT / "run.py", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_help_names_every_verb():
    code, out, err = type_in("--help")
    assert code == 0 and err == ""
    assert all(verb in out and row.help in out for verb, row in verbs.VERBS.items())


def test_unknown_verb_is_the_callers_mistake():
    code, out, err = type_in("rnu")
    assert (code, out) == (2, "") and "no verb 'rnu'" in err and "test" in err


@pytest.mark.parametrize("name", verbs.VERBS)
def test_verb_that_is_listed_is_there(name):
    module, _, function = verbs.VERBS[name].does.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_mistake_of_the_caller_is_one_line_and_exit_code_2(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(verbs, "enter", lambda lock: None)
    with pytest.raises(SystemExit) as ended:
        verbs.main(["audit", "verify", "--data", str(tmp_path)])
    assert ended.value.code == 2 and capsys.readouterr().err == f"gwanje: there is no store at {tmp_path}/store.db\n"


def test_no_ci_without_the_one_command():
    words = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in words if "python" in line] == ['exec python3 run.py test "$@"']
