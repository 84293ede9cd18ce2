"""What could not be tested is said loudly at the end; with CI=true a missing server is a failure."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import suite
from tests.servers import ROOT

BARE = "import sys, pytest, tests.needs as n; n.find = lambda name: None; sys.exit(pytest.main(sys.argv[1:]))"
REDIS = "tests/test_servers.py::test_redis_is_empty_and_answers"
DATA = "import pytest\ndef test_a(shared): pass\ndef test_b(shared): pass\n"


def pytest_run(*words: str, code: str = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))", **env: str):
    """Run pytest in a process of its own at the root; exit code and the lines it said."""
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "GWANJE_SHARED", "PYTEST_ADDOPTS")}
    done = subprocess.run([sys.executable, "-c", code, "-q", "-p", "no:cacheprovider", *words], cwd=ROOT,
                          env=kept | env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_missing_server_is_a_skip_named_in_the_last_line():
    code, lines = pytest_run(REDIS, code=BARE)
    assert code == 0 and lines[-1] == "!!! NOT TESTED: 1 test skipped, not on this machine: redis"


def test_missing_server_is_a_failure_with_ci():
    code, lines = pytest_run(REDIS, code=BARE, CI="true")
    assert code == 1 and any("not on this machine: redis" in line for line in lines)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_absent_data_is_a_skip_with_ci_too_and_is_counted_over_all_processes(tmp_path, workers):
    story = tmp_path / "test_data.py"
    story.write_text(DATA)
    words = ["-n", workers, "--rootdir", str(ROOT), "-p", "tests.conftest", str(story)]
    code, lines = pytest_run(*words, CI="true", GWANJE_SHARED=str(tmp_path / "none"))
    assert code == 0 and lines[-1].startswith("!!! NOT TESTED: 2 tests skipped, shared data absent: ")


def test_help_tells_that_the_words_go_to_pytest(capfd):
    assert suite.main(["--help"]) == 0
    said = capfd.readouterr().out
    assert "ARGS go to pytest" in said and "--maxfail" in said
