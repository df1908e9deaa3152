"""What people do with accounts in a browser: forms, codes of mails, passkeys on a device that is not there."""

import re
import time
from collections.abc import Callable

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from playwright.sync_api import Page, expect

from ketcare.accounts.models import User
from tests.browser.conftest import PATIENCE, told
from tests.ketcare.accounts.signing_in import PASSWORD, cookie_of, sign_in, totp_code

Look = Callable[[Page], None]


def add_authenticator(page: Page) -> None:
    """From now on this page's device has a place for passkeys, and its owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def newest_mail(to: str) -> EmailMessage:
    """The last mail to that address. The request that sends it may need a moment."""
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until:
        if found := [message for message in mail.outbox if message.to == [to]]:
            return found[-1]
        time.sleep(0.05)
    raise AssertionError(f"no mail to {to}; there are: {[(message.to, message.subject) for message in mail.outbox]}")


def code_for(to: str) -> str:
    found = re.search(r"Your code is ([A-Z0-9-]+)\.", str(newest_mail(to).body))
    assert found, newest_mail(to).body
    mail.outbox.clear()
    return found[1]


def give(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def headline(page: Page, words: str) -> None:
    """Waits until the page with that headline is there, to its last line."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    page.wait_for_load_state()


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    give(page, "E-mail address", email)
    give(page, "Password", password)
    press(page, "Sign in")


def give_totp(page: Page, secret: str, button: str) -> None:
    """Twice where the code's half minute ended meanwhile."""
    for _try in range(2):
        page.locator("input[name=code]").fill(totp_code(secret))
        with page.expect_navigation():
            press(page, button)
        if not page.locator(".problems:visible").count():
            return
    raise AssertionError(page.locator(".problems").first.inner_text())


def show_who_sits_here(page: Page) -> None:
    headline(page, "Is it you?")
    give(page, "Your password", PASSWORD)
    press(page, "Go on")


def sign_out(page: Page) -> None:
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    headline(page, "Ketamine treatment, one day at a time")


def bring_session(page: Page, user: User, address: str) -> None:
    """That browser is signed in, without the walk through the door."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_of(sign_in(Client(), user)), "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def check_frame(page: Page) -> None:
    """What every private page shows, in words that say nothing to whoever looks over a shoulder.

    After a click, wait for the new page first (`headline`): the one before has such a frame as well.
    """
    expect(page).to_have_title(re.compile(" · Notes$"))
    banner = "Need to talk to someone now? Call or text 988. In danger: 911."
    expect(page.locator("aside.crisis")).to_have_text(banner, use_inner_text=True)
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def check_both_themes(page: Page, axe: Look) -> None:
    """All rules as the page stands, and contrast once more in the other theme: nothing but colors differs there."""
    check_frame(page)
    axe(page)
    other = page.evaluate(
        """() => {
            const shown = document.documentElement.dataset;
            shown.theme = shown.theme === 'dark' ? 'light' : 'dark';
            return shown.theme;
        }"""
    )
    # The page has axe by now, and to load it is most of the work.
    answer = page.evaluate("() => axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})")
    broken = [line for violation in answer["violations"] for line in told(violation)]
    assert not broken, f"{page.url} in {other}:\n" + "\n".join(broken)
