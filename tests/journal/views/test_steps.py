"""Small steps: tried, kept, let go."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from journal.models import Draft, Entry, Kind
from journal.tokens import Place
from journal.views.entries import PAGE
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import change, entry_of, save, treatment_of
from tests.journal.pages import open_form, text_of, token_in, write
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.answers]

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


# What became of one ---------------------------------------------------------------------------------------------------


@pytest.fixture
def tried(alice: User, alices: Client) -> Entry:
    """Alice's fourth day, with a step that she tried."""
    write(alices, f"/journal/sessions/{treatment_of(alice).ref}/day/4/", text="The mailbox.", **STEP)
    day = Entry.objects.get()
    alices.post(f"{STEPS}{day.ref}/settle/", {"state": "tried"})
    return day


def pages_with(day: Entry) -> list[str]:
    """Every page that lists it."""
    assert day.treatment is not None
    return ["/journal/entries/", "/journal/print/", f"/journal/sessions/{day.treatment.ref}/"]


def test_it_stands_where_the_step_is(alices: Client, tried: Entry):
    told = "When…I have coffee …then II open one letter What became of itTried"
    for path in [*pages_with(tried), f"/journal/entries/{tried.ref}/"]:
        assert told in text_of(alices.get(path)), path
    assert told in text_of(alices.post("/journal/back/find/", {"q": "letter"}))


def test_it_is_no_line_by_itself(alices: Client, tried: Entry):
    for path in pages_with(tried):
        headings = [heading.text for heading in read(alices.get(path).content).all("h2")]
        assert "Small step" not in headings, path
        assert "Day 4 after" in headings, path


def test_its_own_address_leads_to_the_steps(alices: Client, tried: Entry):
    assert alices.get(f"/journal/entries/{tried.outcome_ref}/").headers["Location"] == STEPS


def test_it_goes_into_the_trash_with_its_step_and_comes_back_with_it(alices: Client, tried: Entry):
    alices.post(f"/journal/entries/{tried.ref}/trash/")
    assert not Entry.objects.filter(trashed_at=None).exists()
    lines = [heading.text for heading in read(alices.get("/journal/trash/").content).all("h2")]
    assert lines == ["Day 4 after"]
    alices.post(f"/journal/entries/{tried.ref}/restore/")
    assert pressed(alices) == ["Tried"]


def test_it_is_deleted_for_good_with_its_step(alices: Client, tried: Entry):
    alices.post(f"/journal/entries/{tried.ref}/delete/")
    assert not Entry.objects.exists()


def test_what_somebody_wrote_into_it_is_shown(alice: User, alices: Client, tried: Entry):
    """It had boxes to change it in, once."""
    change(Entry.objects.get(ref=tried.outcome_ref), {"v": 1, "state": "tried", "of": str(tried.ref), "step": STEP})
    headings = [heading.text for heading in read(alices.get("/journal/entries/").content).all("h2")]
    assert headings == ["Small step", "Day 4 after"]


def test_a_list_is_as_long_as_ever_where_many_steps_were_settled(alice: User, alices: Client):
    """More of them than entries on a page, between an older and a newer note."""
    entry_of(alice, "The oldest.")
    for _step in range(2 * PAGE):
        save(alice, Place.of(Kind.STEP), {"v": 1, "state": "kept", "of": str(uuid.uuid4())})
    for number in range(PAGE):
        entry_of(alice, f"Note {number}.")
    first = alices.get("/journal/entries/")
    assert len(read(first.content).one("main").all("li")) == PAGE
    [older] = [link for link in read(first.content).links() if "/entries/before/" in link]
    assert "The oldest." in text_of(alices.get(older))
