"""Small steps: tried, kept, let go."""

import datetime as dt

import pytest
from django.test import Client

from journal.models import Draft, Entry, Kind
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import treatment_of
from tests.journal.pages import open_form, text_of, token_in, write
from tests.reading import read

pytestmark = pytest.mark.django_db

STEPS = "/journal/steps/"
STEP = {"when": "I have coffee", "then": "I open one letter"}


def pressed(client: Client) -> list[str]:
    page = read(client.get(STEPS).content)
    return [button.text for button in page.all("button") if button.attributes.get("aria-pressed") == "true"]


def test_without_steps_none_is_needed(alices: Client):
    assert "No small steps yet. None needed." in text_of(alices.get(STEPS))


def test_a_step_of_a_day_is_carried_on(alice: User, alices: Client):
    write(alices, f"/journal/sessions/{treatment_of(alice).ref}/day/4/", **STEP)
    assert "I open one letter" in text_of(alices.get(STEPS))
    day = Entry.objects.get(kind=Kind.REFLECTION)
    for state, shown in [("tried", ["Tried"]), ("kept", ["Kept"]), ("kept", ["Kept"]), ("let-go", ["Let go"])]:
        response = alices.post(f"{STEPS}{day.ref}/settle/", {"state": state})
        assert response.headers["Location"] == f"{STEPS}#step-{day.ref}"
        assert pressed(alices) == shown
    assert Entry.objects.filter(kind=Kind.STEP).count() == 1


@pytest.mark.parametrize("days", [130, 1000])
def test_a_step_is_there_however_old_it_is(alice: User, alices: Client, days: int):
    write(alices, f"/journal/sessions/{treatment_of(alice).ref}/day/4/", **STEP)
    long_ago = NOW - dt.timedelta(days=days)
    Entry.objects.update(written_at=long_ago, saved_at=long_ago)
    assert "I open one letter" in text_of(alices.get(STEPS))


def test_a_step_by_itself(alices: Client):
    assert write(alices, f"{STEPS}new/", **STEP).headers["Location"] == STEPS
    step = Entry.objects.get()
    alices.post(f"{STEPS}{step.ref}/settle/", {"state": "tried"})
    assert pressed(alices) == ["Tried"]
    assert "I open one letter" in text_of(alices.get(STEPS))


def test_a_step_that_was_left_unsaved_is_gone_on_with_and_saved(alices: Client):
    fields = {"token": open_form(alices, f"{STEPS}new/"), **STEP}
    alices.post("/journal/unsaved/keep/", fields)
    kept = alices.get(f"/journal/unsaved/{Draft.objects.get().form}/")
    [form] = [form for form in read(kept.content).all("form") if form.attributes.get("id") == "here"]
    assert alices.post(form.attributes["action"], {"token": token_in(kept), **STEP}).headers["Location"] == STEPS
    assert "I open one letter" in text_of(alices.get(STEPS))


def test_nobody_settles_a_step_of_somebody_else(alices: Client, bobs: Client):
    write(alices, f"{STEPS}new/", **STEP)
    assert bobs.post(f"{STEPS}{Entry.objects.get().ref}/settle/", {"state": "tried"}).status_code == 404
    assert "letter" not in text_of(bobs.get(STEPS))


def test_what_is_no_state_is_refused(alices: Client):
    write(alices, f"{STEPS}new/", **STEP)
    assert alices.post(f"{STEPS}{Entry.objects.get().ref}/settle/", {"state": "failed"}).status_code == 404
