"""What is missing is installed by the system's package manager, or a person is told what to type."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import needs


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine where a made-up server is missing, with a package manager that only notes what it was asked for."""
    def program(name: str, script: str) -> Path:
        file = tmp_path / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return file

    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(needs, "NEEDS", (needs.Need("bell", "bell-server", lambda: needs._first("bell-server")),))
    monkeypatch.setattr(needs, "_chromium", lambda: Path("/bin/true"))
    needs.find.cache_clear()
    yield program
    needs.find.cache_clear()


def test_nothing_is_done_when_nothing_is_missing(machine, capsys):
    machine("bell-server", "true")
    machine("apt-get", "exit 1")
    assert needs.install() == [] and capsys.readouterr().err == ""


def test_missing_server_is_installed_and_found(machine, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    asked = tmp_path / "asked"
    machine("apt-get", f'echo "$@" >> {asked}; test "$1" = update || cp /bin/true {tmp_path}/bin/bell-server')
    assert needs.install() == []
    assert asked.read_text() == "update -q\ninstall -y -q --no-install-recommends bell-server\n"
    assert "installing bell-server" in capfd.readouterr().err


def test_without_the_right_a_person_is_told_what_to_type(machine, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine("sudo", "exit 1")
    machine("apt-get", f"touch {tmp_path}/called")
    assert [need.name for need in needs.install()] == ["bell"]
    assert "sudo apt-get install bell-server" in capsys.readouterr().err and not (tmp_path / "called").exists()


def test_browser_that_only_points_to_a_snap_is_none(machine):
    assert not needs._answers(machine("chromium-browser", "echo 'install the snap first' >&2; exit 1"))
    assert needs._answers(machine("chromium", "echo Chromium 1.2.3"))
