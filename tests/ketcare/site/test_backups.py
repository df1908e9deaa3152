"""Backups: the site at one moment, in one file, for its owner only."""

import datetime as dt
import errno
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from ketcare import outbox
from ketcare.accounts.models import User
from ketcare.accounts.sessions import SessionStore
from ketcare.site import backups
from ketcare.site.backups import NIGHTLY, NotMade, copies, nightly, throw_away, write
from ketcare.site.models import GlossaryTerm
from tests.conftest import NOW
from tests.journal.conftest import entry_of
from tests.ketcare.accounts.signing_in import account, add_totp

pytestmark = pytest.mark.django_db(transaction=True)  # what a backup reads was committed


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path


@pytest.fixture
def alice() -> User:
    return account("alice@example.org")


def column(path: Path, statement: str) -> list[object]:
    with closing(sqlite3.connect(path)) as file:
        return [value for (value,) in file.execute(statement)]


# What is in it -----------------------------------------------------------------------------------------------------


def test_it_has_what_was_committed_and_says_how_much(place, alice):
    manifest = write(place / "all", now=NOW)
    assert column(place / "all", "SELECT email FROM accounts_user") == ["alice@example.org"]
    assert manifest.tables["accounts_user"][0] == 1
    assert (manifest.made_at, manifest.database) == ("2026-11-02T15:30:00+00:00", connection.vendor)


