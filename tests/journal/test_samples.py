"""A journal to try things out with."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from journal import samples, sealed
from journal.forms import FORMS
from journal.heavy import sounds_heavy
from journal.models import Entry
from journal.words import fields_from, texts_in
from ketcare.accounts.models import User
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import text_of

pytestmark = pytest.mark.django_db


def test_three_sessions_are_written_about(alice: User, alices: Client):
    call_command("sample_journal", "Alice@example.org")
    assert alice.treatments.count() == 3
    assert Entry.objects.filter(owner=alice).count() > 12
    assert "Session 3" in text_of(alices.get("/journal/back/"))
    assert alices.get("/journal/").status_code == 200


def test_every_entry_is_one_that_its_form_takes(alice: User):
    call_command("sample_journal", alice.email)
    journal = sealed.to_read(alice)
    for entry in Entry.objects.all():
        words = journal.words_of(entry)
        form = FORMS[entry.kind](fields_from(words))
        assert form.is_valid(), (words, form.errors)
        assert form.words() == words
        assert not sounds_heavy(*texts_in(words))


def test_nothing_is_written_about_a_time_to_come(alice: User):
    now = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
    samples.write_for(alice, now=now)
    assert not Entry.objects.filter(written_at__gt=now).exists()


def test_on_a_public_site_it_writes_nothing(alice: User, settings: Settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="made-up entries have no place among real ones"):
        call_command("sample_journal", alice.email)
    assert not Entry.objects.exists()


def test_a_journal_that_is_there_is_left_alone(alice: User, bob: User):
    entry_of(alice)
    treatment_of(bob)
    for owner in (alice, bob):
        with pytest.raises(CommandError, match="has a journal already"):
            call_command("sample_journal", owner.email)


def test_an_unknown_address_is_said(db: None):
    with pytest.raises(CommandError, match=r"No account has the address nobody@example\.org"):
        call_command("sample_journal", "nobody@example.org")
