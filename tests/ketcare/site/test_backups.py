"""Copies of the SQLite file, made in a process of its own: the suite's database may be PostgreSQL."""

import sqlite3
from contextlib import closing

from tests.starting import GOOD, asked

COPY = "from ketcare.site.backups import copy_of_sqlite; print(copy_of_sqlite())"


def database(folder) -> sqlite3.Connection:
    """A database in WAL mode, as the site keeps it, with one row."""
    (folder / "var").mkdir(exist_ok=True)
    connection = sqlite3.connect(folder / "var" / "ketcare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE words (word TEXT)")
    connection.execute("INSERT INTO words VALUES ('kept')")
    return connection


def words(path: str) -> list[str]:
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [word for (word,) in copy.execute("SELECT word FROM words")]


def test_a_copy_is_whole_while_somebody_writes(tmp_path):
    with closing(database(tmp_path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO words VALUES ('not yet')")
        assert words(asked(COPY, folder=tmp_path, **GOOD)) == ["kept"]
        writer.execute("COMMIT")
    assert words(f"{tmp_path}/var/ketcare.sqlite3") == ["kept", "not yet"]


def test_what_was_written_last_is_in_the_copy(tmp_path):
    """Even where it is in the WAL only."""
    with closing(database(tmp_path)) as writer:
        writer.execute("INSERT INTO words VALUES ('last')")
        assert words(asked(COPY, folder=tmp_path, **GOOD)) == ["kept", "last"]


def test_the_five_newest_copies_stay(tmp_path):
    database(tmp_path).close()
    folder = tmp_path / "var" / "backups"
    folder.mkdir()
    for day in range(1, 8):
        (folder / f"before-migration-2026010{day}-120000.sqlite3").touch()
    (folder / "my-own.sqlite3").touch()
    made = asked(COPY, folder=tmp_path, **GOOD)
    assert sorted(str(path) for path in folder.iterdir()) == [
        *(f"{folder}/before-migration-2026010{day}-120000.sqlite3" for day in range(4, 8)),
        made,
        f"{folder}/my-own.sqlite3",
    ]


def test_postgresql_is_the_operators_to_back_up(tmp_path):
    assert asked(COPY, folder=tmp_path, **GOOD, DATABASE_URL="postgres://nobody@127.0.0.1:1/none") == "None"
