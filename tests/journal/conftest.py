"""Alice writes her journal in New York; Bob is a stranger with a journal of his own."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from journal import drafts, sealed, treatments, writing
from journal.models import Entry, Kind, Phase, Treatment
from journal.tokens import SESSION, FormToken, Place
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.ketcare.accounts.signing_in import account, signed_in

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
    return signed_in(alice)


@pytest.fixture
def bobs(bob: User) -> Client:
    return signed_in(bob)


def treatment_of(owner: User, date: dt.date = TODAY, **columns: object) -> Treatment:
    return Treatment.objects.create(owner=owner, date=date, zone=owner.time_zone, **columns)


def entry_of(owner: User, text: str = "Rest first.", **columns: object) -> Entry:
    """A sealed entry, as the site would have written it."""
    row = Entry(owner=owner, **{"ref": uuid.uuid4(), "kind": Kind.NOTE, "written_at": NOW, "saved_at": NOW, **columns})
    row.body = sealed.to_write(owner).seal_entry(row.ref, row.version, {"v": 1, "text": text})
    row.save(force_insert=True)
    return row


# A whole journal --------------------------------------------------------------------------------------------------

LATER = NOW + dt.timedelta(hours=1)
REFLECTION = {
    "v": 1,
    "text": "Slept.\nThen walked. 🌊",
    "mood": "okay",
    "sleep": "Six hours",
    "movement": "A walk",
    "step": {"when": "after tea", "then": "go out"},
    "keep": True,
}


def save(owner: User, place: Place, said: dict[str, Any]) -> Entry:
    return writing.save(owner, sealed.to_write(owner), FormToken.for_new(owner, place), said, now=NOW)


def change(entry: Entry, said: dict[str, Any], now: dt.datetime = LATER) -> Entry:
    place = Place.of(entry.kind, entry.treatment, entry.day)
    token = FormToken.for_old(entry.owner, place, entry.ref, entry.version)
    return writing.save(entry.owner, sealed.to_write(entry.owner), token, said, now=now)


@pytest.fixture
def whole(alice: User) -> dict[str, Any]:
    """Alice's journal with something of each kind, by name."""
    told = {"date": TODAY, "time": dt.time(10, 30), "phase": Phase.INDUCTION, "number": 3, "notes": "In the morning."}
    session = treatments.save(alice, sealed.to_write(alice), FormToken.for_new(alice, Place.of(SESSION)), told, now=NOW)
    found: dict[str, Any] = {
        "session": session,
        "called off": treatment_of(alice, TODAY + dt.timedelta(days=3), cancelled_at=NOW),
        "intentions": save(alice, Place.of(Kind.INTENTION, session), {"v": 1, "intentions": ["Rest", "", "Be kind"]}),
        "day": save(alice, Place.of(Kind.REFLECTION, session, 2), REFLECTION),
        "answer": save(alice, Place.of(Kind.REFLECTION, session, 3), {"v": 1, "answer": "not-looking"}),
        "note": change(save(alice, Place.of(Kind.NOTE), {"v": 1, "text": "First."}), {"v": 1, "text": "Second."}),
        "trashed": save(alice, Place.of(Kind.NOTE), {"v": 1, "text": "Thrown away."}),
    }
    writing.put_in_trash(found["trashed"], now=LATER)
    token = FormToken.for_new(alice, Place.of(Kind.REFLECTION, session, 4))
    drafts.keep(alice, sealed.to_write(alice), token, {"text": "Not saved.", "sleep": "Well"}, now=LATER)
    return found
