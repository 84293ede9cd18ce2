"""Stories of the environment: a small project with a lock of one small package, real pip, real venv, no network."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from console import environment
from console.environment import RUN, TEST
from tests.servers import ROOT, free_port

PROGRAM = """
import sys
from console.environment import RUN, enter
enter(RUN)
import small
print(small.NUMBER, sys.prefix, *sys.argv[1:])
"""


def wheel(folder: Path, number: int) -> str:
    """Make the wheel small-<number>.0; the answer is its line of a lock file."""
    info = f"small-{number}.0.dist-info"
    files = {
        "small.py": f"NUMBER = {number}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: small\nVersion: {number}.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{info}/RECORD,,"]
    for name, text in files.items():
        sha = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        rows.append(f"{name},sha256={sha},{len(text)}")
    made = folder / f"small-{number}.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": "\n".join(rows) + "\n"}.items():
            archive.writestr(name, text)
    return f"small=={number}.0 --hash=sha256:{hashlib.sha256(made.read_bytes()).hexdigest()}\n"


class Project:
    """A folder with environment.py, a program, a lock of one package, and a shelf of wheels instead of an index."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.shelf = folder / "project", folder / "shelf"
        self.folder.mkdir()
        self.shelf.mkdir()
        (self.folder / "console").mkdir()
        shutil.copy(ROOT / "console" / "environment.py", self.folder / "console")
        (self.folder / "run.py").write_text(PROGRAM)
        self.lock(1)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PIP_NO_INDEX": "1",
                    "PIP_FIND_LINKS": str(self.shelf)}

    def lock(self, number: int) -> None:
        """Let the lock file name this version of the package."""
        (self.folder / RUN).write_text(wheel(self.shelf, number))

    def popen(self, *words: str, **more: object) -> subprocess.Popen[str]:
        """Start the program from outside the environment."""
        return subprocess.Popen(
            [sys._base_executable, "run.py", *words], cwd=self.folder, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def start(self, *words: str, **more: object) -> tuple[int, str, str]:
        """Run the program to its end: exit code, stdout, stderr."""
        process = self.popen(*words, **more)
        out, err = process.communicate()
        return process.returncode, out, err


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_first_start_makes_the_environment_and_the_second_says_nothing(project):
    code, out, err = project.start("--word")
    assert (code, out) == (0, f"1 {project.folder}/.venv --word\n")
    assert "making" in err and "1 small-1.0" in err
    assert project.start("--word") == (0, out, "")


def test_changed_lock_brings_the_new_version(project):
    project.start()
    project.lock(2)
    code, out, err = project.start()
    assert code == 0 and out.startswith("2 ") and "1 small-2.0" in err and "making" not in err


def test_killed_setup_is_noticed_and_done_again(project):
    first = project.popen(start_new_session=True)
    assert "making" in first.stderr.readline() and "small" in first.stderr.readline()
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert not (project.folder / ".venv" / environment.STATE.name).exists()
    code, out, err = project.start()
    assert code == 0 and out.startswith("1 ") and "did not finish" in err


def test_two_first_starts_at_once_make_one_environment(project):
    both = [project.popen(), project.popen()]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("making" in err for _, err in said) == 1


def test_environment_whose_python_has_gone_is_made_again(project):
    project.start()
    python = project.folder / ".venv" / "bin" / "python"
    for name in python.parent.glob("python*"):
        name.unlink()
    code, out, err = project.start()
    assert code == 0 and out.startswith("1 ") and "making" in err


def test_package_with_another_hash_is_not_installed(project):
    lock = project.folder / RUN
    lock.write_text("small==1.0 --hash=sha256:" + "0" * 64 + "\n")
    code, out, err = project.start()
    assert (code, out) == (1, "") and "not the one that the lock file names" in err


def test_no_network_says_so(project):
    shutil.rmtree(project.shelf)
    project.env |= {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/simple"}
    del project.env["PIP_NO_INDEX"], project.env["PIP_FIND_LINKS"]
    code, out, err = project.start()
    assert (code, out) == (1, "") and "can't be reached" in err and "Traceback" not in err


def mounted(project: Project, mount: str, then: str = "true") -> tuple[int, str, str]:
    """Run the program in a folder that is a small disk of its own (needs root, else the test is skipped)."""
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("needs root: unshare --mount")
    (project.folder / "disk").mkdir()
    words = f'{mount} disk && cp -r console *.py *.lock disk && {then} && cd disk && exec "$0" run.py'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", words, sys._base_executable], cwd=project.folder,
                          env=project.env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_full_disk_says_so(project):
    code, out, err = mounted(project, "mount -t tmpfs -o size=3m none")
    assert (code, out) == (1, "") and "the disk is full" in err and "Traceback" not in err


def test_read_only_disk_says_so(project):
    code, out, err = mounted(project, "mount -t tmpfs -o size=3m none", "mount -o remount,ro disk")
    assert (code, out) == (1, "") and "can't be written" in err and "Traceback" not in err


@pytest.mark.parametrize("version", [(3, 10, 12), (3, 11, 1), (3, 14, 0)])
def test_python_without_packages_is_refused(monkeypatch, capsys, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as ended:
        environment.check_python()
    assert ended.value.code == 2 and "3.11.2 to 3.13" in capsys.readouterr().err


def test_python_without_venv_names_the_debian_package(monkeypatch, capsys):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    with pytest.raises(SystemExit) as ended:
        environment.check_python()
    said = capsys.readouterr().err
    assert ended.value.code == 1 and f"apt-get install python3.{sys.version_info[1]}-venv" in said


@pytest.mark.parametrize("file", ["console/environment.py", "console/verbs.py", "run.py"])
def test_old_python_can_read_far_enough_to_say_that_it_is_too_old(file):
    ast.parse((ROOT / file).read_text(), feature_version=(3, 8))


# --- what the lock files may hold ---------------------------------------------------------------------------------

PIN = re.compile(r"^([a-z0-9-]+)==(\S+?)( ;.*)? \\$")


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
    run, test = pins(RUN), pins(TEST)
    # what the run set needs on some machines only ("; sys_platform ..."), the test set may need everywhere
    assert {name: pin for name, pin in run.items() if test.get(name) not in (pin, pin.partition(" ;")[0])} == {}
    hashes = re.compile("--hash=\\S+")
    assert set(hashes.findall((ROOT / RUN).read_text())) <= set(hashes.findall((ROOT / TEST).read_text()))


@pytest.mark.parametrize(("source", "lock"), [("requirements.in", RUN), ("requirements-test.in", TEST)])
def test_lock_pins_all_that_its_source_asks_for(source, lock):
    asked = [line.split("[")[0] for line in (ROOT / source).read_text().splitlines() if line[:1].isalpha()]
    assert asked and set(asked) <= set(pins(lock))
