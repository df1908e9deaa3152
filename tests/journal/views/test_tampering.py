"""Rows that somebody changed who has the database and not the keys: refused with a clear page, and never shown."""

import logging
import uuid
from typing import Any

import pytest
from django.test import Client

from journal import drafts, sealed
from journal.in_clear import SEALED
from journal.models import DataKey, Draft, Entry, EntryVersion, Kind, Treatment
from journal.tokens import FormToken, Place
from ketcare.accounts.models import User
from tests.articles.plain_sql import overwrite
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import boxes, open_form, text_of, write

pytestmark = pytest.mark.django_db
SECRET = "Nobody else may read that."
SORRY = "This entry cannot be opened."


def flipped(body: bytes, bit: int) -> bytes:
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def check_refused(client: Client, entry: Entry, caplog: pytest.LogCaptureFixture) -> None:
    """Wherever the entry is shown: a page that says so, a line in the log that names the row, and no word of it."""
    with caplog.at_level(logging.ERROR, "journal"):
        for path in (f"/journal/entries/{entry.ref}/", "/journal/entries/", f"/journal/entries/{entry.ref}/change/"):
            response = client.get(path)
            assert response.status_code == 200
            assert SECRET not in response.content.decode()
            if not path.endswith("change/"):
                assert SORRY in text_of(response)
    assert f"Entry {entry.ref} does not open" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("bit", [0, 8, 16 + 4, 300, 600, 2000, -9])
def test_a_flipped_bit(alice: User, alices: Client, caplog: pytest.LogCaptureFixture, bit: int):
    entry = entry_of(alice, SECRET)
    overwrite(entry, body=flipped(bytes(entry.body), bit % (8 * len(entry.body))))
    check_refused(alices, entry, caplog)


@pytest.mark.parametrize("body", [b"", SECRET.encode(), b'{"v":1,"text":"Nobody else may read that."}', b"\x01" * 400])
def test_what_was_never_sealed(alice: User, alices: Client, caplog: pytest.LogCaptureFixture, body: bytes):
    entry = entry_of(alice)
    overwrite(entry, body=body)
    check_refused(alices, entry, caplog)


def test_two_entries_of_one_person_swapped(alice: User, alices: Client, caplog: pytest.LogCaptureFixture):
    one, other = entry_of(alice, SECRET), entry_of(alice, SECRET)
    overwrite(one, body=bytes(other.body))
    overwrite(other, body=bytes(one.body))
    for entry in (one, other):
        check_refused(alices, entry, caplog)


def test_an_entry_moved_to_another_person(alice: User, bob: User, bobs: Client, caplog: pytest.LogCaptureFixture):
    entry, his = entry_of(alice, SECRET), entry_of(bob)
    overwrite(entry, owner_id=bob.pk)
    check_refused(bobs, entry, caplog)
    overwrite(his, body=bytes(entry.body))
    check_refused(bobs, his, caplog)


def test_the_data_key_of_somebody_else(alice: User, bob: User, bobs: Client, caplog: pytest.LogCaptureFixture):
    entry = entry_of(alice, SECRET)
    entry_of(bob)
    overwrite(entry, owner_id=bob.pk)
    hers, his = DataKey.objects.get(owner=alice), DataKey.objects.get(owner=bob)
    overwrite(his, wrapped=bytes(hers.wrapped))
    response = bobs.get(f"/journal/entries/{entry.ref}/")
    assert response.status_code == 503
    assert "This journal cannot be opened just now" in text_of(response)
    assert SECRET not in response.content.decode()


def test_an_older_version_put_back(alice: User, alices: Client, caplog: pytest.LogCaptureFixture):
    entry = entry_of(alice, SECRET)
    write(alices, f"/journal/entries/{entry.ref}/change/", text="Thought better.")
    kept = EntryVersion.objects.get()
    overwrite(Entry.objects.get(), body=bytes(kept.body))
    entry.refresh_from_db()
    check_refused(alices, entry, caplog)


def test_a_column_put_into_another(alice: User, alices: Client, caplog: pytest.LogCaptureFixture):
    ref = uuid.uuid4()
    journal = sealed.to_write(alice)
    treatment = treatment_of(alice, ref=ref, notes=journal.seal_notes(ref, 1, {"v": 1, "text": SECRET}))
    entry = entry_of(alice, SECRET, ref=ref)
    body, notes = bytes(entry.body), bytes(treatment.notes)
    overwrite(entry, body=notes)
    overwrite(treatment, notes=body)
    check_refused(alices, entry, caplog)
    response = alices.get(f"/journal/sessions/{ref}/")
    assert "The notes on this session cannot be opened." in text_of(response)
    assert SECRET not in response.content.decode()


def test_an_unknown_data_key(alice: User, alices: Client, caplog: pytest.LogCaptureFixture):
    entry = entry_of(alice, SECRET)
    body = bytes(entry.body)
    overwrite(entry, body=body[:2] + uuid.uuid4().hex.encode() + body[34:])
    check_refused(alices, entry, caplog)
    assert "It names another key." in caplog.text


def test_an_earlier_version_that_does_not_open(alice: User, alices: Client):
    entry = entry_of(alice, SECRET)
    write(alices, f"/journal/entries/{entry.ref}/change/", text="Newer.")
    overwrite(EntryVersion.objects.get(), body=b"plain words")
    response = alices.get(f"/journal/entries/{entry.ref}/versions/")
    assert SORRY in text_of(response)
    assert "plain words" not in response.content.decode()
    alices.post(f"/journal/entries/{entry.ref}/versions/1/")
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == "Newer."


def test_unsaved_text_that_does_not_open(alice: User, alices: Client):
    token = FormToken.for_new(alice, Place(Kind.NOTE))
    drafts.keep(alice, sealed.to_write(alice), token, {"text": SECRET}, now=NOW)
    overwrite(Draft.objects.get(), body=b"plain words")
    for path in ("/journal/unsaved/", f"/journal/unsaved/{token.form}/"):
        response: Any = alices.get(path)
        assert response.status_code == 200
        assert "This text cannot be opened." in text_of(response)
        assert "plain words" not in response.content.decode()
    assert alices.post(f"/journal/unsaved/{token.form}/drop/").status_code == 302


def test_what_does_not_open_can_still_be_written_anew(alice: User, alices: Client):
    """The next words are saved over it, and the damaged ones stay as an earlier version."""
    entry = entry_of(alice, SECRET)
    overwrite(entry, body=b"damaged")
    path = f"/journal/entries/{entry.ref}/change/"
    assert boxes(alices.get(path)) == {"text": ""}
    assert alices.post(path, {"token": open_form(alices, path), "text": "Anew."}).status_code == 302
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == "Anew."


def test_every_table_with_sealed_columns_is_tried_here():
    assert {model.__name__ for model in (DataKey, Entry, EntryVersion, Draft, Treatment)} == {
        name.partition(".")[0] for name in SEALED
    }
