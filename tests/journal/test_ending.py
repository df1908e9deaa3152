"""When an account ends, its journal does; everybody else's stays whole."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.utils import timezone

from journal import drafts, sealed, treatments, writing
from journal.ending import destroy_journal
from journal.models import Choices, Entry, EntryVersion, Kind, Reminder
from journal.tokens import SESSION, FormToken, Place
from ketcare.accounts.deletion import set_deletion
from ketcare.accounts.models import User
from ketcare.site.retention import throw_away
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of

Write = Callable[[User, sealed.Journal], None]
TABLES = len(list(apps.get_app_config("journal").get_models()))


def keep_a_journal(owner: User) -> None:
    """One row of each kind."""
    Choices.objects.create(owner=owner)
    Reminder.objects.create(owner=owner, hour=8, asked_at=NOW)
    journal = sealed.to_write(owner)
    entry = entry_of(owner, treatment=treatment_of(owner))
    token = FormToken.for_old(owner, Place.of(Kind.NOTE, entry.treatment), entry.ref, 1)
    writing.save(owner, journal, token, {"v": 1, "text": "Changed."}, now=NOW)
    drafts.keep(owner, journal, FormToken.for_new(owner, Place.of(Kind.NOTE)), {"text": "Typed."}, now=NOW)


def rows_of(owner: User) -> list[int]:
    models = [model for model in apps.get_app_config("journal").get_models() if model is not EntryVersion]
    counts = [model._default_manager.filter(owner_id=owner.pk).count() for model in models]
    return [*counts, EntryVersion.objects.filter(entry__owner_id=owner.pk).count()]


def test_nothing_of_it_stays(alice: User, bob: User):
    for person in (alice, bob):
        keep_a_journal(person)
    assert rows_of(alice) == [1] * TABLES
    pk = alice.pk
    set_deletion(alice, at_once=True, now=NOW)
    alice.pk = pk
    assert rows_of(alice) == [0] * TABLES
    assert rows_of(bob) == [1] * TABLES
    assert sealed.to_read(bob).words_of(Entry.objects.get())["text"] == "Changed."


def save_an_entry(owner: User, journal: sealed.Journal) -> None:
    writing.save(owner, journal, FormToken.for_new(owner, Place.of(Kind.NOTE)), {"v": 1, "text": "Late."}, now=NOW)


def keep_a_draft(owner: User, journal: sealed.Journal) -> None:
    drafts.keep(owner, journal, FormToken.for_new(owner, Place.of(Kind.NOTE)), {"text": "Late."}, now=NOW)


def save_a_session(owner: User, journal: sealed.Journal) -> None:
    told = {"date": NOW.date(), "time": None, "phase": "unsure", "number": None, "notes": "Late."}
    treatments.save(owner, journal, FormToken.for_new(owner, Place.of(SESSION)), told, now=NOW)


@pytest.mark.parametrize("write", [save_an_entry, keep_a_draft, save_a_session])
@pytest.mark.parametrize("begins_anew", [False, True])
def test_a_save_that_read_the_key_before_writes_nothing_after(alice: User, write: Write, begins_anew: bool):
    """It would be a row that nobody can ever read."""
    journal = sealed.to_write(alice)
    destroy_journal(alice, now=NOW)
    if begins_anew:
        sealed.to_write(alice)
    with pytest.raises(sealed.Gone):
        write(alice, journal)
    assert sum(rows_of(alice)) == begins_anew  # the new key


def test_of_somebody_on_the_desk_the_account_stays_and_the_journal_does_not(ed: User):
    keep_a_journal(ed)
    set_deletion(ed, at_once=True, now=NOW)
    assert not User.objects.get(pk=ed.pk).is_active
    assert rows_of(ed) == [0] * TABLES


def test_the_trash_is_emptied_after_thirty_days_and_not_before(alice: User):
    now = timezone.now()
    old, young, kept = (entry_of(alice) for _number in range(3))
    writing.put_in_trash(old, now=now - writing.TRASH)
    writing.put_in_trash(young, now=now - writing.TRASH * 0.99)
    throw_away(now)
    assert set(Entry.objects.all()) == {young, kept}
