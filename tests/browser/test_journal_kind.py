"""The journal as a person lives with it, on a phone-sized screen: from the first minute to the months after."""

import datetime as dt
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journal.models import Entry, Kind, Phase
from ketcare.accounts.models import User
from tests.browser.accounts import bring_session, check_both_themes, code_for, give, headline, press
from tests.browser.conftest import Pages
from tests.browser.journal_pages import NOON, alice, check_box, clock
from tests.journal.conftest import treatment_of
from tests.ketcare.accounts.signing_in import PASSWORD

__all__ = ["alice", "clock"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

ALICE = "alice@example.org"


def saved(page: Page) -> None:
    expect(page).to_have_url(re.compile("/journal/entries/[0-9a-f-]{36}/$"))  # on the page before it stands, too
    page.wait_for_load_state()
    expect(page.get_by_role("status").filter(has_text="Saved at").first).to_be_visible()


def at_noon_after(clock: Any, days: int, page: Page, user: User, address: str) -> None:
    """That many days later she opens her journal again."""
    clock.move_to(NOON + dt.timedelta(days=days))
    page.context.clear_cookies()
    bring_session(page, user, address)
    page.goto(f"{address}/journal/")


def asked_fields(page: Page) -> int:
    """Fields of the page that somebody has to fill in or look at: those that fill themselves in do not count."""
    fields = page.locator("main :is(input:not([type=hidden], [type=radio]), textarea, select):visible")
    return sum(not field.input_value() or field.get_attribute("type") == "checkbox" for field in fields.all())


def test_from_sign_up_to_the_first_saved_line_in_five_screens_and_six_fields(live_server, page_at: Pages, axe):
    page = page_at(375, 812, timezone_id="America/New_York")
    page.goto(f"{live_server.url}/accounts/signup/")
    fields, screens = asked_fields(page), 1
    give(page, "E-mail address", ALICE)
    give(page, "Password", PASSWORD)
    page.get_by_label("I am 18 or older").check()
    press(page, "Make my account")

    headline(page, "Enter the code")
    fields, screens = fields + asked_fields(page), screens + 1
    give(page, "Code", code_for(ALICE))
    press(page, "Go on")

    headline(page, "Where are you?")
    screens += 1
    check_both_themes(page, axe)
    press(page, "Just writing")

    headline(page, "A note")
    screens += 1
    check_box(page)
    check_both_themes(page, axe)
    page.get_by_label("Your note").fill("The first line.")
    press(page, "Save")
    saved(page)
    screens += 1
    assert (fields + 1, screens) <= (6, 5)


WEEKLY = [
    "Body and rest",
    "Feelings",
    "People",
    "One small thing",
    "Sleep, food, movement, outside",
    "Keeping one thing",
]


@pytest.mark.parametrize(("gap", "cards"), [(3, ["Body and rest", "One small thing"]), (7, WEEKLY)])
@pytest.mark.parametrize("js", [True, False])
def test_the_days_follow_the_gap_to_the_next_session(
    live_server, page_at: Pages, alice: User, clock: Any, gap: int, cards: list[str], js: bool
):
    treatment_of(alice, NOON.date())
    treatment_of(alice, NOON.date() + dt.timedelta(days=gap))
    page = page_at(375, 812, js=js)
    for day, card in enumerate(cards, 1):
        at_noon_after(clock, day, page, alice, live_server.url)
        headline(page, card)
        check_box(page)
        page.locator("main textarea").first.fill(f"A line on day {day}.")
        press(page, "Save")  # one tap from Today
        saved(page)
    at_noon_after(clock, gap, page, alice, live_server.url)
    headline(page, "The day of your session")
    assert Entry.objects.filter(kind=Kind.REFLECTION).count() == len(cards)


def test_one_small_card_offers_another_question_and_short_answers(
    live_server, page_at: Pages, alice: User, clock: Any, axe
):
    treatment_of(alice, NOON.date() - dt.timedelta(days=7))
    page = page_at(375, 812)
    at_noon_after(clock, 0, page, alice, live_server.url)
    headline(page, "Keeping one thing")
    check_both_themes(page, axe)
    page.locator("main textarea").first.fill("Hard to say.")
    press(page, "Another question")
    expect(page.get_by_label("If a friend asked how the week was, what would you say?")).to_have_value("Hard to say.")
    page.get_by_label("The same").check(force=True)
    press(page, "Save")
    saved(page)
    expect(page.get_by_role("heading", name="When little has changed")).to_be_visible()
    check_both_themes(page, axe)


def test_before_a_session_one_word_is_enough(live_server, page_at: Pages, alice: User, clock: Any, axe):
    treatment_of(alice, NOON.date() + dt.timedelta(days=1))
    page = page_at(375, 812)
    at_noon_after(clock, 0, page, alice, live_server.url)
    headline(page, "Before your session")
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_visible()
    check_both_themes(page, axe)
    page.get_by_role("link", name="Write what you go in with").click()
    check_box(page)
    page.get_by_role("button", name="Just rest").click()
    expect(page.get_by_label("First", exact=True)).to_have_value("Just rest")
    check_both_themes(page, axe)
    press(page, "Save")
    saved(page)


def test_months_later_three_lines_are_plenty(live_server, page_at: Pages, alice: User, clock: Any, axe):
    treatment_of(alice, NOON.date() - dt.timedelta(days=20), phase=Phase.MAINTENANCE)
    page = page_at(375, 812)
    at_noon_after(clock, 0, page, alice, live_server.url)
    headline(page, "Since last time")
    check_box(page)
    check_both_themes(page, axe)
    page.get_by_label("What has held?").fill("The walks.")
    press(page, "Save")
    saved(page)


def test_heavy_words_are_answered_with_help_that_can_be_waved_away(live_server, page_at: Pages, alice: User, axe):
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/note/")
    page.get_by_label("Your note").fill("I want to kill myself")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Your words are saved.")).to_be_visible()
    check_both_themes(page, axe)
    page.get_by_role("link", name="Not what I meant").click()
    headline(page, "Note")
    expect(page.get_by_role("heading", name="Your words are saved.")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    ["back/", "steps/", "plan/", "plan/change/", "rough/", "settings/", "faded/", "back/kept/", "start/coming/"],
)
def test_each_page_keeps_the_accessibility_rules(live_server, page_at: Pages, alice: User, axe, path: str):
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/{path}")
    check_both_themes(page, axe)
