"""Stories of the command line: what a person types, what is said, which exit code; and what the lock files may hold."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pytest

import run
from environment import RUN, TEST
from tests.servers import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==(\S+?)( ;.*)? \\$")


def type_in(*words: str) -> tuple[int, str, str]:
    """Call run.py as a person does; no environment is needed for help and for mistakes."""
    done = subprocess.run([sys.executable, ROOT / "run.py", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_help_names_every_verb():
    code, out, err = type_in("--help")
    assert code == 0 and err == ""
    assert all(verb in out and row.help in out for verb, row in run.VERBS.items())


def test_unknown_verb_is_the_callers_mistake():
    code, out, err = type_in("rnu")
    assert (code, out) == (2, "") and "no verb 'rnu'" in err and "test" in err


@pytest.mark.parametrize("name", run.VERBS)
def test_verb_that_is_listed_is_there(name):
    module, _, function = run.VERBS[name].does.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_mistake_of_the_caller_is_one_line_and_exit_code_2(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(run, "enter", lambda lock: None)
    with pytest.raises(SystemExit) as ended:
        run.main(["audit", "verify", "--data", str(tmp_path)])
    assert ended.value.code == 2 and capsys.readouterr().err == f"gwanje: there is no store at {tmp_path}/store.db\n"


def pins(lock: str) -> dict[str, str]:
    """Package -> version and marker of a lock file, every line of which must be a pin or a hash."""
    found, package = {}, None
    for line in (ROOT / lock).read_text().splitlines():
        if pin := PIN.match(line):
            package = pin[1]
            found[package] = pin[2] + (pin[3] or "")
            continue
        assert package and re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line
    return found


def test_locks_hold_pins_and_hashes_only_one_version_a_package():
    assert len(pins(RUN)) > 20 and len(pins(TEST)) > len(pins(RUN))


def test_test_lock_holds_all_of_the_run_lock_at_the_same_versions():
    assert pins(RUN).items() <= pins(TEST).items()
    lines = set((ROOT / TEST).read_text().replace(" \\", "").splitlines())
    assert set((ROOT / RUN).read_text().replace(" \\", "").splitlines()) <= lines


@pytest.mark.parametrize(("source", "lock"), [("requirements.in", RUN), ("requirements-test.in", TEST)])
def test_lock_pins_all_that_its_source_asks_for(source, lock):
    asked = [line.split("[")[0] for line in (ROOT / source).read_text().splitlines() if line[:1].isalpha()]
    assert asked and set(asked) <= set(pins(lock))


def test_no_ci_without_the_one_command():
    words = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in words if "python" in line] == ['exec python3 run.py test "$@"']
