"""The first page: one thing that fits the day, and the rest within reach. Today is Wednesday, November 4, 2026, noon in
New York; sessions are counted from there."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from journal import sealed
from journal.models import Entry, Kind, Phase, Treatment
from ketcare.accounts.models import User
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import boxes, text_of, token_in, write
from tests.ketcare.accounts.signing_in import signed_in
from tests.reading import check_page, read

pytestmark = [pytest.mark.django_db, pytest.mark.answers]

NOON = dt.datetime(2026, 11, 4, 17, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 4)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


def session(owner: User, days: int, **columns: object) -> Treatment:
    """A session that many days from today."""
    return treatment_of(owner, TODAY + dt.timedelta(days=days), **columns)


def headline(client: Client) -> str:
    return read(client.get("/journal/").content).one("h1").text


# First use ----------------------------------------------------------------------------------------------------------


def test_whoever_is_new_is_asked_where_they_are(alices: Client):
    page = check_page(alices.get("/journal/").content)
    assert page.one("h1").text == "Where are you?"
    assert [
        button.attributes["value"] for button in page.all("button") if button.attributes.get("name") == "where"
    ] == [
        "coming",
        "today",
        "between",
        "monthly",
        "writing",
    ]
    assert "If writing makes things heavier, stop. Stopping is fine." in page.one("main").text


def test_had_one_today_is_the_evening_before_for_whoever_says_so_at_night(alice: User):
    with time_machine.travel(dt.datetime(2026, 11, 5, 7, tzinfo=dt.UTC)):  # two in the morning
        at_night = signed_in(alice)
        at_night.post("/journal/start/", {"where": "today"})
        assert Treatment.objects.get().date == TODAY
        assert headline(at_night) == "The day of your session"


def test_had_one_today_leads_to_the_day_of_the_session(alice: User, alices: Client):
    assert alices.post("/journal/start/", {"where": "today"}).headers["Location"] == "/journal/"
    assert headline(alices) == "The day of your session"
    assert [one.date for one in alice.treatments.all()] == [TODAY]


def test_a_second_tap_makes_no_second_session(alice: User, alices: Client):
    for _tap in range(2):
        alices.post("/journal/start/", {"where": "today"})
    assert alice.treatments.count() == 1


def test_a_session_that_is_coming_asks_for_its_date_and_opens_the_boxes(alice: User, alices: Client):
    assert alices.post("/journal/start/", {"where": "coming"}).headers["Location"] == "/journal/start/coming/"
    assert "When is it?" in text_of(alices.get("/journal/start/coming/"))
    response = alices.post("/journal/start/coming/", {"date": "2026-11-10"})
    assert response.headers["Location"] == f"/journal/sessions/{alice.treatments.get().ref}/intentions/"


@pytest.mark.parametrize(("where", "box"), [("between", "/journal/note/"), ("monthly", "/journal/since/")])
def test_whoever_does_not_know_the_date_goes_on_without(alice: User, alices: Client, where: str, box: str):
    assert alices.post(f"/journal/start/{where}/", {"without": "yes"}).headers["Location"] == box
    assert not alice.treatments.exists()


@pytest.mark.parametrize(("where", "box"), [("between", "/journal/note/"), ("monthly", "/journal/since/")])
@pytest.mark.parametrize("date", ["2026-08-01", "2026-10-20"])
def test_a_session_whose_days_are_over_leads_to_a_box(alice: User, alices: Client, where: str, box: str, date: str):
    assert alices.post(f"/journal/start/{where}/", {"date": date}).headers["Location"] == box
    write(alices, box, text="A line.", held="The walks.")
    assert headline(alices) in {"Today", "Since last time"}


@pytest.mark.parametrize("where", ["between", "monthly"])
def test_a_session_of_these_days_leads_to_its_card(alice: User, alices: Client, where: str):
    assert alices.post(f"/journal/start/{where}/", {"date": "2026-11-02"}).headers["Location"] == "/journal/"
    assert headline(alices) == "Feelings"


@pytest.mark.parametrize(("where", "date"), [("coming", "2026-11-03"), ("between", "2026-11-05"), ("between", "x")])
def test_a_date_on_the_wrong_side_is_said(alices: Client, where: str, date: str):
    response = alices.post(f"/journal/start/{where}/", {"date": date})
    assert response.status_code == 400
    check_page(response.content)


def test_monthly_sessions_are_maintenance(alice: User, alices: Client):
    alices.post("/journal/start/monthly/", {"date": "2026-10-20"})
    assert alice.treatments.get().phase == Phase.MAINTENANCE
    assert headline(alices) == "Since last time"


def test_just_writing_is_a_box(alices: Client):
    assert alices.post("/journal/start/", {"where": "writing"}).headers["Location"] == "/journal/note/"


# Afterwards ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sessions", "shown"),
    [
        ([3], "Before your session"),
        ([0], "The day of your session"),
        ([-1], "Body and rest"),
        ([-4], "One small thing"),
        ([-7], "Keeping one thing"),
        ([-2, 1], "One small thing"),  # three days between: the last before the next is the small step
        ([-4, -1], "Body and rest"),  # two windows are open, and the newer one counts
        ([-5, 1], "Keeping one thing"),
        ([-20], "Today"),
        ([-100], "Good to see you"),
        ([-20, 60], "Today"),
    ],
)
def test_it_shows_what_the_day_is_about(alice: User, alices: Client, sessions: list[int], shown: str):
    for days in sessions:
        session(alice, days)
    check_page(alices.get("/journal/").content)
    assert headline(alices) == shown


def test_with_no_session_ahead_nothing_is_planned(alice: User, alices: Client):
    session(alice, -20)
    assert "Nothing planned. You can write a line anyway, or add a date." in text_of(alices.get("/journal/"))


def test_a_session_in_some_weeks_is_named_with_its_date(alice: User, alices: Client):
    session(alice, 20)
    said = text_of(alices.get("/journal/"))
    assert "Your next session is on Tuesday, November 24, 2026. You can write a line anyway." in said
    assert "Nothing planned." not in said


def test_the_eve_of_a_session_lists_what_to_arrange_and_offers_the_page_for_afterwards(alice: User, alices: Client):
    session(alice, 1)
    said = text_of(alices.get("/journal/"))
    assert "Tomorrow A ride home, arranged. Someone who stays for the evening. Your phone charged." in said
    assert "Get the page for afterwards ready" in said


def test_the_card_of_the_day_is_written_on_this_page(alice: User, alices: Client):
    treatment = session(alice, -4)
    page = alices.get("/journal/")
    response = alices.post(
        f"/journal/sessions/{treatment.ref}/day/4/",
        {
            "token": token_in(page),
            "text": "The mailbox.",
            "when": "I have coffee",
            "then": "I open one letter",
            "card": "4",
        },
    )
    assert response.status_code == 302
    words = sealed.to_read(alice).words_of(Entry.objects.get())
    assert words["step"] == {"when": "I have coffee", "then": "I open one letter"}
    assert "You wrote today. That is plenty." in text_of(alices.get("/journal/"))


def test_after_months_nothing_is_to_catch_up_on(alice: User, alices: Client):
    session(alice, -200)
    entry_of(alice, written_at=NOON - dt.timedelta(days=190), saved_at=NOON - dt.timedelta(days=190))
    assert "Nothing to catch up on. Where are you today?" in text_of(alices.get("/journal/"))


def test_after_months_the_help_and_the_way_out_are_there(alice: User):
    """Where a box is, they stand by it; here none is."""
    User.objects.filter(pk=alice.pk).update(shares_device=True)
    session(alice, -200)
    page = read(signed_in(User.objects.get(pk=alice.pk)).get("/journal/").content)
    assert [panel.attributes["class"] for panel in page.one("main").all("aside")] == ["help"]
    assert "/journal/exit/" in [
        form.attributes["action"] for form in page.all("form") if form.attributes.get("id") == "here"
    ]


@pytest.mark.parametrize(("day", "waits"), [(-1, False), (-2, True), (-3, True), (-4, False)])
def test_the_notes_wait_closed_on_the_second_and_third_day(alice: User, alices: Client, day: int, waits: bool):
    treatment = session(alice, day)
    entry_of(alice, "The red door.", treatment=treatment)
    said = text_of(alices.get("/journal/"))
    assert ("Open them when you like, or leave them." in said) == waits
    assert "The red door." not in said


# Cards ----------------------------------------------------------------------------------------------------------------


def day_page(treatment: Treatment, day: int) -> str:
    return f"/journal/sessions/{treatment.ref}/day/{day}/"


def test_another_question_keeps_what_was_typed_and_saves_nothing(alice: User, alices: Client):
    path = day_page(session(alice, -1), 1)
    first = alices.get(path)
    assert "How does your body feel" in text_of(first)
    second = alices.post(path, {"token": token_in(first), "text": "Tired.", "to": "ask-1"})
    assert "What can wait until tomorrow?" in text_of(second)
    assert boxes(second)["text"] == "Tired."
    assert "How does your body feel" in text_of(alices.post(path, {"token": token_in(second), "to": "ask-2"}))
    assert not Entry.objects.exists()


def test_another_card_is_one_tap_away_and_is_kept_with_what_was_written(alice: User, alices: Client):
    path = day_page(session(alice, -1), 1)
    other = alices.post(path, {"token": token_in(alices.get(path)), "text": "Ruth.", "to": "card-3"})
    assert read(other.content).one("h1").text == "People"
    form = {"token": token_in(other), "text": "Ruth.", "card": "3", "question": "Who felt safe this week?"}
    entry = alices.post(path, form).headers["Location"]
    assert "Who felt safe this week? Ruth." in text_of(alices.get(entry))
    again = alices.get(f"{entry}change/")
    assert read(again.content).one("h1").text == "People"
    assert "Who felt safe this week?" in text_of(again)


@pytest.mark.parametrize("to", ["ask-x", "card-9", "fill-3", "nonsense", "ask-99999"])
def test_what_nobody_offered_shows_the_same_page(alice: User, alices: Client, to: str):
    path = day_page(session(alice, -1), 1)
    assert alices.post(path, {"token": token_in(alices.get(path)), "to": to}).status_code == 200


@pytest.mark.parametrize(
    ("day", "chip", "helps"), [(7, "The same", True), (7, "Better", False), (3, "No change so far", True)]
)
def test_no_better_leads_to_the_guide_and_the_clinic_without_a_score(
    alice: User, alices: Client, day: int, chip: str, helps: bool
):
    path = day_page(session(alice, -day), day)
    response = write(alices, path, card=str(day), chip=chip)
    said = text_of(alices.get(response.headers["Location"]))
    assert ("When little has changed" in said) == helps


def test_a_first_word_is_put_into_the_first_empty_box(alice: User, alices: Client):
    path = f"/journal/sessions/{session(alice, 3).ref}/intentions/"
    page = alices.post(path, {"token": token_in(alices.get(path)), "first": "My sister", "to": "fill-3"})
    assert boxes(page) == {"first": "My sister", "second": "Just rest", "third": ""}


# One thing to bring along ---------------------------------------------------------------------------------------------

ALONG = "Is there one thing you would like to bring along next time?"


@pytest.fixture
def next_one(alice: User, alices: Client) -> Treatment:
    """A session tomorrow, to which Alice wants to bring something along."""
    last, following = session(alice, -2), session(alice, 1)
    write(alices, day_page(last, 2), card="4", question=ALONG, text="The blue field")
    return following


def intentions_page(treatment: Treatment) -> str:
    return f"/journal/sessions/{treatment.ref}/intentions/"


def chips(response: Any) -> list[str]:
    return [button.text for button in read(response.content).all("button") if button.attributes.get("class") == "chip"]


def test_a_near_session_asks_what_to_bring_along(alice: User, alices: Client):
    treatment = session(alice, -2)
    session(alice, 1)
    page = alices.get(day_page(treatment, 2))
    assert "Keep it small today." in text_of(page)
    asked = text_of(alices.post(day_page(treatment, 2), {"token": token_in(page), "to": "ask-1"}))
    assert f"{ALONG} A word is enough. It starts your next intention only if you say so." in asked
    assert "Keep it small today." not in asked


def test_it_is_offered_for_the_next_intentions_and_stands_in_no_box(alices: Client, next_one: Treatment):
    page = alices.get(intentions_page(next_one))
    assert chips(page)[0] == "The blue field"
    assert set(boxes(page).values()) == {""}


def test_a_tap_puts_it_into_the_first_empty_box_and_saves_nothing(alices: Client, next_one: Treatment):
    path = intentions_page(next_one)
    page = alices.post(path, {"token": token_in(alices.get(path)), "first": "Rest", "to": "fill-0"})
    assert boxes(page) == {"first": "Rest", "second": "The blue field", "third": ""}
    assert not Entry.objects.filter(kind=Kind.INTENTION).exists()


def test_it_is_offered_where_intentions_are_changed(alices: Client, next_one: Treatment):
    change = write(alices, intentions_page(next_one), first="Rest").headers["Location"] + "change/"
    page = alices.get(change)
    assert chips(page)[0] == "The blue field"
    tapped = alices.post(change, {"token": token_in(page), **boxes(page), "to": "fill-0"})
    assert boxes(tapped) == {"first": "Rest", "second": "The blue field", "third": ""}


def test_a_long_one_is_short_on_its_button_and_whole_in_its_box(alice: User, alices: Client, next_one: Treatment):
    text = "A field, " * 20 + "blue"
    day = Entry.objects.get(kind=Kind.REFLECTION)
    write(alices, f"/journal/entries/{day.ref}/change/", card="4", question=ALONG, text=text)
    page = alices.get(intentions_page(next_one))
    assert len(chips(page)[0]) == 60
    filled = alices.post(intentions_page(next_one), {"token": token_in(page), "to": "fill-0"})
    assert boxes(filled)["first"] == text


def test_other_answers_and_what_is_in_the_trash_are_not_offered(alice: User, alices: Client, next_one: Treatment):
    alices.post(f"/journal/entries/{Entry.objects.get().ref}/trash/")
    write(alices, day_page(alice.treatments.earliest("date"), 1), card="1", question="How?", text="Heavy arms")
    assert chips(alices.get(intentions_page(next_one)))[0] == "Something that feels stuck"


def test_it_is_for_the_next_session_alone(alice: User, alices: Client, next_one: Treatment):
    assert chips(alices.get(intentions_page(session(alice, 5))))[0] == "Something that feels stuck"


# Later ----------------------------------------------------------------------------------------------------------------


def test_notes_are_opened_beside_the_intentions(alice: User, alices: Client):
    treatment = session(alice, -2)
    write(alices, f"/journal/sessions/{treatment.ref}/note/", text="The red door.")
    path = f"/journal/sessions/{treatment.ref}/meaning/"
    page = alices.get(path)
    check_page(page.content)
    assert "The red door." in text_of(page)
    write(alices, path, text="A way in?", shape="meaning")
    meant = Entry.objects.order_by("-pk")[0]
    assert (meant.kind, meant.treatment) == (Kind.NOTE, treatment)
    assert "Meaning later" in text_of(alices.get(f"/journal/entries/{meant.ref}/"))


def test_maintenance_is_three_lines(alice: User, alices: Client):
    write(alices, "/journal/since/", held="The walks.", ask="Sleep?", shape="since")
    said = text_of(alices.get(f"/journal/entries/{Entry.objects.get().ref}/"))
    assert "Since last time" in said
    assert "What has held?The walks." in said
    assert "What has faded?" not in said


def test_it_has_mostly_faded_leads_to_what_can_be_done(alices: Client):
    assert "It is no fault of yours" in text_of(alices.get("/journal/faded/"))
