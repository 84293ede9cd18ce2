"""Private servers for tests: each has its own folder, its own port or socket, and is stopped by the one who started it.

    broker = Mosquitto(); broker.start(); ... broker.kill(); broker.start(); ... broker.stop()

``kill`` is ``kill -9`` and keeps the folder, so a test can see what a server has saved; ``stop`` ends for good and
removes the folder. Servers that refuse to run as root (PostgreSQL) or drop root (Mosquitto) run as an ordinary user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.needs import find

ROOT = Path(__file__).resolve().parent.parent
START_S = 60  # a server that does not answer by then is broken, not slow


class ServerError(Exception):
    """A server of a test did not start: its name and the end of what it said."""


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _servant() -> str | None:
    """The ordinary user that servers run as when the tests run as root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "mosquitto", "nobody") if name in known), None)


def listens(port: int) -> bool:
    """True when something accepts connections on this port of the loopback."""
    with socket.socket() as s:
        s.settimeout(0.5)
        return s.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process with a folder of its own; ``command`` and ``ready`` are what a kind of server adds."""

    name = "server"
    host = "127.0.0.1"

    def __init__(self) -> None:
        self.user = _servant()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name[:5]}-"))
        self.log = self.folder / "log.txt"
        if self.user:
            shutil.chown(self.folder, self.user)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What to run."""
        raise NotImplementedError

    def ready(self) -> bool:
        """True when clients can come in."""
        return listens(self.port)

    def run_as_user(self) -> dict[str, object]:
        """Arguments of ``subprocess`` that make the ordinary user of this server run it."""
        if not self.user:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Start, or start again in the same folder on the same port; returns when clients can come in."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self.run_as_user(),  # type: ignore[call-overload]
            )
        end = time.monotonic() + START_S
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.halt(signal.SIGKILL)
                raise ServerError(f"{self.name} did not start: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    def halt(self, sig: signal.Signals = signal.SIGTERM) -> None:
        """End the process by this signal and wait for it; the folder stays."""
        if self.process is None:
            return
        self.process.send_signal(sig)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """``kill -9``: what was not saved is gone; ``start`` begins again in the same folder."""
        self.halt(signal.SIGKILL)

    def stop(self) -> None:
        """End for good and remove the folder."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)


class Mosquitto(Server):
    """A broker with the project's own ``connectors/mosquitto.conf``; ``extra`` lines are added to it."""

    name = "mosquitto"

    def __init__(self, extra: str = "") -> None:
        super().__init__()
        shipped = (ROOT / "connectors" / "mosquitto.conf").read_text()
        mine = f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence_location {self.folder}/\n"
        self.conf = self.folder / "mosquitto.conf"
        self.conf.write_text(f"{shipped}\n{mine}{extra}\n")

    def command(self) -> list[str]:
        return [str(find("mosquitto")), "-c", str(self.conf)]


class Redis(Server):
    """A Redis that keeps everything in memory (it is transport, never the record)."""

    name = "redis"

    @property
    def url(self) -> str:
        """Address for a client, database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        options = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(self.folder), "appendonly": "no"}
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        return [str(find("redis")), *words, "--save", ""]


class Postgres(Server):
    """A PostgreSQL cluster on a Unix socket, fsync and synchronous_commit as they come (on)."""

    name = "postgresql"

    def __init__(self) -> None:
        super().__init__()
        self.bin = find("postgresql") or Path()
        self.data = self.folder / "data"
        self.count = 0
        self._run("initdb", "-D", str(self.data), "-U", "gwanje", "-A", "trust", "-E", "UTF8", "--locale=C")

    def _run(self, program: str, *args: str) -> None:
        done = subprocess.run(
            [str(self.bin / program), *args], cwd=self.folder, capture_output=True, text=True,
            **self.run_as_user(),  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            raise ServerError(f"{program}: {done.stderr[-2000:]}")

    def command(self) -> list[str]:
        return [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), "-c", "listen_addresses="]

    def ready(self) -> bool:
        asked = [str(self.bin / "pg_isready"), "-q", "-h", str(self.folder), "-U", "gwanje", "-d", "postgres"]
        return subprocess.run(asked, check=False).returncode == 0

    def new_database(self) -> str:
        """Make an empty database; the answer is its SQLAlchemy address."""
        self.count += 1
        name = f"t{self.count}"
        self._run("createdb", "-h", str(self.folder), "-U", "gwanje", name)
        return f"postgresql+psycopg://gwanje@/{name}?host={self.folder}"

    def drop(self, url: str) -> None:
        """Remove the database of this address, whoever is still connected."""
        name = url.split("@/")[1].split("?")[0]
        self._run("dropdb", "--force", "-h", str(self.folder), "-U", "gwanje", name)

    def halt(self, sig: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast stop: it does not wait for clients."""
        super().halt(sig)
