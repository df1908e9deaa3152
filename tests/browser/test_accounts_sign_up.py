"""Making an account: with a password, with a passkey, by invitation."""

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from ketcare.accounts import invitations
from ketcare.accounts.models import User
from tests.browser.accounts import (
    add_authenticator,
    check_both_themes,
    code_for,
    give,
    headline,
    press,
    sign_out,
)
from tests.browser.conftest import Pages
from tests.ketcare.accounts.signing_in import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

ALICE = "alice@example.org"


def test_with_a_password_of_suggested_words_and_a_code_by_mail(live_server, page_at: Pages, axe):
    page = page_at(375, 812, timezone_id="America/Denver")
    page.goto(live_server.url + "/accounts/signup/")
    expect(page.get_by_label("Time zone")).to_have_value("America/Denver")

    press(page, "Make my account")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="This site is for adults. Please say that you are 18 or older.").click()
    expect(page.get_by_label("I am 18 or older")).to_be_focused()
    check_both_themes(page, axe)

    give(page, "E-mail address", "Alice@Example.org")
    press(page, "Use these words")
    password = page.get_by_label("Password", exact=True)
    expect(password).to_have_value(page.locator("#phrase").inner_text())
    expect(password).to_have_attribute("type", "text")
    page.get_by_label("I am 18 or older").check()
    press(page, "Make my account")

    headline(page, "Enter the code")
    give(page, "Code", "BCDF-GHJK")
    press(page, "Go on")
    expect(page.get_by_role("alert")).to_contain_text("That is not the code.")
    check_both_themes(page, axe)
    give(page, "Code", code_for(ALICE).lower().replace("-", ""))
    press(page, "Go on")

    headline(page, "Where are you?")
    user = User.objects.get()
    assert (user.email, user.time_zone, bool(user.privacy_accepted_at)) == (ALICE, "America/Denver", True)


def test_with_a_passkey_which_opens_the_account_again(live_server, page_at: Pages, axe):
    page = page_at()
    add_authenticator(page)
    page.goto(live_server.url + "/accounts/signup/")
    page.get_by_role("link", name="Use a passkey").click()
    headline(page, "Make an account with a passkey")
    check_both_themes(page, axe)
    give(page, "E-mail address", ALICE)
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    page.get_by_label("I am 18 or older").check()
    press(page, "Go on")
    give(page, "Code", code_for(ALICE))
    press(page, "Go on")
    headline(page, "Now make your passkey")
    check_both_themes(page, axe)
    give(page, "Name", "My phone")
    press(page, "Make the passkey")
    headline(page, "Where are you?")
    assert not User.objects.get().has_usable_password()

    sign_out(page)
    page.get_by_role("link", name="My account").click()
    press(page, "Sign in with a passkey")
    headline(page, "Where are you?")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="See and add").click()
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()

    page.get_by_role("link", name="Rename My phone").click()
    headline(page, "Is it you?")
    press(page, "Use a passkey")
    give(page, "Name", "Red phone")
    press(page, "Save")
    expect(page.get_by_role("heading", name="Red phone")).to_be_visible()


def test_by_invitation_without_javascript_and_without_a_code(live_server, page_at: Pages, settings: Settings):
    settings.SIGNUP = "invite"
    _, link = invitations.invite(email=ALICE, for_staff=False, by=None, now=timezone.now())
    link = link.replace(settings.SITE_URL, live_server.url)
    page = page_at(js=False)
    page.goto(live_server.url + "/accounts/signup/")
    headline(page, "No new accounts here for now")

    page.goto(link)
    headline(page, "Make an account")
    expect(page.get_by_role("link", name="Use a passkey")).to_be_hidden()
    give(page, "E-mail address", ALICE)
    give(page, "Password", PASSWORD)
    page.get_by_label("Time zone").select_option("America/New_York")
    page.get_by_label("I am 18 or older").check()
    press(page, "Make my account")
    headline(page, "Where are you?")
    assert mail.outbox == []

    stranger = page_at(js=False)
    stranger.goto(link)
    headline(stranger, "This invitation does not work any more")
    page_at.errors = [error for error in page_at.errors if "/accounts/invitation/" not in error]
