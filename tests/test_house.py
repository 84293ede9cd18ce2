"""The rules of the house, held over the syntax trees and the files. What a tool holds is in test_tools.py."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from string import Formatter

from tests.servers import ROOT

PACKAGES = ("geo", "stream", "cep", "connectors", "replay", "console")
LINES, SCREEN = 300, 60
MADE = {"__pycache__", "data", "out", ".venv", ".git", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
CLOCKS = re.compile(r"^stream/clock\.py$|^connectors/simulate")  # the only files that may ask time or chance
BANNED_IMPORTS = {"time", "random", "numpy.random"}
SHELF = packages_distributions()
BANNED_CALLS = {"now", "utcnow", "today", "fromtimestamp"}  # of datetime and date


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: what git tracks, and what it would if it were added.

    In a copy without git: every file outside the folders that a run makes.
    """
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    listed = asked.stdout.splitlines()
    if asked.returncode != 0:
        walked = (f.relative_to(ROOT) for f in ROOT.rglob("*"))
        listed = [str(f) for f in walked if not MADE & set(f.parts) and not f.name.startswith(".venv")]
    return tuple(sorted(Path(name) for name in listed if (ROOT / name).is_file()))


def modules() -> list[str]:
    """Every Python file that is no test, as text relative to the root."""
    return [str(f) for f in files() if f.suffix == ".py" and f.parts[0] != "tests"]


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse((ROOT / name).read_text(), name)


def is_empty(name: str) -> bool:
    """True for a file that only marks a package (a docstring at most)."""
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in tree(name).body)


def test_packages_are_ours_and_not_others_of_the_same_name():
    for package in PACKAGES:
        assert Path(str(importlib.import_module(package).__file__)).parent == ROOT / package


def test_every_python_file_stands_where_the_plan_says():
    roots = {"run.py"}
    assert [m for m in modules() if m not in roots and Path(m).parts[0] not in PACKAGES] == []


def twin(name: str) -> Path:
    """Where the test of this module stands: the mirror of the tree; a package's own code has test_<package>.py."""
    path = Path(name)
    if path.name == "__init__.py":
        return Path("tests") / path.parent.with_name(f"test_{path.parent.name}.py")
    return Path("tests") / path.with_name(f"test_{path.name}")


def test_every_module_has_its_twin_among_the_tests():
    missing = [str(twin(m)) for m in modules() if not is_empty(m) and not (ROOT / twin(m)).exists()]
    assert missing == []


def test_no_file_is_longer_than_it_can_be_read():
    ours = [f for f in files() if f.suffix in {".py", ".js", ".mjs", ".css"} and not {"vendor", "tests"} & set(f.parts)]
    assert ours
    long = {str(f): n for f in ours if (n := len((ROOT / f).read_text().splitlines())) > LINES}
    assert long == {}


def test_every_function_fits_a_screen():
    found = {}
    for name in [str(f) for f in files() if f.suffix == ".py"]:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                late = sum(isinstance(inner, ast.Import | ast.ImportFrom) for inner in node.body)  # no work, no reading
                n = (node.end_lineno or node.lineno) - node.lineno + 1 - late
                if n > SCREEN:
                    found[f"{name}:{node.name}"] = n
    assert found == {}


def test_every_public_thing_says_what_it_does():
    bare = []
    for name in modules():
        if is_empty(name):
            continue
        if not ast.get_docstring(tree(name)):
            bare.append(name)
        for node in tree(name).body:
            kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{name}:{node.name}")
    assert bare == []


def asks_the_world(node: ast.AST) -> str | None:
    """The clock or the chance that this node asks, if it does."""
    match node:
        case ast.Import():
            return next((a.name for a in node.names if a.name in BANNED_IMPORTS), None)
        case ast.ImportFrom():
            full = [f"{node.module}.{a.name}" for a in node.names]
            return next((f for f in [str(node.module), *full] if f in BANNED_IMPORTS), None)
        case ast.Attribute(attr="random", value=ast.Name(id="np" | "numpy")):
            return "numpy.random"
        case ast.Call(func=ast.Attribute(attr=attr, value=ast.Name(id="datetime" | "date"))) if attr in BANNED_CALLS:
            return f"datetime.{attr}"
    return None


