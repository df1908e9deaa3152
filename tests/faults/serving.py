"""The site as `manage.py up` serves it: a process of its own, on a free port, with a folder of its own."""

import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.datastructures import CaseInsensitiveMapping

from tests.environment import variables
from tests.postgresql import without_pg
from tests.starting import first_start

# Seconds. Two cores may be busy with much else, and nobody waits longer than it takes.
STARTS_WITHIN = 180
ENDS_WITHIN = 60
ANSWERS_WITHIN = 60
SECRETS = ("SECRET_KEY", "KETCARE_KEYS")


class Away(Exception):
    """The server did not answer: it closed the connection, or sent nothing in time."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # whose names may be asked for in any case
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def free_port() -> int:
    """Below those that the system gives to connections: until the site listens there, it would give it to another."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(happened: Callable[[], object], *, within: float = 60, what: str) -> None:
    end = time.monotonic() + within
    while not happened():
        assert time.monotonic() < end, f"Not within {within} s: {what}"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether that process runs; one that ended and waits for its parent to notice does not."""
    try:
        return _stat(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _stat(pid: int) -> list[str]:
    """State, parent and so on, as /proc has them after the name of the program."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@dataclass
class Site:
    """A running site. `folder` has its database, its static files and its log."""

    folder: Path
    port: int
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes]"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    @property
    def database(self) -> Path:
        return self.folder / "ketcare.sqlite3"

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = ANSWERS_WITHIN,
    ) -> Answer:
        """One request on a connection of its own. Raises Away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may be refused before all of it is sent
                connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            names = [name.lower() for name in response.headers if name.lower() != "set-cookie"]
            assert len(names) == len(set(names)), f"{path} has a header twice: {names}"
            return Answer(response.status, CaseInsensitiveMapping(response.headers.items()), response.read())
        except (OSError, http.client.HTTPException) as problem:
            raise Away(f"{method} {path}: {problem!r}") from problem
        finally:
            connection.close()

    def connect(self, timeout: float = ANSWERS_WITHIN) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def send(self, *parts: bytes, timeout: float = ANSWERS_WITHIN) -> tuple[bytes, bool]:
        """Sends bytes as they are. Gives what came back, and whether the server then closed the connection."""
        with self.connect(timeout) as wire:
            for part in parts:
                wire.sendall(part)
            received = b""
            try:
                while more := wire.recv(65536):
                    received += more
            except TimeoutError:
                return received, False
            except ConnectionResetError:
                pass
            return received, True

    def answers(self) -> bool:
        with suppress(Away):
            return self.ask("/readyz", timeout=5).status == 200
        return False

    def children(self) -> dict[int, str]:
        """The processes below gunicorn's, with their command lines."""
        found = {}
        for entry in Path("/proc").iterdir():
            with suppress(ValueError, OSError):
                pid = int(entry.name)
                state, parent = _stat(pid)[:2]
                if int(parent) == self.process.pid and state != "Z":
                    found[pid] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def workers(self) -> list[int]:
        return [pid for pid, command in self.children().items() if "gunicorn" in command]

    def ticks(self) -> list[int]:
        return [pid for pid, command in self.children().items() if " tick " in command]

    def replace_workers(self) -> None:
        """Kills every worker and waits for new ones, which know nothing yet."""
        old = set(self.workers())
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(set(self.workers()) - old) == len(old) and self.is_up(), what="workers are replaced")

    def is_up(self) -> bool:
        with suppress(Away):
            return self.ask("/healthz", timeout=5).status == 200
        return False

    def end(self) -> None:
        """Ends it as a service manager does, and then for certain."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=ENDS_WITHIN)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def prepare(folder: Path) -> dict[str, str]:
    """Puts a site that was started before into the folder, and gives its secrets. From there a start costs little."""
    first = first_start().folder
    shutil.copytree(first / "var", folder, dirs_exist_ok=True)
    kept = dict(line.split("=", 1) for line in (first / ".env").read_text().splitlines())
    return {name: kept[name] for name in SECRETS}


def start(folder: Path, **environment: str) -> Site:
    """Starts `manage.py up` without waiting for it. `environment` goes over the fixed one of the tests."""
    port = free_port()
    values = {
        **without_pg(os.environ),
        **variables(str(folder)),
        "DATABASE_URL": f"sqlite:///{folder}/ketcare.sqlite3",
        "ALLOWED_HOSTS": "",
        "SITE_URL": f"http://localhost:{port}",
        **environment,
    }
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env=values,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Site(folder, port, values, process)


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Site]:
    """The site, once it answers; every process of it is gone at the end, however the tests went."""
    site = start(folder, **environment)
    try:
        wait_until(
            lambda: site.answers() or site.process.poll() is not None, within=STARTS_WITHIN, what="the site starts"
        )
        assert site.process.poll() is None, site.log
        yield site
    finally:
        site.end()
