"""The project's own environment: ``.venv`` beside ``run.py``, made from a lock file, entered by starting again in it.

Nothing but the standard library, and nothing that an old Python could not read: it has to say so that it is too old.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATE = VENV / "gwanje.json"  # written last: without it the environment is unfinished
OLDEST, TOO_NEW = (3, 11, 2), (3, 14)
RUN, TEST = "requirements.lock", "requirements-test.lock"  # TEST holds all of RUN (tests/test_run.py)

# What pip says when it fails -> what that means here and what to do about it.
TROUBLES = (
    ("No space left on device", f"the disk is full: about 1 GB must be free in {ROOT} and in the folder for temporary "
                                "files (TMPDIR)"),
    ("DO NOT MATCH THE HASHES", "a package is not the one that the lock file names; it was not installed. Look at the "
                                "package index or proxy in between"),
    ("NewConnectionError|Max retries|Name or service|name resolution|ProxyError|ConnectTimeout|ReadTimeout|SSLError|"
     "Network is unreachable", "the package index can't be reached: check the network, or name a mirror of your own by "
                               "PIP_INDEX_URL. Then start again: what has come is not fetched twice"),
    ("Read-only file system|Permission denied", f"{VENV} can't be written"),
    ("No matching distribution", "the package index has no wheel of this package for this Python and this machine"),
)


def say(text: str) -> None:
    """One line to the person at the terminal; stdout belongs to the verb."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str, code: int = 1) -> NoReturn:
    """End with a clear word: code 1 for a failure, 2 for what the caller has to do otherwise."""
    say(f"gwanje: {text}")
    raise SystemExit(code)


def digest(lock: str) -> str:
    """SHA-256 of a lock file."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def state() -> dict[str, Any]:
    """What the environment was made with; empty when there is none, or an unfinished one, or its Python has gone."""
    try:
        kept = json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}
    return kept if kept.get("python") == os.path.realpath(PYTHON) else {}


def ready(lock: str) -> bool:
    """True when the environment holds just what this lock file names."""
    return state().get("locks", {}).get(lock) == digest(lock)


def check_python() -> None:
    """Refuse a Python that the lock has no packages for, and one that can't make environments."""
    have = ".".join(map(str, sys.version_info[:3]))
    if not OLDEST <= sys.version_info[:3] < TOO_NEW:
        fail(f"this is Python {have}, but Python 3.11.2 to 3.13 is needed; start me with one of these, for example: "
             "python3.12 run.py", 2)
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        fail(f"this Python has no venv module; on Debian or Ubuntu type: sudo apt-get install "
             f"python3.{sys.version_info[1]}-venv")


def make_environment(lock: str) -> None:
    """Make or mend ``.venv`` so that it holds what ``lock`` names; an unfinished one is begun anew.

    One process at a time; STATE goes first and comes last, so a kill at any moment leaves an unfinished environment,
    never a wrong one.
    """
    with open(ROOT / ".venv.lock", "w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if ready(lock):
            return
        locks = {name: digest(name) for name in ((RUN, TEST) if lock == TEST else (RUN,))}
        if not state():
            say(f"making {VENV} " + ("(again: the last setup did not finish)" if VENV.exists() else "(only once)"))
            shutil.rmtree(VENV, ignore_errors=True)
            import venv

            venv.EnvBuilder(with_pip=True, symlinks=True).create(VENV)
        STATE.unlink(missing_ok=True)
        install(lock)
        fresh = STATE.with_suffix(".new")
        fresh.write_text(json.dumps({"python": os.path.realpath(PYTHON), "locks": locks}))
        fresh.replace(STATE)


def install(lock: str) -> None:
    """Let pip bring what the lock names, hashes checked, wheels only, one line a package.

    The lock is complete, so pip has nothing to resolve: asked to, it takes a package that another one wants with an
    extra in the newest version there is, and then finds no hash of it.
    """
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:",
               "-r", lock, "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--retries", "2"]
    pip = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, n, ended = [], 0, threading.Event()
    for line in pip.stdout or ():
        said.append(line)
        if line.startswith(("Collecting", "Processing")):
            n += 1
            say(f"  {n:3} {Path(line.split()[1]).name}")
        elif line.startswith("Installing collected"):
            threading.Thread(target=count_installed, args=(line.count(",") + 1, ended), daemon=True).start()
        elif re.match(r"\s*(WARNING: Retrying|ERROR)", line):
            say(line.rstrip())
    ended.set()
    if pip.wait() != 0:
        explain("".join(said[-60:]))


def count_installed(total: int, ended: threading.Event) -> None:
    """While pip unpacks, which it does without a word, say how far it is."""
    while not ended.wait(2):
        say(f"  unpacked {min(total, len(list(VENV.glob('lib/*/site-packages/*.dist-info'))))} of {total}")


def explain(said: str) -> NoReturn:
    """End with what the last words of a failed program mean."""
    meaning = next((text for pattern, text in TROUBLES if re.search(pattern, said)), said.strip())
    fail(f"the setup failed: {meaning}")


def enter(lock: str) -> None:
    """Return only inside an environment that holds what ``lock`` names; outside, make it and start again in it."""
    inside = Path(sys.prefix).resolve() == VENV.resolve()  # it may be a link
    try:
        if not ready(lock):
            if inside and not state():  # an environment can't be made anew from within
                os.execv(sys._base_executable, [sys._base_executable, *sys.argv])  # type: ignore[attr-defined]
            check_python()
            make_environment(lock)
        if not inside:
            os.execv(PYTHON, [str(PYTHON), str(ROOT / "run.py"), *sys.argv[1:]])
    except subprocess.CalledProcessError as error:
        explain((error.output or b"").decode(errors="replace") or str(error))
    except OSError as error:
        explain(f"{os.strerror(error.errno or errno.EIO)}: {error.filename or VENV}")
