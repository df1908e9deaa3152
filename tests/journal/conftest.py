"""Alice writes her journal in New York; Bob is a stranger with a journal of his own."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from journal import sealed
from journal.models import Entry, Kind, Treatment
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.ketcare.accounts.signing_in import account, sign_in

TODAY = NOW.date()


@pytest.fixture
def alice(db: None) -> User:
    return account("alice@example.org", time_zone="America/New_York")


@pytest.fixture
def bob(db: None) -> User:
    return account("bob@example.net")


@pytest.fixture
def alices(alice: User) -> Client:
    """Alice's browser, in which she has just signed in."""
    return sign_in(Client(), alice)


@pytest.fixture
def bobs(bob: User) -> Client:
    return sign_in(Client(), bob)


def treatment_of(owner: User, date: dt.date = TODAY, **columns: object) -> Treatment:
    return Treatment.objects.create(owner=owner, date=date, zone=owner.time_zone, **columns)


def entry_of(owner: User, text: str = "Rest first.", **columns: object) -> Entry:
    """A sealed entry, as the site would have written it."""
    row = Entry(owner=owner, **{"ref": uuid.uuid4(), "kind": Kind.NOTE, "written_at": NOW, "saved_at": NOW, **columns})
    row.body = sealed.to_write(owner).seal_entry(row.ref, row.version, {"v": 1, "text": text})
    row.save(force_insert=True)
    return row
