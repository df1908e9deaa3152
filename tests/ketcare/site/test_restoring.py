"""A backup in an empty database: as it was, proved, or not at all."""

import datetime as dt
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.utils import timezone

from journal import sealed
from journal.ending import destroy_journal
from journal.models import DataKey, Entry
from ketcare import outbox
from ketcare.accounts import deletion
from ketcare.accounts.models import User
from ketcare.keys import Ring, make_key
from ketcare.site import backups, destroyed
from ketcare.site.management.commands.restore import Command
from ketcare.site.models import Event, Outbox
from ketcare.site.tables import counts_of, migrations_of, tables_at
from tests.commands import run
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.ketcare.accounts.signing_in import account, add_recovery_codes

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = ["Rest first.", "Zażółć 🌊", ""]


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    """The folder of a backup; what the site itself keeps lies elsewhere."""
    settings.VAR_DIR = tmp_path / "var"
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


@pytest.fixture
def written(place: Path) -> Path:
    """A backup of a site on which Alice and Bob write, with something of each kind that is sealed."""
    for email in ("alice@example.org", "bob@example.net"):
        owner = account(email)
        treatment_of(owner, number=3)
        for text in TEXTS:
            entry_of(owner, text)
        add_recovery_codes(owner)
    outbox.put(key="a", kind="a", to="alice@example.org", subject="Notes", body="Words.", now=NOW)
    Event.objects.create(at=NOW, verb="signed in")
    backups.write(place / "backup", now=NOW)
    return place / "backup"


@pytest.fixture
def backup(written: Path) -> Path:
    """That backup, and a database in which nothing stands."""
    call_command("flush", interactive=False, verbosity=0)
    return written


def alices_texts() -> list[str]:
    alice = User.objects.get(email="alice@example.org")
    return [sealed.to_read(alice).words_of(entry)["text"] for entry in alice.entries.order_by("pk")]


def spoil(backup: Path, statement: str) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as file:
        file.execute(statement)


def is_empty() -> bool:
    return not User.objects.exists() and not Entry.objects.exists()


def refused(backup: Path) -> str:
    """What the command says as it refuses."""
    outcome = run("restore", str(backup))
    assert (outcome.code, outcome.out) == (1, "")
    return outcome.problem


# As it was ---------------------------------------------------------------------------------------------------------


def test_the_site_is_as_it_was(backup):
    outcome = run("restore", str(backup))
    assert outcome.code == 0
    assert "The site is as it was at 2026-11-02T15:30:00+00:00: rows and digests of every table agree.\n" in outcome.out
    assert alices_texts() == TEXTS


def test_every_table_is_compared_and_named(written):
    tables = tables_at(migrations_of("default"))
    before = {name: (count.rows, count.digest) for name, count in counts_of(tables, "default").items()}
    call_command("flush", interactive=False, verbosity=0)
    lines = [" ".join(line.split()) for line in run("restore", str(written)).out.splitlines()]
    assert lines[0] == "table rows digest"
    assert lines[1 : len(tables) + 1] == [
        f"{name} {rows} {digest[:16]} same" for name, (rows, digest) in sorted(before.items())
    ]
    assert before["journal_entry"][0] == 6


def test_new_rows_get_numbers_of_their_own(backup):
    run("restore", str(backup))
    entry_of(User.objects.get(email="bob@example.net"), "Afterwards.")
    assert Entry.objects.count() == 7


def test_without_its_keys_nobody_can_read_it(backup, settings):
    settings.KETCARE_KEYS = Ring.parse(make_key("another"))
    assert "Its rows were made with the key test1, which KETCARE_KEYS does not have." in run("restore", str(backup)).err
    with pytest.raises(sealed.Locked):
        alices_texts()


def test_with_another_key_of_the_same_name_it_says_that_the_site_will_not_start(backup, settings):
    settings.KETCARE_KEYS = Ring.parse(make_key("test1"))
    outcome = run("restore", str(backup))
    assert outcome.code == 1
    assert outcome.problem.startswith(
        "The rows are restored, but KETCARE_KEYS has another key under the id test1 than the one that "
    )
    assert outcome.problem.endswith("Until then the site does not start.")


# Refused -----------------------------------------------------------------------------------------------------------


def test_a_site_that_has_rows_is_left_as_it_is(written):
    User.objects.create_user("carol@example.net")
    assert refused(written).startswith("The site's database has rows, in account_emailaddress to begin with. ")
    assert User.objects.count() == 3


def test_a_row_that_was_changed_is_noticed_and_nothing_is_restored(backup):
    spoil(
        backup,
        "UPDATE journal_entry SET written_at = '2026-01-01 00:00:00' WHERE id = (SELECT min(id) FROM journal_entry)",
    )
    assert refused(backup) == (
        f"{backup} is not as it was made: journal_entry. Nothing was restored. Take another backup."
    )
    assert is_empty()


def test_a_row_that_is_missing_is_noticed(backup):
    spoil(backup, "DELETE FROM site_event")
    assert "is not as it was made: site_event." in refused(backup)
    assert is_empty()


def test_a_row_that_belongs_to_nobody_is_refused(backup):
    spoil(backup, "UPDATE journal_entry SET owner_id = 4711")
    assert "Nothing was restored." in refused(backup)
    assert is_empty()


