"""What a file has to be to be taken for a backup."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ketcare.site.backup_file import MARK, BadFile, check, new_file


def test_what_is_no_database_is_named_and_left_alone(tmp_path):
    (tmp_path / "letters").write_text("Dear Dr Rao, " * 200)
    with pytest.raises(BadFile, match="cannot be read as a backup of this site: file is not a database"):
        check(tmp_path / "letters")
    assert (tmp_path / "letters").read_text() == "Dear Dr Rao, " * 200


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadFile, match="none is not there, or is no file"):
        check(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("pragmas", "words"),
    [
        ("", "is no backup: manage.py backup did not make it"),
        (f"PRAGMA application_id = {MARK}; PRAGMA user_version = 2", "is in format 2, and this version of the site"),
    ],
)
def test_another_database_is_named(tmp_path, pragmas, words):
    with closing(sqlite3.connect(tmp_path / "other")) as file:
        file.executescript(f"CREATE TABLE words (word TEXT); {pragmas}")
    with pytest.raises(BadFile, match=words):
        check(tmp_path / "other")


def test_a_damaged_page_is_noticed(tmp_path):
    with closing(sqlite3.connect(tmp_path / "all", isolation_level=None)) as file:
        file.executescript(f"CREATE TABLE words (word TEXT); PRAGMA application_id = {MARK}; PRAGMA user_version = 1")
        file.executemany("INSERT INTO words VALUES (?)", [("word" * 100,)] * 1000)
    check(tmp_path / "all")
    with (tmp_path / "all").open("r+b") as file:
        file.seek(20 * 4096)
        file.write(b"\xff" * 100)
    with pytest.raises(BadFile, match=r"is damaged: .* Take another backup"):
        check(tmp_path / "all")


def test_a_new_file_takes_its_name_once_it_is_whole(tmp_path):
    path = tmp_path / "all"
    with new_file(path) as fresh:
        fresh.write_text("whole")
        assert not path.exists()
    assert (path.read_text(), list(tmp_path.iterdir())) == ("whole", [path])


class CutOff(Exception):
    pass


def write_half(path: Path) -> None:
    with new_file(path) as fresh:
        fresh.write_text("ha")
        raise CutOff


def test_what_breaks_off_leaves_no_file(tmp_path):
    with pytest.raises(CutOff):
        write_half(tmp_path / "all")
    assert list(tmp_path.iterdir()) == []