def test_only_the_clock_file_and_the_simulator_ask_time_or_chance():
    found = [(name, what) for name in modules() if not CLOCKS.search(name)
             for node in ast.walk(tree(name)) if (what := asks_the_world(node))]
    assert found == []


def test_the_environment_is_read_in_one_place():
    asks = {name for name in modules() for node in ast.walk(tree(name))
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}}
    # before settings; three programs of their own; what hands it on to them
    apart = {"console/environment.py", "connectors/simulate/__main__.py", "connectors/agency.py", "connectors/leash.py",
             "connectors/drill.py"}
    assert asks <= apart | {"stream/settings.py"}


def outside(name: str) -> set[str]:
    """Distributions that this file imports from directly, by their normalised names."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    ours = {*PACKAGES, "tests", "run"}
    return {SHELF.get(top, [top])[0].lower().replace("_", "-") for top in found - ours - sys.stdlib_module_names}


def test_what_is_imported_is_asked_for_by_name_and_not_by_luck():
    asked = {}
    for source in ("requirements.in", "requirements-test.in"):
        lines = (ROOT / source).read_text().splitlines()
        asked[source] = {line.partition("[")[0] for line in lines if line[:1].isalpha()}
    run = {d for name in modules() for d in outside(name)}
    peer = "tests/bench/peers/peer.py"  # runs by a Python of its own (its README)
    tests = [str(f) for f in files() if f.suffix == ".py" and f.parts[0] == "tests" and str(f) != peer]
    test = {d for name in tests for d in outside(name)}
    lines = (ROOT / peer).with_name("requirements.txt").read_text().splitlines()
    theirs = {line.partition("==")[0] for line in lines if line[:1].isalpha()}
    assert {{"pyflink": "apache-flink"}.get(name, name) for name in outside(peer)} == theirs
    assert run - asked["requirements.in"] == set()
    assert test - asked["requirements.in"] - asked["requirements-test.in"] == set()


def flat(table: dict, path: str = "") -> dict[str, str]:
    """A nested table of words as {dotted key: text}."""
    found = {}
    for key, value in table.items():
        found |= flat(value, f"{path}{key}.") if isinstance(value, dict) else {path + key: str(value)}
    return found


def test_korean_and_english_say_the_same_things():
    ko, en = (flat(tomllib.loads((ROOT / f"console/locale/{lang}.toml").read_text())) for lang in ("ko", "en"))
    assert ko.keys() == en.keys() and len(ko) > 50
    holes = [{key: sorted(h for _, h, _, _ in Formatter().parse(text) if h) for key, text in words.items()}
             for words in (ko, en)]
    assert holes[0] == holes[1]
    assert [key for key, text in (ko | en).items() if not text.strip()] == []


def test_every_rule_has_a_story_that_fires_and_one_that_does_not():
    rules = [str(tomllib.loads((ROOT / f).read_text())["id"]) for f in files() if f.match("cep/rules/*.toml")]
    stories = [tomllib.loads((ROOT / f).read_text()) for f in files() if f.match("tests/stories/*.toml")]
    assert rules
    told = {(str(s.get("rule")), bool(s.get("expect"))) for s in stories}
    assert [(rule, fires) for rule in rules for fires in (True, False) if (rule, fires) not in told] == []


# Written in two parts, so that this file does not hold what it looks for.
FOREIGN = ("/wor" + "k/", "/tmp/" + "dev", "/ro" + "ot/", "/opt/py" + "pi", "py" + "pi.org", "pythonhost" + "ed.org")
BINARY = {".woff2", ".ttf", ".png", ".zst", ".gz", ".ico", ".mp3", ".ogg", ".wav", ".jpg"}
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b|^(<{7}|>{7}) ")  # half-merged is unfinished too


def test_no_file_names_this_machine_or_a_registry_or_something_unfinished():
    found = []
    for file in files():
        if "vendor" in file.parts or file.suffix in BINARY:
            continue
        for n, line in enumerate((ROOT / file).read_text().splitlines(), 1):
            if any(sign in line for sign in FOREIGN) or UNFINISHED.search(line):
                found.append(f"{file}:{n}")
    assert found == []


def test_settings_page_is_the_table_of_settings():
    from stream.settings import SETTINGS
    from tests.settings_page import page

    assert len(SETTINGS) > 20
    assert (ROOT / "docs" / "settings.md").read_text() == page(SETTINGS), "write it anew: python -m tests.settings_page"
