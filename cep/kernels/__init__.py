"""The kernels: tight loops over arrays that decide. Compiled by numba, or plain Python with ``NUMBA_DISABLE_JIT=1``.

House rules for a kernel: + − × ÷ √ and comparisons only, no fastmath, no parallel (NaN means "no reading", and the same
tape must give the same bytes on every machine); no module constant inside (a compiled one keeps the old value); a slow
twin in ``tests/naive.py`` that says the same.

Compiled code is kept on disk in a folder named by a digest of every kernel file, numba's version and the processor, so
that stale code is never run. Where the folder cannot be written, every start compiles anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
from numba.core import config

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache"


def digest() -> str:
    """What compiled kernels depend on."""
    parts = [numba.__version__, llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()]
    sources = [file.read_bytes() for file in sorted(HERE.glob("*.py"))]
    return sha256("\n".join(parts).encode() + b"".join(sources)).hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


FOLDER = CACHE / f"kernels-{digest()}"
KEEP = _writable(FOLDER)
if KEEP:
    config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]


def cold() -> bool:
    """True when nothing compiled is kept for this processor: the first call of each kernel then takes seconds."""
    return not any(FOLDER.rglob("*.nbi"))


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile this function (strict floating point, kept on disk)."""
    compiled: Callable[..., Any] = numba.njit(cache=KEEP, fastmath=False, error_model="numpy")(function)
    return compiled


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, written into its caller: for helpers that get arrays, which cost when they are handed on."""
    strict = numba.njit(cache=KEEP, fastmath=False, error_model="numpy", inline="always")
    compiled: Callable[..., Any] = strict(function)
    return compiled


class Direct:
    """A kernel called without asking for the types of its arguments again: the question costs more than the call.

    The first ``call`` goes through numba, which checks and compiles; after it nothing is checked any more, and nothing
    stands in between. Only for callers whose arguments always have the same types: tables of fixed dtypes and
    dimensions, in C order.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.kernel = function
        self.call: Callable[..., Any] = self._first

    def _first(self, *args: Any) -> Any:
        found = self.kernel(*args)
        kept = list(getattr(self.kernel, "overloads", {}).values())
        if len(kept) == 1:
            self.call = kept[0].entry_point
        return found
