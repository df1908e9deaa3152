"""Whatever is typed into any box comes back byte for byte, in the one form in which texts are kept."""

import unicodedata
import uuid
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from journal import drafts, sealed
from journal.models import Draft, Entry, Kind, Treatment
from journal.tokens import SESSION, FormToken, Place
from ketcare.accounts.models import User
from tests.journal.conftest import treatment_of
from tests.journal.hostile import OWN, naughty
from tests.journal.pages import boxes

pytestmark = pytest.mark.django_db
Saved = dict[str, Any]


def as_documented(text: str) -> str:
    """Said once more, in its own way: Unicode NFC, and every end of a line is LF."""
    return unicodedata.normalize("NFC", "\n".join(text.replace("\r\n", "\r").split("\r")))


def as_sent(text: str) -> str:
    """As a browser sends it: its lines end with CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def send(client: Client, path: str, token: FormToken, fields: dict[str, str]) -> None:
    response = client.post(path, {"token": token.signed(), **{name: as_sent(text) for name, text in fields.items()}})
    assert response.status_code == 302, (fields, response.status_code)


def note(owner: User, client: Client, text: str) -> Saved:
    token = FormToken.for_new(owner, Place(Kind.NOTE))
    send(client, "/journal/note/", token, {"text": text})
    return sealed.to_read(owner).words_of(Entry.objects.get(ref=token.ref))


def day(owner: User, client: Client, text: str) -> Saved:
    treatment = treatment_of(owner)
    token = FormToken.for_new(owner, Place.of(Kind.REFLECTION, treatment, 1))
    fields = dict.fromkeys(["text", "sleep", "movement", "when", "then"], text)
    send(client, f"/journal/sessions/{treatment.ref}/day/1/", token, fields)
    words = sealed.to_read(owner).words_of(Entry.objects.get(ref=token.ref))
    step = words.pop("step")
    return {**words, **step}


def intentions(owner: User, client: Client, text: str) -> Saved:
    treatment = treatment_of(owner)
    token = FormToken.for_new(owner, Place.of(Kind.INTENTION, treatment))
    path = f"/journal/sessions/{treatment.ref}/intentions/"
    send(client, path, token, dict.fromkeys(["first", "second", "third"], text))
    words = sealed.to_read(owner).words_of(Entry.objects.get(ref=token.ref))
    return {"v": words["v"], **dict(zip(["first", "second", "third"], words["intentions"], strict=True))}


def session(owner: User, client: Client, text: str) -> Saved:
    token = FormToken(owner.ref, Place(SESSION), uuid.uuid4(), uuid.uuid4())
    send(client, "/journal/sessions/new/", token, {"date": "2026-11-20", "notes": text})
    treatment = Treatment.objects.get(ref=token.ref)
    notes = sealed.to_read(owner).notes_of(treatment)
    treatment.delete()  # hundreds of sessions would make each next one dearer
    return notes


def draft(owner: User, client: Client, text: str) -> Saved:
    token = FormToken.for_new(owner, Place(Kind.NOTE))
    fields = {"token": token.signed(), "text": as_sent(text)}
    assert client.post("/journal/unsaved/keep/", fields).status_code == 200
    found = drafts.unsaved(owner, token.form)
    return {"v": 1, **(found.fields or {})} if found else {}


FORMS = [note, day, intentions, session]
Form = Callable[[User, Client, str], Saved]


def check(owner: User, client: Client, form: Form, texts: Iterable[str]) -> None:
    wrong = []
    for text in texts:
        kept = form(owner, client, text)
        if {value for name, value in kept.items() if name != "v"} != {as_documented(text)}:
            wrong.append((text, kept))
    assert not wrong


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_ours_come_back(alice: User, alices: Client, form: Form):
    check(alice, alices, form, OWN)


def test_ours_come_back_from_a_draft(alice: User, alices: Client):
    check(alice, alices, draft, (text for text in OWN if text.strip()))
    assert Draft.objects.count() == sum(1 for text in OWN if text.strip())


@pytest.mark.answers
@pytest.mark.parametrize("form", [*FORMS, draft], ids=lambda form: form.__name__)
def test_naughty_ones_come_back(alice: User, alices: Client, form: Form):
    check(alice, alices, form, (text for text in naughty() if text.strip() or form is not draft))


@pytest.mark.parametrize("text", [*OWN])
def test_a_page_shows_it_as_text_and_a_form_as_it_was(alice: User, alices: Client, text: str):
    note(alice, alices, text)
    entry = Entry.objects.get()
    html = alices.get(f"/journal/entries/{entry.ref}/").content.decode()
    shown = html.split('<div class="words">')[1].split("</div>")[0]
    assert "<" not in shown
    assert unescape(shown) == as_documented(text)
    assert boxes(alices.get(f"/journal/entries/{entry.ref}/change/"))["text"] == as_documented(text)
