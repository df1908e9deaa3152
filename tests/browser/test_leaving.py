"""“Exit this page”: blank at once, then a neutral page, and no way back to what was on the screen."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from journal.models import Entry
from ketcare.accounts.models import User
from tests.browser.accounts import bring_session, check_both_themes, give_password
from tests.browser.conftest import Pages
from tests.ketcare.accounts.signing_in import account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]


@pytest.fixture
def neutral(live_server, settings: Settings) -> str:
    """Stands for a page elsewhere: no test reaches further than this machine."""
    url = f"{live_server.url}/accessibility/"
    settings.EXIT_URL = url
    return url


@pytest.fixture
def alice(db: None) -> User:
    return account("alice@example.org", shares_device=True)


def settings_page(page: Page, alice: User, address: str) -> Page:
    bring_session(page, alice, address)
    page.goto(address + "/accounts/settings/")
    return page


def check_gone(page: Page, neutral: str) -> None:
    page.wait_for_url(neutral)
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.get_by_text("alice@example.org").count() == 0


@pytest.mark.parametrize("js", [True, False])
def test_the_button_leads_away_and_back_shows_nothing(live_server, page_at: Pages, alice: User, neutral: str, js: bool):
    page = settings_page(page_at(375, 812, js=js), alice, live_server.url)
    page.locator("button.exit").click()
    check_gone(page, neutral)


def test_shift_three_times_leads_away_where_each_is_pressed_alone(
    live_server, page_at: Pages, alice: User, neutral: str
):
    page = settings_page(page_at(), alice, live_server.url)
    page.get_by_label("Name shown").focus()
    for key in ("Shift", "Shift", "A", "Shift", "Shift+B", "Shift", "Shift+C", "Shift"):
        page.keyboard.press(key)
    expect(page.get_by_label("Name shown")).to_have_value("ABC")
    expect(page.locator("body")).to_be_visible()
    page.keyboard.press("A")
    for _time in range(3):
        page.keyboard.press("Shift")
    check_gone(page, neutral)


def test_the_page_is_blank_while_the_answer_is_on_its_way(live_server, page_at: Pages, alice: User, neutral: str):
    page = settings_page(page_at(), alice, live_server.url)
    page.evaluate("addEventListener('submit', (event) => event.preventDefault(), true)")  # it never answers
    for _time in range(3):
        page.keyboard.press("Shift")
    expect(page.locator("body")).to_be_hidden()
    assert page.title() == ""


@pytest.mark.parametrize("js", [True, False])
def test_what_was_being_written_is_there_after_signing_in(
    live_server, page_at: Pages, alice: User, neutral: str, js: bool
):
    page = page_at(375, 812, js=js)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/note/")
    page.get_by_label("Your note").fill("The red door.")
    page.locator("button.exit").click()
    check_gone(page, neutral)
    give_password(page, alice.email)
    page.goto(f"{live_server.url}/journal/unsaved/")
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_label("Your note")).to_have_value("The red door.")
    assert not Entry.objects.exists()


@pytest.mark.parametrize("path", ["", "back/", "plan/", "steps/", "rough/", "sessions/", "settings/"])
def test_it_is_on_every_page_of_the_journal(live_server, page_at: Pages, alice: User, neutral: str, path: str):
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/{path}")
    for _time in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(neutral)


def test_by_keyboard_it_is_the_second_stop(live_server, page_at: Pages, alice: User, neutral: str, axe):
    page = settings_page(page_at(375, 812), alice, live_server.url)
    check_both_themes(page, axe)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Exit this page").first).to_be_focused()
    page.keyboard.press("Enter")
    check_gone(page, neutral)
