"""The safety plan and the page for a rough moment."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from journal.models import Entry, Kind
from ketcare.accounts.models import User
from tests.journal.conftest import entry_of
from tests.journal.pages import boxes, text_of, write
from tests.reading import check_page, read

pytestmark = [pytest.mark.django_db, pytest.mark.answers]

PLAN, WRITE, ROUGH = "/journal/plan/", "/journal/plan/change/", "/journal/rough/"
HERS = {
    "person_name": "Ruth",
    "person_phone": "212 555 0100",
    "signs": "I stop answering.",
    "helps": "A shower, the dog.",
    "people": "Sunday swimming.",
    "professionals": "Dr. Ames",
    "safer": "Pills are with Ruth.",
}


def test_a_plan_is_written_read_and_changed(alices: Client):
    assert "Write it" in text_of(alices.get(PLAN))
    assert write(alices, WRITE, **HERS).headers["Location"] == PLAN
    page = text_of(alices.get(PLAN))
    assert [text for text in HERS.values() if text not in page] == []
    form = alices.get(WRITE)
    assert boxes(form) == HERS
    write(alices, WRITE, **{**HERS, "helps": "The dog."})
    assert "A shower" not in text_of(alices.get(PLAN))
    assert Entry.objects.count() == 1


def test_a_person_has_one_safety_plan(alice: User):
    entry_of(alice, kind=Kind.PLAN)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry_of(alice, kind=Kind.PLAN)


def test_two_tabs_write_one_plan_and_nothing_is_lost(alices: Client):
    from tests.journal.pages import open_form

    tabs = [open_form(alices, WRITE) for _tab in range(2)]
    alices.post(WRITE, {"token": tabs[0], "helps": "The dog."})
    second = alices.post(WRITE, {"token": tabs[1], "helps": "The sea."})
    assert second.status_code == 409
    assert "The dog." in text_of(second)
    assert boxes(second)["helps"] == "The sea."


def test_it_is_nobody_elses(alices: Client, bobs: Client):
    write(alices, WRITE, **HERS)
    assert "Ruth" not in text_of(bobs.get(PLAN))
    assert "Ruth" not in text_of(bobs.get(ROUGH))


def test_a_rough_moment_is_for_anybody_and_shows_whom_to_call(db: None):
    page = check_page(Client().get(ROUGH).content)
    said = page.one("main").text
    assert "Feet on the floor." in said
    assert "Call someone who is good for you." in said
    assert {"tel:988", "sms:988", "tel:911"} <= set(page.one("main").links())


def test_a_rough_moment_names_her_person_and_nothing_that_she_wrote(alices: Client):
    write(alices, WRITE, **HERS)
    write(alices, "/journal/note/", text="The red door.")
    page = read(alices.get(ROUGH).content)
    assert "tel:2125550100" in page.links()
    assert "Call Ruth" in page.one("main").text
    assert not [text for text in ("The red door.", *list(HERS.values())[2:]) if text in page.text]


def test_after_a_long_silence_it_asks_nothing_and_names_nobody(alices: Client):
    write(alices, WRITE, **HERS)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        response = alices.get(ROUGH)
    assert response.status_code == 200
    assert "Ruth" not in text_of(response)


def test_a_plan_that_does_not_open_leaves_the_rest_standing(alices: Client):
    write(alices, WRITE, **HERS)
    Entry.objects.update(body=b"spoiled")
    assert "cannot be opened" in text_of(alices.get(PLAN))
    assert "Feet on the floor." in text_of(alices.get(ROUGH))
