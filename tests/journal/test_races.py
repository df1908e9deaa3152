"""Many posts at the same moment: one entry of the same, and of two different ones neither is overwritten unseen."""

from functools import partial

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from journal import drafts, sealed
from journal.ending import destroy_journal
from journal.models import Draft, Entry, EntryVersion, Kind
from journal.tokens import FormToken, Place
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.racing import at_once, burst, race
from tests.ketcare.accounts.signing_in import account, sign_in

pytestmark = [pytest.mark.django_db(transaction=True)]
RACES = 10


@pytest.fixture
def alice(transactional_db: None) -> User:
    cache.clear()
    return account("alice@example.org")


class Tab:
    """Alice's browser; each post comes in a thread with a database connection of its own."""

    def __init__(self, owner: User) -> None:
        self.cookies = sign_in(Client(), owner).cookies

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        client = Client()
        client.cookies = self.cookies
        try:
            response = client.post(path, fields)
            return response.status_code, response.headers.get("Location", "")
        finally:
            connections.close_all()


def test_twenty_equal_posts_at_once_make_one_entry(alice: User):
    token = FormToken.for_new(alice, Place(Kind.NOTE))
    answers = burst(Tab(alice), "/journal/note/", {"token": token.signed(), "text": "Once."})
    assert answers == {(302, f"/journal/entries/{token.ref}/")}
    assert (Entry.objects.count(), EntryVersion.objects.count(), Draft.objects.count()) == (1, 0, 0)


def test_twenty_equal_changes_at_once_are_one_change(alice: User):
    entry = entry_of(alice)
    token = FormToken.for_old(alice, Place(Kind.NOTE), entry.ref, 1)
    answers = burst(Tab(alice), f"/journal/entries/{entry.ref}/change/", {"token": token.signed(), "text": "Changed."})
    assert {status for status, _to in answers} == {302}
    entry.refresh_from_db()
    assert (entry.version, EntryVersion.objects.count()) == (2, 1)


def test_twenty_equal_posts_of_a_dead_session_keep_one_text(alice: User):
    token = FormToken.for_new(alice, Place(Kind.NOTE))
    tab = Tab(alice)
    alice.web_sessions.all().delete()
    answers = burst(tab, "/journal/note/", {"token": token.signed(), "text": "Once."})
    assert {status for status, _to in answers} == {403}
    assert [found.fields for found in drafts.unsaved_of(alice, sealed.to_read(alice))] == [{"text": "Once."}]


def test_twenty_equal_sessions_at_once_are_one(alice: User):
    token = FormToken.for_new(alice, Place("session"))
    fields = {"token": token.signed(), "date": "2026-11-20", "notes": "Once."}
    assert {status for status, _to in burst(Tab(alice), "/journal/sessions/new/", fields)} == {302}
    assert alice.treatments.count() == 1


@pytest.mark.parametrize(
    ("path", "fields", "to"),
    [
        ("/journal/start/", {"where": "today"}, "/journal/"),
        ("/journal/start/between/", {"date": "2025-10-28"}, "/journal/note/"),
    ],
)
def test_twenty_taps_at_once_on_where_somebody_is_make_one_session(
    alice: User, path: str, fields: dict[str, str], to: str
):
    assert burst(Tab(alice), path, fields) == {(302, to)}
    assert alice.treatments.count() == 1


def test_what_is_saved_while_the_journal_is_deleted_can_be_read_or_is_not_there(alice: User):
    tab = Tab(alice)

    def delete() -> None:
        try:
            destroy_journal(alice, now=NOW)
        finally:
            connections.close_all()

    def save(number: int) -> int:
        token = FormToken.for_new(alice, Place(Kind.NOTE)).signed()
        return tab.send("/journal/note/", {"token": token, "text": f"Number {number}."})[0]

    for _race in range(RACES):
        entry_of(alice)
        answers = at_once([delete, *(partial(save, number) for number in range(5))])
        assert set(answers) <= {None, 302, 410}
        journal = sealed.to_read(alice)
        assert all(journal.words_of(entry) for entry in Entry.objects.all())


def test_of_two_tabs_one_saves_and_the_other_is_shown_both(alice: User):
    entry, tab = entry_of(alice), Tab(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    for number in range(RACES):
        version = Entry.objects.get().version
        texts = [f"From tab {name}, {number}." for name in "AB"]
        tokens = [FormToken.for_old(alice, Place(Kind.NOTE), entry.ref, version) for _text in texts]
        one, other = ({"token": token.signed(), "text": text} for token, text in zip(tokens, texts, strict=True))
        statuses = race(tab, path, one, other)
        assert sorted(statuses) == [302, 409]
        kept = sealed.to_read(alice).words_of(Entry.objects.get())["text"]
        [unsaved] = drafts.unsaved_of(alice, sealed.to_read(alice))
        assert kept == texts[statuses.index(302)]
        assert unsaved.fields == {"text": texts[statuses.index(409)]}
        Draft.objects.all().delete()


def test_of_two_tabs_that_begin_one_day_one_saves_and_the_other_is_shown_both(alice: User):
    tab = Tab(alice)
    for _race in range(3):
        treatment = treatment_of(alice)
        place = Place.of(Kind.REFLECTION, treatment, 1)
        one, other = ({"token": FormToken.for_new(alice, place).signed(), "text": f"{name}."} for name in "AB")
        assert sorted(race(tab, f"/journal/sessions/{treatment.ref}/day/1/", one, other)) == [302, 409]
        assert Entry.objects.filter(treatment=treatment).count() == 1
