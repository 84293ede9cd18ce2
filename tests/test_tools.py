"""What linters hold: layers and the pure core (import-linter), style (ruff), types (mypy), coverage of the core."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

from grimp import build_graph
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.servers import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
PURE = next(one for one in CONTRACTS if "pure core" in one["name"])
CORE = PURE["source_modules"]
OPEN = {"stream.settings", "stream.secret"}  # the one asks the environment of the process, the other for a random key
FLOOR = 95  # per cent of branches of the pure core that its own tests go through, with the JIT off


def tool(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the environment at the root of the project."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False)


def test_style_is_clean():
    done = tool("ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_clean():
    done = tool("mypy")
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_point_down_and_the_core_is_pure(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    ended = lint_imports(no_cache=True, no_logo=True)
    said = capsys.readouterr().out
    assert ended == EXIT_STATUS_SUCCESS and f"{len(CONTRACTS)} kept, 0 broken" in said, said


def test_every_module_that_is_pure_is_held_to_it():
    graph = build_graph("geo", "stream", include_external_packages=True, cache_dir=None)
    impure = set(PURE["forbidden_modules"])
    inside = {m for m in graph.modules if m.startswith("stream.") and not graph.find_upstream_modules(m) & impure}
    assert inside - OPEN == {m for m in CORE if m.startswith("stream.")}, "the list of the pure core in pyproject.toml"


def test_the_core_is_covered_by_its_own_tests_and_they_hold_with_the_jit_off_too(tmp_path):
    twins = [f"tests/{name.replace('.', '/test_')}{'.py' if '.' in name else ''}" for name in CORE]
    done = tool(
        "pytest", "-q", "-p", "no:cacheprovider", "-n0", *twins, *(f"--cov={name}" for name in CORE), "--cov-branch",
        "--cov-report=term-missing:skip-covered", f"--cov-fail-under={FLOOR}",
        NUMBA_DISABLE_JIT="1", TWIN_EXAMPLES="20", COVERAGE_FILE=str(tmp_path / "coverage"),
    )
    assert done.returncode == 0, done.stdout[-6000:]
