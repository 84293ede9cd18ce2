"""Kernels as a house rule: strict arithmetic, no module constant inside, all compiled before the door opens."""

import ast
import importlib
from pathlib import Path

import numba
import numpy as np
import pytest

import cep.kernels
from cep.engine import Engine
from cep.kernels import FOLDER, Direct, cold, digest
from cep.rules import load_rules
from geo.city import load_city
from tests.cep.streams import PlainCity

FILES = sorted(Path(cep.kernels.__file__).parent.glob("[a-z]*.py"))
BANNED = {"sin", "cos", "tan", "atan2", "hypot", "exp", "log", "pow", "prange", "random"}


def functions(file: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_kernel_uses_no_module_constant_and_only_plain_arithmetic(file: Path) -> None:
    module = importlib.import_module(f"cep.kernels.{file.stem}")
    kernels = {name for name in dir(module) if callable(getattr(module, name))} | {"math"}
    assert functions(file)
    for function in functions(file):
        assert [ast.unparse(d) for d in function.decorator_list] in (["kernel"], ["inlined"])
        local = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        local |= {a.arg for a in function.args.args} | set(dir(__builtins__)) | set(__builtins__)  # type: ignore[call-overload]
        used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        assert used - local - kernels == set(), function.name
        names = {n.attr for n in ast.walk(function) if isinstance(n, ast.Attribute)}
        assert not names & BANNED and not any(isinstance(n, ast.Pow) for n in ast.walk(function)), function.name


def test_floating_point_is_strict() -> None:
    if numba.config.DISABLE_JIT:
        pytest.skip("the JIT is off")
    for file in FILES:
        module = importlib.import_module(f"cep.kernels.{file.stem}")
        for function in functions(file):
            options = getattr(module, function.name).targetoptions
            assert options["fastmath"] is False and not options.get("parallel") and not options.get("nogil")


def test_the_folder_of_compiled_code_is_named_by_what_it_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FOLDER.name == f"kernels-{digest()}"
    monkeypatch.setattr(numba, "__version__", "0.0")
    assert FOLDER.name != f"kernels-{digest()}"


def test_after_warming_nothing_compiles_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    if numba.config.DISABLE_JIT:
        pytest.skip("the JIT is off")
    from cep.kernels.care import judge_events
    from cep.kernels.pairs import find_meeting
    from cep.kernels.road import judge_road
    from cep.kernels.street import judge_street
    from cep.kernels.timers import arm, push
    from tests.cep.test_engine import test_memory_stays_bounded_under_ever_new_names as live

    Engine(PlainCity(), load_rules()).warm()
    dispatchers = (judge_events, judge_road, judge_street, find_meeting, arm, push)
    before = [len(d.signatures) for d in dispatchers]
    assert all(before)
    live()
    Engine(load_city(), load_rules()).warm()
    assert [len(d.signatures) for d in dispatchers] == before


def test_it_is_cold_until_something_compiled_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cep.kernels, "FOLDER", tmp_path)
    assert cold()
    (tmp_path / "kernels_1").mkdir()
    (tmp_path / "kernels_1" / "road.step-1.py311.nbi").touch()
    assert not cold()


def test_a_direct_call_says_the_same() -> None:
    from cep.kernels.timers import pop, push
    from cep.state import TIMER

    timers, n = np.zeros(4, TIMER), np.zeros(1, np.int64)
    straight = Direct(push)
    for due in (5, 3):
        straight.call(timers, n, due, 0, 0, due, 0)
    assert timers[0]["due"] == 3 and n[0] == 2
    pop(timers, n)
    assert timers[0]["due"] == timers[0]["entity"] == 5 and n[0] == 1
