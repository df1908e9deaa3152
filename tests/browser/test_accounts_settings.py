"""What a person changes about their account, and how every account page looks."""

import re

import pytest
from playwright.sync_api import expect

from ketcare.accounts.models import Theme, User
from tests.browser.accounts import (
    add_authenticator,
    bring_session,
    check_both_themes,
    code_for,
    give,
    give_password,
    headline,
    newest_mail,
    press,
    show_who_sits_here,
)
from tests.browser.conftest import Pages
from tests.ketcare.accounts.signing_in import account, add_recovery_codes, add_totp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

ALICE = "alice@example.org"
NEW = "alice@example.net"
AT_THE_DOOR = ["login/", "signup/", "password/reset/", "inactive/", "invitation/no-such/"]
INSIDE = [
    "settings/",
    "browsers/",
    "events/",
    "email/",
    "password/change/",
    "logout/",
    "reauthenticate/",
    "2fa/",
    "2fa/reauthenticate/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/generate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]
# The first of them that somebody has to show for who they are; it holds for the others.
ASKS_FIRST = "2fa/totp/deactivate/"


@pytest.fixture
def alice(transactional_db: None) -> User:
    return account(ALICE, time_zone="America/New_York")


def test_the_address_changes_with_a_code_and_the_old_mailbox_hears_of_it(live_server, page_at: Pages, alice: User):
    page = page_at(js=False)
    page.goto(live_server.url + "/accounts/email/")
    give_password(page, ALICE)
    give(page, "New e-mail address", NEW)
    press(page, "Send a code to it")
    show_who_sits_here(page)
    headline(page, "Enter the code")
    give(page, "Code", code_for(NEW))
    press(page, "Go on")
    headline(page, "Settings")
    expect(page.get_by_role("main").get_by_text(NEW)).to_be_visible()
    alice.refresh_from_db()
    assert alice.email == NEW
    told = str(newest_mail(ALICE).body)
    assert told.startswith("The e-mail address of your account was changed")
    assert "password" not in told  # a new one could not be had from that mailbox


def test_a_browser_ends_another(live_server, page_at: Pages, alice: User):
    lost = page_at(user_agent="Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0")
    lost.goto(live_server.url + "/accounts/login/")
    give_password(lost, ALICE)
    headline(lost, "Where are you?")
    here = page_at(js=False)
    here.goto(live_server.url + "/accounts/browsers/")
    give_password(here, ALICE)
    expect(here.get_by_role("heading", level=2)).to_have_count(2)
    here.get_by_role("button", name="Sign out Firefox on Android").click()
    show_who_sits_here(here)
    expect(here.get_by_role("status")).to_be_visible()
    expect(here.get_by_role("heading", level=2)).to_have_count(1)
    lost.reload()
    headline(lost, "Sign in")


def test_a_passkey_is_added_and_removed(live_server, page_at: Pages, alice: User):
    page = page_at()
    add_authenticator(page)
    page.goto(live_server.url + "/accounts/2fa/webauthn/add/")
    give_password(page, ALICE)
    show_who_sits_here(page)
    give(page, "Name", "My laptop")
    press(page, "Add the passkey")
    headline(page, "Recovery codes")
    page.goto(live_server.url + "/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove My laptop").click()
    press(page, "Remove it")
    expect(page.get_by_text("None yet.")).to_be_visible()


def test_the_theme_that_somebody_chose_stands_against_that_of_the_device(live_server, page_at: Pages, alice: User):
    page = page_at(js=False)
    page.goto(live_server.url + "/accounts/settings/")
    give_password(page, ALICE)
    page.get_by_label("Light or dark").select_option("dark")
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    press(page, "Save")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("body")).to_have_css("background-color", "rgb(21, 26, 25)")
    alice.refresh_from_db()
    assert (alice.theme, alice.time_zone) == (Theme.DARK, "Europe/Lisbon")


def test_every_account_page_keeps_the_accessibility_rules_in_both_themes(live_server, page_at: Pages, axe, alice: User):
    page = page_at(320, 640)
    for path in AT_THE_DOOR:
        page.goto(live_server.url + "/accounts/" + path)
        check_both_themes(page, axe)
    page_at.errors = [error for error in page_at.errors if "/accounts/invitation/" not in error]
    bring_session(page, alice, live_server.url)
    add_totp(alice)
    add_recovery_codes(alice)
    for path in INSIDE:
        page.goto(live_server.url + "/accounts/" + path)
        if path == ASKS_FIRST:
            show_who_sits_here(page)
        expect(page).to_have_url(re.compile(f"{re.escape(path)}$"))
        check_both_themes(page, axe)
