"""The journal by keyboard alone, on a phone-sized screen: no pointer anywhere, and no place where one is lost."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from journal.models import Entry, Kind
from journal.tokens import Place
from ketcare.accounts.models import User
from tests.browser.accounts import bring_session, headline
from tests.browser.conftest import Pages
from tests.browser.journal_pages import NOON, alice, clock
from tests.browser.keyboard import go_round, named, tab_to
from tests.journal.conftest import save, treatment_of

__all__ = ["alice", "clock"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

TODAY = NOON.date()


@pytest.fixture
def page(live_server, page_at: Pages, clock: Any, alice: User) -> Page:
    """Alice's browser, in which she is signed in."""
    page = page_at(375, 812, reduced_motion="reduce")  # where the focus is, the page is at once
    bring_session(page, alice, live_server.url)
    return page


def go(page: Page, live_server: Any, path: str, words: str) -> None:
    page.goto(f"{live_server.url}/journal/{path}")
    headline(page, words)


def follow(page: Page, name: str, words: str) -> None:
    """To that link or button, Enter, and around the page that it leads to."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    headline(page, words)
    go_round(page)


def write(page: Page, name: str, words: str) -> None:
    tab_to(page, name)
    page.keyboard.type(words)


def told(page: Page, words: str) -> None:
    """The page begins with that message: it has the focus, so it is read out, and Tab goes on from there."""
    expect(page.locator("[role=status]:focus")).to_contain_text(words)


def test_a_session_was_today_and_the_hours_after_are_captured(live_server, page: Page):
    go(page, live_server, "", "Where are you?")
    go_round(page)
    follow(page, "I had one today", "The day of your session")
    follow(page, "Open the page for now", "Nothing to work out today.")
    write(page, "Something I noticed", "A blue field")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.get_by_label("A picture, a sound, a place")).to_be_focused()
    page.keyboard.type("My grandmother’s door")
    go_round(page)
    tab_to(page, "This feels rough")
    page.keyboard.press("Space")
    expect(page.get_by_text("Feet on the floor.")).to_be_visible()
    go_round(page)
    follow(page, "Done for now", "Saved. Rest now.")
    assert Entry.objects.get().kind == Kind.NOTE


def test_a_card_with_a_short_answer_and_more(live_server, page: Page, alice: User):
    treatment_of(alice, TODAY - dt.timedelta(days=7))
    go(page, live_server, "", "Keeping one thing")
    tab_to(page, "Another question")
    page.keyboard.press("Enter")
    asked = "If a friend asked how the week was, what would you say?"
    expect(page.get_by_label(asked)).to_be_focused()
    go_round(page)
    write(page, asked, "Hard to say.")
    tab_to(page, "Better")
    page.keyboard.press("ArrowDown")
    assert named(page) == "The same"
    tab_to(page, "Add more")
    page.keyboard.press("Space")
    go_round(page)
    tab_to(page, "Mood")
    for _word in ("Very low", "Low"):
        page.keyboard.press("ArrowDown")
    write(page, "Sleep", "Long.")
    tab_to(page, "Keep for my therapist")
    page.keyboard.press("Space")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    headline(page, "Day 7 after")
    told(page, "Saved at")
    for words in ("Hard to say.", "The same", "Low", "Long.", "Kept for my therapist"):
        expect(page.get_by_role("main").get_by_text(words, exact=True).first).to_be_visible()
    go_round(page)


def test_what_is_missing_is_met_first_and_leads_to_its_box(live_server, page_at: Pages, page: Page):
    go(page, live_server, "plan/change/", "My safety plan")
    tab_to(page, "Their phone number")
    page.keyboard.insert_text("5" * 2001)
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]:focus")).to_contain_text("Something is missing or not right")
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    assert named(page).startswith("Their phone number: It is one character longer than fits.")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Their phone number")).to_be_focused()
    page_at.errors.clear()  # the browser’s own word for a form that came back


def test_a_small_step_is_settled_where_it_stands(live_server, page: Page, alice: User):
    for then in ("I open one letter", "I go out"):
        save(alice, Place.of(Kind.STEP), {"v": 1, "step": {"when": "after tea", "then": then}})
    go(page, live_server, "steps/", "Small steps")
    go_round(page)
    for _step in range(2):
        tab_to(page, "Kept")
    page.keyboard.press("Enter")
    pressed = page.locator("[aria-pressed=true]")
    expect(pressed).to_have_text("Kept")
    page.wait_for_load_state()
    # Tab goes on within the step, not at the top of the page.
    page.keyboard.press("Tab")
    expect(page.locator("li:target :focus")).to_have_text("Tried")


def test_the_notes_are_opened_later(live_server, page: Page, alice: User):
    session = treatment_of(alice, TODAY - dt.timedelta(days=2))
    treatment_of(alice, TODAY + dt.timedelta(days=1))
    save(alice, Place.of(Kind.INTENTION, session), {"v": 1, "intentions": ["To rest"]})
    save(alice, Place.of(Kind.NOTE, session), {"v": 1, "text": "A blue field"})
    go(page, live_server, "", "One small thing")
    go_round(page)
    follow(page, "Open them", "Meaning later")
    write(page, "Your note", "No idea.")
    tab_to(page, "988", key="Shift+Tab")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    told(page, "Saved at")


def test_the_safety_plan_is_filled_in(live_server, page: Page):
    go(page, live_server, "rough/", "You are here")
    go_round(page)
    follow(page, "My safety plan", "My safety plan")
    follow(page, "Write it", "My safety plan")
    write(page, "My person: the one I would call", "Jo")
    write(page, "Their phone number", "555-0123")
    write(page, "What helps me for an hour", "A shower.")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    told(page, "Saved at")
    go_round(page)
    tab_to(page, "Call Jo")


def test_a_word_is_found_again_and_what_is_kept_for_a_therapist(live_server, page: Page, alice: User):
    session = treatment_of(alice, TODAY - dt.timedelta(days=3))
    save(alice, Place.of(Kind.REFLECTION, session, 1), {"v": 1, "text": "Soup helped.", "mood": "low", "keep": True})
    save(alice, Place.of(Kind.REFLECTION, session, 2), {"v": 1, "mood": "okay"})
    go(page, live_server, "", "People")
    follow(page, "Look back", "Look back")
    tab_to(page, "The same as a table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="Low")).to_be_visible()
    write(page, "Find a word", "soup")
    page.keyboard.press("Enter")
    headline(page, "Find a word")
    told(page, "Found in one place.")
    go_round(page)
    write(page, "Find a word", "x")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]:focus")).to_contain_text("Nothing holds")
    follow(page, "Look back", "Look back")
    follow(page, "Kept for my therapist", "For my therapist")
    follow(page, "Day 1 after", "Day 1 after")


def test_what_went_into_the_trash_comes_back(live_server, page: Page, alice: User):
    entry = save(alice, Place.of(Kind.NOTE), {"v": 1, "text": "A quiet morning."})
    go(page, live_server, f"entries/{entry.ref}/", "Note")
    go_round(page)
    tab_to(page, "Keep for my therapist")
    page.keyboard.press("Enter")
    told(page, "Saved.")
    tab_to(page, "Put in the trash")
    page.keyboard.press("Enter")
    headline(page, "Trash")
    told(page, "It is in the trash.")
    go_round(page)
    tab_to(page, "Have it back")
    page.keyboard.press("Enter")
    headline(page, "Note")
    told(page, "It is back.")


def test_out_of_a_page_and_nothing_of_it_stays(live_server, page: Page, alice: User, settings: Settings):
    settings.EXIT_URL = f"{live_server.url}/accessibility/"
    User.objects.filter(pk=alice.pk).update(shares_device=True)
    go(page, live_server, "note/", "A note")
    go_round(page)
    write(page, "Your note", "The red door.")
    tab_to(page, "Exit this page", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(settings.EXIT_URL)
    assert not Entry.objects.exists()