def test_after_a_bad_backup_a_good_one_can_be_restored(written, place):
    backups.write(place / "second", now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    spoil(written, "DELETE FROM site_event")
    assert refused(written)
    assert run("restore", str(place / "second")).code == 0
    assert alices_texts() == TEXTS


def test_a_backup_of_a_newer_version_is_left_to_that_version(backup):
    spoil(backup, "UPDATE ketcare_backup SET manifest = replace(manifest, '0009_destroyed', '9999_later')")
    said = "A newer version of the site made this backup (site.9999_later is not known here)."
    assert refused(backup) == f"{said} Restore it with that version."


def test_into_tables_of_a_newer_version_it_is_not_restored(backup):
    spoil(backup, """UPDATE ketcare_backup SET manifest = replace(manifest, ', ["site", "0009_destroyed"]', '')""")
    assert refused(backup).startswith("The site's database has tables of a newer version than the backup.")


def test_what_is_no_backup_is_named(place):
    (place / "letters").write_text("Dear Dr Rao, " * 200)
    assert "cannot be read as a backup of this site" in refused(place / "letters")


# Who was to go -----------------------------------------------------------------------------------------------------


@pytest.fixture
def to_go(written: Path, place: Path) -> Path:
    """A backup in which Alice's account is to be deleted, on a day that is over by now, and an empty database."""
    alice = User.objects.get(email="alice@example.org")
    deletion.set_deletion(alice, at_once=False, now=timezone.now() - deletion.WAIT - dt.timedelta(hours=2))
    Outbox.objects.all().delete()
    backups.write(place / "to-go", now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    return place / "to-go"


def test_whoever_was_to_go_stays_for_seven_days_more(to_go):
    """They may have taken it back after the backup was made."""
    run("restore", str(to_go))
    assert "accounts ended" not in run("tick").out
    assert alices_texts() == TEXTS
    assert User.objects.filter(delete_at__gt=timezone.now() + dt.timedelta(days=6, hours=23)).count() == 1


def test_whoever_was_to_go_hears_of_it_once_the_site_runs(to_go, mailoutbox):
    mailoutbox.clear()
    assert "Accounts that were to be deleted: 1. Their owners may have taken" in run("restore", str(to_go)).out
    assert mailoutbox == []
    run("tick")
    [mail] = mailoutbox
    assert mail.to == ["alice@example.org"]
    assert "which says that your account is to be deleted" in mail.body


def test_whoever_took_it_back_before_the_backup_hears_nothing(backup, mailoutbox):
    assert "Accounts that were to be deleted" not in run("restore", str(backup)).out
    assert not Outbox.objects.filter(kind="deletion moved").exists()


# What its owners had destroyed since -------------------------------------------------------------------------------


@pytest.fixture
def since(written: Path) -> Path:
    """The backup, and an empty database; the list of what Alice (her journal) and Bob (his account) destroyed."""
    destroy_journal(User.objects.get(email="alice@example.org"), now=NOW)
    deletion.set_deletion(User.objects.get(email="bob@example.net"), at_once=True, now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    return written


def is_destroyed_again() -> bool:
    left = list(User.objects.values_list("email", flat=True))
    return left == ["alice@example.org"] and not DataKey.objects.exists() and not Entry.objects.exists()


def test_it_is_destroyed_again(since):
    outcome = run("restore", str(since))
    assert "Data keys and accounts that were destroyed again, as since the backup: 3.\n" in outcome.out
    assert is_destroyed_again()


def test_the_list_may_lie_beside_the_backup(since, place):
    beside = destroyed.path_of_list().rename(place / "destroyed.txt")
    run("restore", str(since))
    assert is_destroyed_again()
    assert destroyed.path_of_list().read_text() == beside.read_text()


def test_the_list_counts_where_the_restore_is_cut_off_too(since, place, monkeypatch):
    destroyed.path_of_list().rename(place / "destroyed.txt")
    monkeypatch.setattr(Command, "show", Mock(side_effect=BrokenPipeError))  # as with `restore FILE | head`
    with pytest.raises(BrokenPipeError):
        run("restore", str(since))
    assert alices_texts() == TEXTS
    run("tick")
    assert is_destroyed_again()


def test_with_a_list_that_cannot_be_read_nothing_is_restored(backup, place):
    (place / "destroyed.txt").mkdir()
    assert refused(backup).startswith("The list of what was destroyed cannot be read or written (")
    assert is_empty()


def test_a_list_that_is_found_later_counts_with_the_next_tick(since, place):
    beside = destroyed.path_of_list().rename(place / "away")
    outcome = run("restore", str(since))
    assert outcome.err.startswith("There is no destroyed.txt, neither beside the backup nor in ")
    assert alices_texts() == TEXTS
    beside.rename(destroyed.path_of_list())
    assert "tick: data keys and accounts that a backup had brought back were destroyed: 3\n" in run("tick").out
    assert is_destroyed_again()


def test_a_list_of_what_is_not_in_the_backup_changes_nothing(backup, place):
    (place / "destroyed.txt").write_text(f"2026-11-02T15:30:00+00:00 data-key {uuid.uuid4()}\nhalf a li")
    assert "as since the backup: 0.\n" in run("restore", str(backup)).out
    assert alices_texts() == TEXTS
