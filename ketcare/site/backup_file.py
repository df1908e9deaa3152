"""The file that a backup is: a SQLite database of the site, whatever the site itself runs on, with a manifest.

The manifest says when it was made, under which migrations, which keys its rows depend on, and of each table how many
rows it has and their digest.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from ketcare.site.tables import Migrations

FORMAT: Final = 1
MARK: Final = int.from_bytes(b"KETC")  # SQLite's application_id: what kind of file this is
ALIAS: Final = "backup"  # the name under which Django knows the file while it is open


class BadFile(Exception):
    """No backup, or one that is damaged. The message is for whoever runs the command."""


@dataclass(frozen=True)
class Manifest:
    made_at: str
    database: str  # sqlite or postgresql: what the site ran on
    migrations: Migrations
    keys: list[str]
    tables: dict[str, tuple[int, str]]

    def write(self) -> None:
        """Into the file that is open."""
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("CREATE TABLE ketcare_backup (manifest TEXT NOT NULL)")
            cursor.execute("INSERT INTO ketcare_backup VALUES (%s)", [json.dumps(asdict(self))])
            cursor.execute(f"PRAGMA application_id = {MARK}")
            cursor.execute(f"PRAGMA user_version = {FORMAT}")

    @classmethod
    def read(cls) -> "Manifest":
        """From the file that is open, which `check` has looked at."""
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT manifest FROM ketcare_backup")
            known: dict[str, Any] = json.loads(cursor.fetchone()[0])
        known["migrations"] = [(app, name) for app, name in known["migrations"]]
        known["tables"] = {name: (rows, digest) for name, (rows, digest) in known["tables"].items()}
        return cls(**known)


@contextmanager
def opened(path: Path, *, read_only: bool = False) -> Iterator[None]:
    """That SQLite file as Django's database `backup`; by itself, without a journal beside it."""
    to_write = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON"
    known = {
        **connections["default"].settings_dict,
        "NAME": f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rw'}",
        "OPTIONS": {} if read_only else {"init_command": to_write},
    }
    connections[ALIAS] = file = DatabaseWrapper(known, ALIAS)
    try:
        yield
    finally:
        file.close()
        del connections[ALIAS]


def check(path: Path) -> None:
    """Raises BadFile where that is no whole backup in a format that this version reads."""
    if not path.is_file():
        raise BadFile(f"{path} is not there, or is no file.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            (mark,) = file.execute("PRAGMA application_id").fetchone()
            (number,) = file.execute("PRAGMA user_version").fetchone()
            damage = [words for (words,) in file.execute("PRAGMA integrity_check(1)") if words != "ok"]
    except sqlite3.DatabaseError as problem:
        raise BadFile(f"{path} cannot be read as a backup of this site: {problem}.") from None
    if mark != MARK:
        raise BadFile(f"{path} is no backup: manage.py backup did not make it.")
    if number != FORMAT:
        raise BadFile(f"{path} is in format {number}, and this version of the site reads format {FORMAT}.")
    if damage:
        raise BadFile(f"{path} is damaged: {damage[0].splitlines()[-1]} Take another backup.")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A file beside it, for its owner only, which takes its name once it is whole and on the disk."""
    fresh = path.with_name(f".{path.name}.part")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield fresh
        put_on_disk(fresh)
        fresh.replace(path)
        put_on_disk(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def put_on_disk(path: Path) -> None:
    """What was written to that file, or which files that folder has, outlives a power cut from here on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
