"""Databases to get into trouble with: a private PostgreSQL, and a disk of a few megabytes."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import postgresql


class Database:
    """A private PostgreSQL that can be stopped without a warning, and started again."""

    def __init__(self, programs: Path, folder: Path, how: Mapping[str, str] = postgresql.SETTINGS) -> None:
        self.programs, self.folder, self.how = programs, folder, how
        self.account = postgresql.server_account()
        self.server: subprocess.Popen[bytes] | None = None
        os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        postgresql.make_cluster(programs, folder, self.account)

    @property
    def url(self) -> str:
        return f"postgres:///{self.folder}/postgres"

    def start(self) -> None:
        self.server = postgresql.start_server(self.programs, self.folder, self.account, self.how)
        postgresql.wait_until_ready(self.server, self.programs, self.folder)

    def stop(self) -> None:
        """As `pg_ctl stop -m immediate` does: every connection ends at once."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(timeout=30)

    def execute(self, *statements: str) -> None:
        command = [str(self.programs / "psql"), "--quiet", "--host", str(self.folder), "--dbname", "postgres"]
        command += [part for statement in statements for part in ("--command", statement)]
        subprocess.run(command, env=postgresql.without_pg(os.environ), stdout=subprocess.DEVNULL, check=True)


@contextmanager
def private_database(
    how: Mapping[str, str] = postgresql.SETTINGS, *, megabytes: int | None = None
) -> Iterator[Database]:
    """A PostgreSQL of its own, on a small disk of its own where `megabytes` says so; skips where there is none."""
    programs = postgresql.find_programs()
    if programs is None:
        _do_without("PostgreSQL is missing: install Debian's package postgresql, or run script/test, which does")
        raise AssertionError
    # Not pytest's folder: PostgreSQL runs as another user, and a socket's path may not be long.
    folder = Path(tempfile.mkdtemp(prefix="ketcare-pg-"))
    with small_disk(folder, megabytes) if megabytes else _as_it_is():
        database = Database(programs, folder, how)
        try:
            database.start()
            yield database
        finally:
            database.stop()
            shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    """Mounts a disk of that size (in memory) on that folder; skips where mounting is not allowed."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "ketcare", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here: that takes root, and leave to mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> Path:
    """Takes all space that is left on that disk; the file that took it."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            for size in (1 << 16, 1 << 12):
                while file.write(bytes(size)) == size:
                    pass
        except OSError:
            while True:
                try:
                    file.write(bytes(512))
                except OSError:
                    break
    return ballast


def _do_without(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
