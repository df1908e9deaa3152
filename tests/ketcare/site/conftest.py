"""A site on one's own machine, made by a real `up`, and copies of it to spoil."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.starting import asked, first_start, manage

ROWS = """
from django.db import connection
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names()):
        cursor.execute(f'SELECT * FROM "{table}"')
        for row in sorted(map(repr, cursor.fetchall())):
            print(table, row)
"""


@dataclass(frozen=True)
class Site:
    """Its `.env` and everything that it wrote lie in `folder`; `url` is its DATABASE_URL, empty for the default."""

    folder: Path
    url: str

    @property
    def env_file(self) -> Path:
        return self.folder / ".env"

    @property
    def sqlite_file(self) -> Path:
        return self.folder / "var" / "ketcare.sqlite3"

    @property
    def variables(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url} if self.url else {}

    def manage(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return manage(*arguments, folder=self.folder, **{**self.variables, **variables})

    def up(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.manage("up", "--no-serve", **variables)

    def asked(self, code: str, **variables: str) -> Any:
        return asked(code, folder=self.folder, **{**self.variables, **variables})

    def rows(self, **variables: str) -> list[str]:
        """Every row of every table, a line each."""
        lines: list[str] = self.asked(ROWS, **variables).splitlines()
        return lines

    def files(self) -> dict[str, str]:
        """The digest of every file but SQLite's, whose bytes move without a change of what is in them."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not path.name.startswith("ketcare.sqlite3")
        }


@pytest.fixture(scope="session")
def empty_database() -> Iterator[Callable[..., str]]:
    """`empty_database()`: the DATABASE_URL of a new database of the kind that the suite runs on; "" for SQLite.

    With `like`, the new database is a copy of that one.
    """
    made: list[str] = []

    def make(like: str = "") -> str:
        if not databases.SERVER:
            return ""
        made.append(databases.new_name())
        databases.execute("CREATE DATABASE {} TEMPLATE {}", made[-1], like.rpartition("/")[2] or "template1")
        return databases.address_of(made[-1])

    yield make
    for name in made:
        databases.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@pytest.fixture
def fresh(tmp_path, empty_database) -> Site:
    """A machine on which Ketcare was never started."""
    return Site(tmp_path, empty_database())


@pytest.fixture
def bare(tmp_path) -> Site:
    """A machine on which Ketcare was never started, but for an empty SQLite database and the static files."""
    site = Site(tmp_path, "")
    shutil.copytree(first_start().folder / "var" / "static", tmp_path / "var" / "static")
    databases.put_migrated(str(site.sqlite_file))
    return site


@pytest.fixture(scope="session")
def started() -> tuple[Site, subprocess.CompletedProcess[str]]:
    """A site that was started once, and what that start said. It is to be looked at, and for nothing else."""
    first = first_start(databases.empty_database if databases.SERVER else None)
    return Site(first.folder, first.url), first.ended


@pytest.fixture
def site(started: tuple[Site, subprocess.CompletedProcess[str]], tmp_path, empty_database) -> Site:
    """A copy of the site that was started once: a test may do with it as it likes."""
    original, first_run = started
    assert first_run.returncode == 0, first_run.stderr
    shutil.copytree(original.folder, tmp_path, dirs_exist_ok=True)
    return replace(original, folder=tmp_path, url=empty_database(like=original.url))
