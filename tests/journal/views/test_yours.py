"""It is yours: downloading everything, printing it, deleting it."""

import io
import json
import zipfile
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from journal import sealed
from journal.ending import destroy_journal
from journal.limits import DOWNLOADS_PER_HOUR
from journal.models import DataKey, Draft, Entry, Treatment
from ketcare.accounts.models import User
from ketcare.site.models import Destroyed, Event
from tests.conftest import NOW
from tests.journal.conftest import entry_of
from tests.journal.pages import open_form, text_of
from tests.ketcare.accounts.signing_in import mails, reauthenticate
from tests.reading import check_page

pytestmark = pytest.mark.django_db
EXPORT, ZIP, DELETE = "/journal/export/", "/journal/export/notes.zip", "/journal/delete-everything/"


@pytest.fixture
def proved(alices: Client) -> Client:
    """Alice's browser, in which she has just shown again who she is."""
    assert reauthenticate(alices, next_page="/journal/").headers["Location"] == "/journal/"
    return alices


def archive(response: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


# Downloading -------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_in_it(proved: Client):
    response = proved.get(EXPORT)
    check_page(response.content)
    assert "The file is not locked." in text_of(response)


def test_the_zip_has_everything_to_read_and_for_programs(alice: User, proved: Client, whole):
    found = archive(proved.post(ZIP))
    assert found.namelist() == ["notes.md", "notes.json", "notes.schema.json"]
    assert "Thrown away." in found.read("notes.md").decode()
    assert "November 2, 2026, 10:30" in found.read("notes.md").decode()  # in New York
    assert len(json.loads(found.read("notes.json"))["entries"]) == 5
    assert json.loads(found.read("notes.schema.json"))["$id"] == "urn:ketcare:journal:1"


def test_it_is_a_file_that_no_browser_keeps_or_runs(proved: Client):
    response = proved.post(ZIP)
    today = timezone.localdate(timezone=timezone.get_fixed_timezone(-300))
    assert response.headers["Content-Disposition"] in {
        f'attachment; filename="notes-{day}.zip"' for day in (today, timezone.localdate())
    }
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.streaming


def test_it_asks_first_who_sits_there_v7_5_3(alices: Client, whole):
    assert alices.get(EXPORT).headers["Location"].startswith("/accounts/reauthenticate/")
    response = alices.post(ZIP)
    assert (response.status_code, response.streaming) == (302, False)
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    # And goes on with what was asked for.
    assert "Second." in archive(reauthenticate(alices, next_page=ZIP)).read("notes.md").decode()


def test_its_owner_sees_that_it_was_downloaded(alice: User, proved: Client):
    proved.post(ZIP)
    assert Event.objects.filter(owner_ref=alice.ref, verb="everything downloaded").count() == 1
    assert "Everything you wrote was downloaded" in text_of(proved.get("/accounts/events/"))


def test_it_can_be_had_a_few_times_an_hour_v2_4_1(proved: Client):
    with time_machine.travel(timezone.now(), tick=False):  # one hour, however late it is
        assert [proved.post(ZIP).status_code for _ in range(DOWNLOADS_PER_HOUR)] == [200] * DOWNLOADS_PER_HOUR
        response = proved.post(ZIP)
    assert response.status_code == 429
    check_page(response.content)


def test_it_has_nothing_of_somebody_else(alice: User, bob: User, bobs: Client):
    entry_of(alice, "Of Alice's.")
    entry_of(bob, "Of Bob's.")
    reauthenticate(bobs)
    found = archive(bobs.post(ZIP)).read("notes.md").decode()
    assert "Of Bob's." in found
    assert "Alice" not in found


def test_without_its_key_no_file_is_begun(alice: User, proved: Client):
    entry_of(alice)
    DataKey.objects.update(wrapped=b"damaged")
    response = proved.post(ZIP)
    assert (response.status_code, response.streaming) == (503, False)


# Printing ----------------------------------------------------------------------------------------------------------


def test_the_page_to_print_has_what_is_not_in_the_trash(proved: Client, whole):
    page = text_of(proved.get("/journal/print/"))
    assert [text for text in ("Rest", "Second.", "Then walked.", "Thrown away.") if text in page] == [
        "Rest",
        "Second.",
        "Then walked.",
    ]


def test_it_goes_on_into_the_past_and_each_page_reads_forward(alice: User, proved: Client, monkeypatch):
    monkeypatch.setattr("journal.views.yours.PRINTED", 2)
    for number in range(3):
        entry_of(alice, f"Entry {number}.")
    first = proved.get("/journal/print/")
    page = text_of(first)
    assert page.index("Entry 1.") < page.index("Entry 2.")
    assert "Entry 0." not in page
    older = first.context["older_than"]
    assert "Entry 0." in text_of(proved.get(f"/journal/print/before/{older.ref}/"))


# Deleting ----------------------------------------------------------------------------------------------------------


def is_gone(owner: User) -> bool:
    return not any(model.objects.filter(owner=owner).exists() for model in (DataKey, Entry, Draft, Treatment))


def test_everything_goes_and_the_account_stays(alice: User, bob: User, proved: Client, whole):
    entry_of(bob)
    key = alice.data_key.id
    response = proved.post(DELETE, {"sure": "on"}, follow=True)
    assert "Everything you wrote is deleted." in text_of(response)
    assert is_gone(alice)
    assert Destroyed.objects.get().ref == key
    assert Entry.objects.get().owner == bob
    assert proved.get("/journal/").status_code == 200


def test_a_save_that_was_on_its_way_is_given_back(alice: User, alices: Client, monkeypatch: pytest.MonkeyPatch):
    token, to_write = open_form(alices, "/journal/note/"), sealed.to_write

    def open_and_delete(owner: User) -> sealed.Journal:
        journal = to_write(owner)
        destroy_journal(owner, now=NOW)
        return journal

    monkeypatch.setattr(sealed, "to_write", open_and_delete)
    response = alices.post("/journal/note/", {"token": token, "text": "On its way."})
    assert response.status_code == 410
    assert "This journal was deleted meanwhile" in text_of(response)
    assert "On its way." in text_of(response)
    assert not Entry.objects.exists()


def test_nothing_goes_by_mistake(alice: User, proved: Client, whole):
    response = proved.post(DELETE)
    assert "Nothing was deleted yet." in text_of(response)
    check_page(response.content)
    assert Entry.objects.filter(owner=alice).count() == 5


def test_deleting_asks_first_who_sits_there_v7_5_3(alice: User, alices: Client, whole):
    assert alices.get(DELETE).headers["Location"].startswith("/accounts/reauthenticate/")
    assert alices.post(DELETE, {"sure": "on"}).headers["Location"].startswith("/accounts/reauthenticate/")
    assert not is_gone(alice)


def test_its_owner_hears_of_it_once_and_no_word_of_what_it_was(alice: User, proved: Client, whole):
    for _ in range(2):
        proved.post(DELETE, {"sure": "on"})
    [mail] = [mail for mail in mails() if mail["kind"] == "words deleted"]
    assert mail["subject"] == "Notes: what you wrote"
    assert "ketamine" not in (mail["subject"] + mail["body"]).lower()
    assert Event.objects.filter(owner_ref=alice.ref, verb="words deleted").count() == 1
