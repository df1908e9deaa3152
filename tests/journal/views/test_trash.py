"""The trash: thirty days to have something back, and a way to be rid of it now."""

import pytest
from django.test import Client

from journal.models import Draft, Entry, EntryVersion, Kind
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import text_of, write

pytestmark = pytest.mark.django_db


def test_what_is_in_the_trash_is_out_of_sight_and_can_be_had_back(alice: User, alices: Client):
    entry = entry_of(alice, "Put away.")
    alices.post(f"/journal/entries/{entry.ref}/trash/")
    assert "Put away." not in text_of(alices.get("/journal/entries/"))
    page = text_of(alices.get("/journal/trash/"))
    assert "Put away." in page
    assert "What lies here can be had back for 30 days. Then it goes for good." in page
    alices.post(f"/journal/entries/{entry.ref}/restore/")
    assert "Put away." in text_of(alices.get("/journal/entries/"))
    assert "It is empty." in text_of(alices.get("/journal/trash/"))


def test_it_does_not_come_back_over_what_took_its_place(alice: User, alices: Client):
    treatment = treatment_of(alice)
    first = entry_of(alice, "First.", treatment=treatment, kind=Kind.REFLECTION, day=1, trashed_at=NOW)
    entry_of(alice, "Second.", treatment=treatment, kind=Kind.REFLECTION, day=1)
    response = alices.post(f"/journal/entries/{first.ref}/restore/")
    assert "You wrote something else in its place since." in text_of(alices.get(response.headers["Location"]))
    first.refresh_from_db()
    assert first.trashed_at is not None


def test_deleted_for_good_nothing_of_it_stays(alice: User, alices: Client):
    entry = entry_of(alice, "Gone.")
    other = entry_of(alice, "Stays.")
    write(alices, f"/journal/entries/{entry.ref}/change/", text="Gone, too.")
    path = f"/journal/entries/{entry.ref}/delete/"
    assert "Nobody can bring it back." in text_of(alices.get(path))
    assert Entry.objects.count() == 2
    alices.post(path)
    assert list(Entry.objects.all()) == [other]
    assert (EntryVersion.objects.count(), Draft.objects.count()) == (0, 0)
