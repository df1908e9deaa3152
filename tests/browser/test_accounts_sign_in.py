"""Signing in: by each way, with a lost phone, with a lost password."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from ketcare.accounts.models import User
from tests.browser.accounts import (
    check_both_themes,
    code_for,
    give,
    give_password,
    give_totp,
    headline,
    newest_mail,
    press,
    show_who_sits_here,
    sign_out,
)
from tests.browser.conftest import Pages
from tests.ketcare.accounts.signing_in import OTHER_PASSWORD, PASSWORD, account, add_totp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

ALICE = "alice@example.org"


@pytest.fixture
def alice(transactional_db: None) -> User:
    return account(ALICE)


def test_with_an_app_and_with_a_recovery_code_once_the_phone_is_lost(live_server, page_at: Pages, axe, alice: User):
    page = page_at(375, 812)
    page.goto(live_server.url + "/accounts/2fa/totp/activate/")
    give_password(page, ALICE)
    show_who_sits_here(page)
    headline(page, "Set up an app that shows codes")
    expect(page.locator("img.qr")).to_have_js_property("complete", True)
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 100
    check_both_themes(page, axe)
    secret = page.locator(".secret").inner_text()
    give_totp(page, secret, "Turn it on")
    headline(page, "Recovery codes")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(set(codes)) == 10
    check_both_themes(page, axe)
    page.reload()
    headline(page, "Recovery codes")
    assert page.locator(".codes").count() == 0
    assert codes[0] not in page.content()
    sign_out(page)

    page.get_by_role("link", name="My account").click()
    give_password(page, ALICE)
    headline(page, "The second step")
    check_both_themes(page, axe)
    give(page, "Code", codes[0])
    press(page, "Sign in")
    headline(page, "Where are you?")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="App and recovery codes").click()
    expect(page.get_by_text("9 codes are left.")).to_be_visible()
    page.get_by_role("link", name="Turn the app off").click()
    show_who_sits_here(page)
    press(page, "Turn it off")
    expect(page.get_by_role("status")).to_have_text("The app is off.")
    subjects = [message.subject for message in mail.outbox]
    assert "Notes: The second step is on" in subjects
    assert "Notes: The second step is off" in subjects


def test_with_a_code_of_the_app_without_javascript(live_server, page_at: Pages, alice: User):
    secret = add_totp(alice)
    page = page_at(js=False)
    page.goto(live_server.url + "/accounts/login/")
    give_password(page, ALICE, OTHER_PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Address and password do not go together.")
    give_password(page, ALICE)
    headline(page, "The second step")
    give_totp(page, secret, "Sign in")
    headline(page, "Where are you?")


def test_with_a_new_password_by_a_code_where_the_old_one_is_lost(live_server, page_at: Pages, alice: User):
    page = page_at(js=False)
    page.goto(live_server.url + "/accounts/login/")
    page.get_by_role("link", name="I don't know my password").click()
    give(page, "E-mail address", ALICE)
    press(page, "Send me a code")
    give(page, "Code", code_for(ALICE))
    press(page, "Go on")
    headline(page, "Choose a new password")
    give(page, "New password", "ketamine")
    give(page, "The same once more", "ketamine")
    press(page, "Save the new password")
    expect(page.get_by_role("alert")).to_contain_text("at least 15 characters")
    give(page, "New password", OTHER_PASSWORD)
    give(page, "The same once more", OTHER_PASSWORD)
    press(page, "Save the new password")
    headline(page, "Your new password works")
    told = str(newest_mail(ALICE).body)
    assert told.startswith("The password of your account was set anew")
    assert told.endswith("Need to talk to someone now? Call or text 988.")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    give_password(page, ALICE, OTHER_PASSWORD)
    headline(page, "Where are you?")


def test_by_keyboard_alone(live_server, page_at: Pages, alice: User):
    page = page_at()
    page.goto(live_server.url + "/accounts/login/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    expect(page).to_have_url(re.compile("#main$"))
    reached = []
    for _step in range(12):
        page.keyboard.press("Tab")
        name, ring = page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at);
                const ring = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
                return [at.name || at.textContent.trim(), ring];
            }"""
        )
        assert ring >= 2, f"no focus ring: {name}"
        reached.append(name)
        if name == "login":
            page.keyboard.type(ALICE)
        if name == "password":
            page.keyboard.type(PASSWORD)
            page.keyboard.press("Enter")
            break
    assert reached == ["Sign in with a passkey", "login", "password"]
    headline(page, "Where are you?")
