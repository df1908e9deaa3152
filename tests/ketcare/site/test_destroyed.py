"""What was destroyed is written down, row and line, by its ref alone; and what came back is destroyed again."""

import uuid
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from journal.ending import destroy_journal
from journal.models import DataKey, Draft, Entry, EntryVersion, Treatment
from ketcare.accounts import deletion
from ketcare.accounts.models import User
from ketcare.site import destroyed, destroying
from ketcare.site.destroyed import What
from ketcare.site.models import Destroyed
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.ketcare.accounts.signing_in import account

pytestmark = pytest.mark.django_db(transaction=True)  # the line follows the commit

KEY, OWNER = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture(autouse=True)
def listed(settings, tmp_path) -> Path:
    """The list, which is not there yet."""
    settings.VAR_DIR = tmp_path
    return destroyed.path_of_list()


@pytest.fixture
def alice() -> User:
    """With something in each table of the journal."""
    alice = account("alice@example.org")
    entry = entry_of(alice, treatment=treatment_of(alice))
    EntryVersion.objects.create(entry=entry, version=1, body=entry.body, at=NOW)
    Draft.objects.create(owner=alice, ref=uuid.uuid4(), form=uuid.uuid4(), body=b"sealed", at=NOW)
    return alice


@pytest.fixture
def bob() -> User:
    bob = account("bob@example.net")
    entry_of(bob)
    return bob


def has_no_journal(owner: User) -> bool:
    return not any(
        [
            *(model.objects.filter(owner=owner).exists() for model in (DataKey, Entry, Draft, Treatment)),
            EntryVersion.objects.filter(entry__owner=owner).exists(),
        ]
    )


# Written down ------------------------------------------------------------------------------------------------------


def test_a_line_follows_the_row(listed):
    destroyed.write_down(What.DATA_KEY, KEY, at=NOW)
    destroyed.write_down(What.ACCOUNT, OWNER, at=NOW)
    assert listed.read_text() == (
        "2026-11-02T15:30:00+00:00 data-key 00000000-0000-0000-0000-000000000001\n"
        "2026-11-02T15:30:00+00:00 account 00000000-0000-0000-0000-000000000002\n"
    )
    assert listed.stat().st_mode & 0o777 == 0o600


def test_what_was_taken_back_has_no_line(listed):
    with transaction.atomic():
        destroyed.write_down(What.DATA_KEY, KEY, at=NOW)
        transaction.set_rollback(True)
    assert not Destroyed.objects.exists()
    assert not listed.exists()


def test_the_same_thing_twice_is_one_line(listed):
    for _ in range(2):
        destroyed.write_down(What.DATA_KEY, KEY, at=NOW)
    assert (Destroyed.objects.count(), len(destroyed.items_of(listed))) == (1, 1)


def test_a_line_that_could_not_be_written_follows_later(listed):
    listed.mkdir(parents=True)
    destroyed.write_down(What.DATA_KEY, KEY, at=NOW)
    listed.rmdir()
    destroying.again()
    assert [item.ref for item in destroyed.items_of(listed)] == [KEY]


def test_a_line_that_was_cut_off_spoils_no_other(listed):
    destroyed.write_down(What.DATA_KEY, KEY, at=NOW)
    listed.write_text(listed.read_text() + "2026-11-02T15:30:00+00:00 data-k")
    destroyed.write_down(What.ACCOUNT, OWNER, at=NOW)
    assert [item.ref for item in destroyed.items_of(listed)] == [KEY, OWNER]


def test_where_nothing_was_destroyed_there_is_no_list(listed):
    assert destroying.again() == 0
    assert not listed.parent.exists()


@pytest.mark.parametrize("columns", [{"what": "journal"}, {"ref": KEY}])
def test_a_row_is_of_a_known_kind_and_there_is_one(columns):
    destroyed.write_down(What.DATA_KEY, KEY, at=NOW)
    with pytest.raises(IntegrityError):
        Destroyed.objects.create(**{"ref": OWNER, "what": "account", "at": NOW, **columns})


# A journal, an account ---------------------------------------------------------------------------------------------


def test_a_deleted_journal_is_gone_and_written_down(listed, alice, bob):
    key = alice.data_key.id
    assert destroy_journal(alice, now=NOW)
    assert has_no_journal(alice)
    assert [(item.what, item.ref) for item in destroyed.items_of(listed)] == [("data-key", key)]
    assert Entry.objects.get().owner == bob


def test_where_there_is_no_journal_nothing_is_deleted(listed):
    assert not destroy_journal(account("carol@example.net"), now=NOW)
    assert not listed.exists()


def test_after_that_a_new_journal_begins_under_a_new_key(alice):
    old = alice.data_key.id
    destroy_journal(alice, now=NOW)
    entry_of(User.objects.get(pk=alice.pk))
    assert DataKey.objects.get().id != old


def test_a_deleted_account_is_written_down_with_its_journal(listed, alice, bob):
    key, ref = alice.data_key.id, alice.ref
    deletion.set_deletion(alice, at_once=True, now=NOW)
    assert [(item.what, item.ref) for item in destroyed.items_of(listed)] == [("data-key", key), ("account", ref)]
    assert Entry.objects.get().owner == bob


def test_whoever_works_on_the_desk_loses_the_journal_with_the_account(ed):
    entry_of(ed)
    deletion.set_deletion(ed, at_once=True, now=NOW)
    assert User.objects.filter(pk=ed.pk, is_active=False).exists()
    assert has_no_journal(ed)


# Again -------------------------------------------------------------------------------------------------------------


def came_back(listed: Path, what: What, ref: uuid.UUID) -> None:
    """As after a restore: the list has a line, and the database no row."""
    listed.parent.mkdir(parents=True, exist_ok=True)
    with listed.open("a") as file:
        file.write(f"2026-11-02T15:30:00+00:00 {what} {ref}\n")


def test_a_data_key_that_came_back_is_destroyed_with_its_journal(listed, alice, bob):
    came_back(listed, What.DATA_KEY, alice.data_key.id)
    assert destroying.again() == 1
    assert has_no_journal(alice)
    assert User.objects.filter(pk=alice.pk).exists()
    assert Entry.objects.get().owner == bob


def test_an_account_that_came_back_ends_without_another_mail(listed, alice, bob, mailoutbox):
    came_back(listed, What.ACCOUNT, alice.ref)
    assert destroying.again() == 1
    assert list(User.objects.all()) == [bob]
    assert mailoutbox == []


def test_an_account_of_the_desk_that_came_back_is_closed(listed, ed):
    came_back(listed, What.ACCOUNT, ed.ref)
    assert destroying.again() == 1
    assert User.objects.filter(pk=ed.pk, is_active=False).exists()


def test_what_was_done_again_is_left_alone_afterwards(listed, alice):
    came_back(listed, What.DATA_KEY, alice.data_key.id)
    destroying.again()
    text = listed.read_text()
    entry_of(User.objects.get(pk=alice.pk))
    assert destroying.again() == 0
    assert (Entry.objects.count(), listed.read_text()) == (1, text)
