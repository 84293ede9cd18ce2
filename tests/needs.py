"""The real servers, browser and font that the tests use: where they are, and how they are installed.

One row a need. ``find`` answers where a need is on this machine (None: absent); ``install`` asks the system's package
manager for what is absent and, where that has no real Chromium, Playwright for its own. Standard library only, so that
``run.py test`` can call it before pytest starts.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """One thing the tests use: how it is called, the apt package that has it, how to find it."""

    name: str
    package: str
    find: Callable[[], Path | None]


def _first(*names: str) -> Path | None:
    """The first of these programs on the PATH or in the folders where Debian keeps servers."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    hits = (shutil.which(name, path=path) for name in names)
    return next((Path(hit) for hit in hits if hit), None)


def _postgres() -> Path | None:
    """Folder of PostgreSQL's programs, newest version first; they are not on the PATH in Debian."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders = [f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()]
    if folders:
        return max(folders, key=lambda f: int("".join(c for c in f.parent.name if c.isdigit()) or 0))
    initdb = _first("initdb")
    return initdb.resolve().parent if initdb else None


def _answers(program: Path) -> bool:
    """True when the browser says its version: Ubuntu's chromium-browser is only a pointer to a snap."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and "Chrom" in said.stdout


def _chromium() -> Path | None:
    """A Chromium that runs: the system's, else the one that Playwright keeps."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        program = _first(name)
        if program and _answers(program):
            return program
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted([*kept.glob("chromium-*/chrome-linux*/chrome"), *kept.glob("chromium_headless*/*/*shell")])
    return next((p for p in found if _answers(p)), None)


def _korean_font() -> Path | None:
    """A font file that has Hangul, by fontconfig."""
    asked = _first("fc-list")
    if not asked:
        return None
    listed = subprocess.run([asked, ":lang=ko", "file"], capture_output=True, text=True).stdout.split(":")
    return Path(listed[0].strip()) if listed[0].strip() else None


NEEDS: tuple[Need, ...] = (
    Need("mosquitto", "mosquitto", lambda: _first("mosquitto")),
    Need("redis", "redis-server", lambda: _first("redis-server")),
    Need("postgresql", "postgresql", _postgres),
    Need("chromium", "chromium", _chromium),
    Need("mosquitto_pub", "mosquitto-clients", lambda: _first("mosquitto_pub")),
    Need("curl", "curl", lambda: _first("curl")),
    Need("korean font", "fonts-noto-cjk", _korean_font),
)


@functools.cache
def find(name: str) -> Path | None:
    """Where the need called ``name`` is (its program; PostgreSQL: the folder of its programs), or None."""
    return next(need for need in NEEDS if need.name == name).find()


def missing() -> list[Need]:
    """The needs that this machine does not have, asked anew."""
    find.cache_clear()
    return [need for need in NEEDS if not find(need.name)]


def _apt() -> list[str] | None:
    """How apt-get is called here: as root, by sudo without a password, or (None) not at all."""
    if not shutil.which("apt-get"):
        return None
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return quietly
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n", *quietly]
    return None


def _install_packages(apt: list[str], packages: list[str]) -> None:
    """Each package for itself, so that one that is unknown here does not stop the others."""
    subprocess.run([*apt, "update", "-q"], stdout=sys.stderr, check=False)
    for package in packages:
        print(f"installing {package} by apt-get", file=sys.stderr, flush=True)
        command = [*apt, "install", "-y", "-q", "--no-install-recommends", package]
        subprocess.run(command, stdout=sys.stderr, check=False)


def install() -> list[Need]:
    """Install what is missing, saying so on stderr; the answer is what is still missing afterwards.

    Without the right to install, it prints what a person would have to type, and changes nothing.
    """
    absent = missing()
    if not absent:
        return []
    packages = [need.package for need in absent]
    print(f"the tests also need: {', '.join(need.name for need in absent)}", file=sys.stderr)
    apt = _apt()
    if apt:
        _install_packages(apt, packages)
    else:
        print(f"I may not install here; on Debian or Ubuntu type:  sudo apt-get install {' '.join(packages)}",
              file=sys.stderr)
    if not _chromium():
        print("no Chromium of the system that runs: fetching Playwright's own", file=sys.stderr, flush=True)
        fetch = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if apt else []), "chromium"]
        subprocess.run(fetch, stdout=sys.stderr, check=False)
    return missing()
