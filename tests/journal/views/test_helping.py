"""The help beside the box: always there, larger after heavy words, and nothing of that is written down anywhere."""

import logging

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client

from journal import choices, sealed
from journal.models import Choices, Entry
from ketcare.accounts.models import User
from tests.journal.conftest import treatment_of
from tests.journal.pages import text_of, write
from tests.ketcare.test_sweep import every_row
from tests.reading import check_page, read

pytestmark = [pytest.mark.django_db, pytest.mark.answers]

NOTE = "/journal/note/"
HEAVY = "I want to kill myself."
SAME = "Felt like I was dying, then like I was being born."


def help_on(response) -> str:
    """The words of the help beside the box."""
    (panel,) = [part for part in read(response.content).all("aside") if "help" in part.attributes["class"].split()]
    return panel.text


@pytest.mark.parametrize("path", ["/journal/", NOTE, "/journal/sessions/new/", "/journal/plan/change/"])
def test_it_stands_by_every_box(alices: Client, path: str):
    page = check_page(alices.get(path).content)
    (panel,) = [part for part in page.all("aside") if part.attributes["class"] == "help"]
    assert panel.text.startswith("Someone to talk to, any hour. Call or text 988. In danger now: 911.")
    assert "Nobody reads or monitors this journal unless you share it." in panel.text
    assert {"tel:988", "sms:988", "tel:911", "/journal/rough/", "/journal/plan/"} <= set(panel.links())


def test_after_heavy_words_the_answer_says_that_they_are_saved_and_helps(alice: User, alices: Client):
    response = write(alices, NOTE, text=HEAVY)
    assert response.status_code == 200
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == HEAVY
    said = help_on(response)
    assert said.startswith("Your words are saved. Some of them sounded heavy. You don’t have to carry this alone.")
    assert "Nobody reads or monitors this journal unless you share it." in said
    assert "Why am I seeing this? The page looked for a few words by itself. Nothing was noted or sent" in said
    check_page(response.content)


def test_not_what_i_meant_leads_to_the_entry_with_nothing_larger(alices: Client):
    response = write(alices, NOTE, text=HEAVY)
    address = f"/journal/entries/{Entry.objects.get().ref}/"
    assert address in read(response.content).links()
    assert "sounded heavy" not in text_of(alices.get(address))


def test_after_other_words_nothing_changes(alices: Client):
    assert write(alices, NOTE, text=SAME).status_code == 302


def test_it_grows_once_for_an_entry(alices: Client):
    write(alices, NOTE, text=SAME)
    change = f"/journal/entries/{Entry.objects.get().ref}/change/"
    assert write(alices, change, text=HEAVY).status_code == 200
    assert write(alices, change, text=f"{HEAVY} I said.").status_code == 302


def test_the_same_post_again_has_the_same_answer(alices: Client):
    """A script sends it, and then the browser does, to show the page."""
    from tests.journal.pages import open_form

    form = {"token": open_form(alices, NOTE), "text": HEAVY}
    answers = [alices.post(NOTE, form, headers={"accept": "application/json"}), alices.post(NOTE, form)]
    assert ["sounded heavy" in help_on(answer) for answer in answers] == [True, True]
    assert Entry.objects.count() == 1


def test_a_low_mood_alone_changes_nothing(alice: User, alices: Client):
    day = f"/journal/sessions/{treatment_of(alice).ref}/day/1/"
    assert write(alices, day, mood="very-low").status_code == 302


@pytest.mark.parametrize("mood", ["", "very-low", "good"])
def test_below_the_mood_one_line_leads_to_the_plan_whatever_the_mood(alice: User, alices: Client, mood: str):
    day = f"/journal/sessions/{treatment_of(alice).ref}/day/1/"
    page = check_page(write(alices, day, text="\0", mood=mood).content)
    [field] = [part for part in page.all("div") if any(box.attributes.get("name") == "mood" for box in part.children)]
    line = field.children[-1]
    assert (line.text, line.links()) == ("For a bad hour: my safety plan", ["/journal/plan/"])
    assert [panel.attributes["class"] for panel in page.one("main").all("aside")] == ["help"]


def test_every_box_is_heard(alice: User, alices: Client):
    day = f"/journal/sessions/{treatment_of(alice).ref}/day/1/"
    assert write(alices, day, text="Fine.", when="it is night", then="I end my life").status_code == 200


def test_it_names_her_person(alices: Client):
    write(alices, "/journal/plan/change/", person_name="Ruth", person_phone="(212) 555-0100")
    response = write(alices, NOTE, text=HEAVY)
    assert "Call Ruth" in help_on(response)
    assert "tel:2125550100" in read(response.content).links()


def test_it_can_be_switched_off(alice: User, alices: Client):
    Choices.objects.create(owner=alice, larger_help=False)
    assert write(alices, NOTE, text=HEAVY).status_code == 302


def test_a_database_that_goes_away_after_the_save_takes_nothing_back(alices: Client, monkeypatch):
    def gone(owner: User) -> Choices:
        raise DatabaseError("gone")

    monkeypatch.setattr("journal.helping.choices_of", gone)
    assert write(alices, NOTE, text=HEAVY).status_code == 302
    assert Entry.objects.count() == 1


def test_nothing_tells_of_a_match(alice: User, alices: Client, caplog: pytest.LogCaptureFixture):
    """A heavy note leaves what a plain one leaves: rows, mails and log lines of the same number and kind."""
    write(alices, NOTE, text="The first one makes her key.")
    caplog.set_level(logging.INFO)

    def after(text: str) -> tuple[object, ...]:
        caplog.clear()
        before = {table: len(rows) for table, rows in every_row().items()}
        response = write(alices, NOTE, text=text)
        rows = {table: len(found) - before[table] for table, found in every_row().items()}
        lines = [(line.name, line.levelname) for line in caplog.records]
        cookies = set(response.cookies) - {"csrf", "session"}  # which every page may renew
        session = sorted(set(alices.session.keys()) - {"_messages"})
        return rows, lines, len(mail.outbox), cookies, session

    assert choices.choices_of(alice).larger_help
    assert after(HEAVY) == after(SAME)