def test_while_somebody_writes_it_is_as_before_them(place, alice):
    """They do not wait for it, nor it for them."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        User.objects.create_user("bob@example.net")
        pool.submit(write_and_close, place / "all").result(timeout=20)
        User.objects.create_user("carol@example.net")
    assert column(place / "all", "SELECT email FROM accounts_user") == ["alice@example.org"]
    assert User.objects.count() == 3


def write_and_close(path: Path) -> None:
    try:
        write(path, now=NOW)
    finally:
        connection.close()


def test_it_is_one_file_for_its_owner_only(place):
    write(place / "all", now=NOW)
    assert [path.name for path in place.iterdir()] == ["all"]
    assert stat.S_IMODE((place / "all").stat().st_mode) == 0o600
    assert column(place / "all", "PRAGMA journal_mode") == ["delete"]
    assert column(place / "all", "PRAGMA integrity_check") == ["ok"]


def test_it_says_which_keys_its_rows_need(place, alice):
    entry_of(alice)
    assert write(place / "all", now=NOW).keys == ["test1"]


def test_no_sealed_word_is_in_it(place, alice):
    entry_of(alice, "canary of the journal")
    add_totp(alice)
    outbox.put(key="a", kind="a", to="a@example.org", subject="canary of the mail", body="canary", now=NOW)
    GlossaryTerm.objects.create(key="open", term="canary in clear", meaning="Which shows that one would be found.")
    write(place / "all", now=NOW)
    found = (place / "all").read_bytes()
    assert found.count(b"canary") == found.count(b"canary in clear") > 0


def test_nobody_is_signed_in_by_it(place):
    SessionStore().save()
    write(place / "all", now=NOW)
    assert column(place / "all", "SELECT count(*) FROM accounts_websession") == [0]


def test_no_address_of_a_reader_is_in_it(place):
    cache.set("tries:203.0.113.9", 1)
    write(place / "all", now=NOW)
    assert b"203.0.113.9" not in (place / "all").read_bytes()


# What is not made --------------------------------------------------------------------------------------------------


def test_nothing_is_written_over(place):
    (place / "all").write_text("Dear Dr Rao")
    with pytest.raises(NotMade, match="is there already"):
        write(place / "all", now=NOW)
    assert (place / "all").read_text() == "Dear Dr Rao"


def test_an_empty_file_that_was_made_for_it_is_taken(place):
    (place / "all").touch(mode=0o644)
    write(place / "all", now=NOW)
    assert stat.S_IMODE((place / "all").stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_named(place):
    with pytest.raises(NotMade, match="cannot be written: No such file or directory"):
        write(place / "none" / "all", now=NOW)


def test_a_database_of_a_newer_version_is_left_to_that_version_and_nothing_is_kept(place):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("site", "9999_later")
    try:
        with pytest.raises(NotMade, match=r"newer version of the site has changed the database \(site\.9999_later"):
            write(place / "all", now=NOW)
    finally:
        recorder.record_unapplied("site", "9999_later")
    assert list(place.iterdir()) == []


def test_copies_go_as_soon_as_the_pages_say(client):
    assert backups.LONGEST.days == 30
    assert "for up to 30 days" in client.get("/privacy/").content.decode()


# Every night -------------------------------------------------------------------------------------------------------


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


def test_it_is_made_once_a_night(place, alice):
    assert nightly(at(2, 7, 59)) == backups.folder() / "nightly-20261102-075900.sqlite3"
    assert nightly(at(2, 7, 59)) is None
    assert nightly(at(2, 8)) == backups.folder() / "nightly-20261102-080000.sqlite3"
    assert nightly(at(3, 7, 59)) is None
    assert nightly(at(3, 8, 1)) == backups.folder() / "nightly-20261103-080100.sqlite3"
    assert stat.S_IMODE(backups.folder().stat().st_mode) == 0o700


def test_a_site_without_accounts_has_nothing_to_keep(place):
    assert nightly(NOW) is None
    assert not backups.folder().exists()


def test_while_another_makes_it_nobody_waits(place, alice):
    with backups.only_one():
        assert nightly(NOW) is None
    assert nightly(NOW)


def lay(*names: str) -> None:
    for name in names:
        (backups.folder(made=True) / name).touch()


def test_the_newest_stay_and_what_is_somebodys_own(place, alice):
    lay(*(f"nightly-202610{day:02}-080000.sqlite3" for day in range(10, 32)), "nightly-mine.sqlite3", "my-own.sqlite3")
    made = nightly(at(1, 8))
    assert made
    assert [copy.name[8:16] for copy in copies(NIGHTLY)] == [
        *(f"202610{day}" for day in range(19, 32)),
        "20261101",
    ]
    assert {"nightly-mine.sqlite3", "my-own.sqlite3"} < {path.name for path in backups.folder().iterdir()}


def test_a_copy_of_more_than_thirty_days_goes(place, alice):
    lay("nightly-20261003-075959.sqlite3", "before-migration-20261003-075959.sqlite3")
    lay("nightly-20261003-080000.sqlite3", "before-migration-20261003-080000.sqlite3")
    nightly(at(2, 8))
    assert sorted(path.name for path in backups.folder().glob("*.sqlite3")) == [
        "before-migration-20261003-080000.sqlite3",
        "nightly-20261003-080000.sqlite3",
        "nightly-20261102-080000.sqlite3",
    ]


def test_an_old_copy_goes_though_no_new_one_can_be_made(place, alice, monkeypatch):
    lay("nightly-20261003-075959.sqlite3", "before-migration-20261003-075959.sqlite3")
    monkeypatch.setattr(backups, "new_file", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(NotMade, match="No space left on device"):
        nightly(at(2, 8))
    assert list(backups.folder().glob("*.sqlite3")) == []


def test_an_old_copy_goes_where_nobody_has_an_account_any_more(place):
    lay("nightly-20261003-075959.sqlite3", "before-migration-20261003-080000.sqlite3")
    throw_away(at(2, 8))
    assert [path.name for path in backups.folder().glob("*.sqlite3")] == ["before-migration-20261003-080000.sqlite3"]


def test_while_another_makes_one_nothing_is_thrown_away(place):
    lay(".nightly-20261102-080000.sqlite3.part")
    with backups.only_one():
        throw_away(at(2, 8))
    assert list(backups.folder().glob(".*.part"))


def test_what_a_killed_one_left_is_taken_away(place, alice):
    lay(".nightly-20261101-080000.sqlite3.part")
    nightly(NOW)
    assert list(backups.folder().glob(".*.part")) == []
