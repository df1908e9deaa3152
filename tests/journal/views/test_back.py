"""Looking back: by session, by a word, for the therapist, and the line of one's mood."""

import datetime as dt

import pytest
from django.test import Client

from journal import sealed, treatments
from journal.models import Choices, Entry, Phase, Treatment
from journal.tokens import SESSION, FormToken, Place
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import TODAY, entry_of, treatment_of
from tests.journal.pages import text_of, write
from tests.reading import check_page, read

pytestmark = pytest.mark.django_db

BACK, FIND, KEPT = "/journal/back/", "/journal/back/find/", "/journal/back/kept/"


@pytest.fixture
def moods(alice: User, alices: Client) -> None:
    treatment = treatment_of(alice, TODAY - dt.timedelta(days=10))
    for day, mood in [(1, "very-low"), (2, "in-between"), (5, "good")]:
        write(alices, f"/journal/sessions/{treatment.ref}/day/{day}/", text="A line.", mood=mood)


def test_without_sessions_it_says_what_will_stand_there(alices: Client):
    assert "After a session or two, this is where they stand side by side." in text_of(alices.get(BACK))


def test_sessions_stand_newest_first(alice: User, alices: Client):
    for days in (10, 3):
        treatment_of(alice, TODAY - dt.timedelta(days=days))
    page = read(alices.get(BACK).content)
    assert [heading.text for heading in page.all("h3")] == ["Session 2", "Session 1"]


def test_moods_are_drawn_and_stand_in_a_table_too(alices: Client, moods: None):
    page = check_page(alices.get(BACK).content)
    drawing = page.one("svg")
    assert [point.attributes["cy"] for point in drawing.all("circle")] == ["180", "100", "20"]
    assert len(drawing.all("polyline")) == 1
    rows = [[cell.text for cell in row.all("td")] for row in page.one("tbody").all("tr")]
    assert [row[1:] for row in rows] == [["1", "Very low"], ["2", "In between"], ["5", "Good"]]


def test_a_switch_leaves_numbers_and_drawings_out(alice: User, alices: Client, moods: None):
    Choices.objects.create(owner=alice, hides_numbers=True)
    page = read(alices.get(BACK).content)
    assert page.all("svg", "table") == []


def test_one_mood_draws_no_line(alice: User, alices: Client):
    write(alices, f"/journal/sessions/{treatment_of(alice).ref}/day/1/", mood="low")
    assert read(alices.get(BACK).content).all("svg") == []


def test_a_word_is_found_in_any_box_and_stands_in_no_address(alice: User, alices: Client):
    treatment = treatment_of(alice)
    write(alices, "/journal/note/", text="The red DOOR.")
    write(alices, f"/journal/sessions/{treatment.ref}/intentions/", first="doors")
    write(alices, f"/journal/sessions/{treatment.ref}/day/4/", when="the doorbell rings")
    write(alices, "/journal/note/", text="Nothing of that kind.")
    response = alices.post(FIND, {"q": "door"})
    page = read(response.content)
    assert len(page.one("main").all("li")) >= 3
    assert "Nothing of that kind." not in page.one("main").text
    assert alices.get(FIND).status_code == 405


def noted(owner: User, notes: str) -> Treatment:
    """A session of today with notes on it."""
    told = {"date": TODAY, "time": None, "phase": Phase.UNSURE, "number": 3, "notes": notes}
    return treatments.save(owner, sealed.to_write(owner), FormToken.for_new(owner, Place(SESSION)), told, now=NOW)


def test_a_word_in_the_notes_on_a_session_is_found(alice: User, alices: Client):
    session = noted(alice, "Ruth drove.\nA long wait.")
    noted(alice, "Nobody came along.")
    main = check_page(alices.post(FIND, {"q": "RUTH"}).content).one("main")
    assert "Found in one place." in main.text
    [hit] = main.all("li")
    assert hit.text == "Session 3 November 2, 2026 Ruth drove. A long wait."
    assert hit.links() == [f"/journal/sessions/{session.ref}/"]


def test_sessions_and_entries_are_counted_together(alice: User, alices: Client):
    noted(alice, "Ruth drove.")
    write(alices, "/journal/note/", text="Called Ruth.")
    assert "Found in 2 places." in text_of(alices.post(FIND, {"q": "Ruth"}))


def test_notes_that_do_not_open_hold_nothing(alice: User, alices: Client):
    noted(alice, "Ruth drove.")
    Treatment.objects.update(notes=b"damaged")
    assert "Nothing holds “Ruth”" in text_of(alices.post(FIND, {"q": "Ruth"}))


def test_nothing_of_somebody_else_is_found(alice: User, bob: User, alices: Client):
    entry_of(bob, "The red door.")
    noted(bob, "The red car.")
    assert "Nothing holds “red”" in text_of(alices.post(FIND, {"q": "red"}))


@pytest.mark.parametrize("asked", ["", "  ", "x" * 5000])
def test_what_holds_nothing_finds_nothing(alices: Client, asked: str):
    write(alices, "/journal/note/", text="The red door.")
    response = alices.post(FIND, {"q": asked})
    assert response.status_code == 200
    assert "The red door." not in text_of(response)


def test_what_is_in_the_trash_is_not_found(alice: User, alices: Client):
    write(alices, "/journal/note/", text="The red door.")
    alices.post(f"/journal/entries/{Entry.objects.get().ref}/trash/")
    assert "The red door." not in text_of(alices.post(FIND, {"q": "red"}))


def test_what_is_kept_for_the_therapist_stands_on_one_page(alices: Client):
    assert "it waits here" in text_of(alices.get(KEPT))
    write(alices, "/journal/note/", text="The red door.", keep="on")
    write(alices, "/journal/note/", text="Only mine.")
    page = check_page(alices.get(KEPT).content)
    assert "The red door." in page.one("main").text
    assert "Only mine." not in page.one("main").text
