"""The desk in a browser: the first clinician's way to it, and its pages under its own content security policy."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ketcare.accounts import invitations
from ketcare.accounts.models import User
from ketcare.site.models import Clinic
from tests import databases
from tests.browser.accounts import give_totp, headline, show_who_sits_here
from tests.browser.conftest import Pages
from tests.ketcare.accounts.signing_in import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def roles(transactional_db: None) -> None:
    """What the migration makes: a test before this one may have emptied the tables."""
    databases.settle()


@pytest.fixture(autouse=True)
def here(live_server, settings, tmp_path) -> None:
    """Links lead to this server, and the clinic's file lies where no other test reads it."""
    settings.SITE_URL = live_server.url
    settings.VAR_DIR = tmp_path


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def come_to_the_desk(page: Page, axe=None) -> None:
    """The way of the first clinician, from the printed link on; `axe` judges the pages that are only on it."""
    link = invitations.first_link(timezone.now())
    assert link is not None
    page.goto(link)
    page.get_by_label("E-mail address").fill("rao@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Time zone").select_option("America/New_York")
    page.get_by_label("I am 18 or older").check()
    press(page, "Make my account")
    headline(page, "A second step at sign-in")
    if axe:
        axe(page)

    page.get_by_role("link", name="Set up an app").click()
    show_who_sits_here(page)
    headline(page, "Set up an app that shows codes")
    secret = page.locator(".secret").inner_text()
    give_totp(page, secret, "Turn it on")
    headline(page, "Recovery codes")
    page.get_by_role("link", name="I have them").click()

    headline(page, "Is it you?")
    give_totp(page, secret, "Go on")  # the desk sees the new factor once, and so knows that it works
    page.get_by_label("Name").fill("Harbor Clinic")
    page.get_by_label("Phone", exact=True).fill("555-0100")
    if axe:
        axe(page)
    press(page, "Save")

    expect(page.get_by_text("Now: United States")).to_be_visible()
    if axe:
        axe(page)
    press(page, "These are right for my patients")

    expect(page.get_by_role("heading", name="I am the reviewer")).to_be_visible()
    for label, words in {
        "Name": "Asha Rao",
        "Credential": "MD",
        "State of the license": "New York",
        "License number": "000001",
        "Credential expires on": f"{timezone.localdate() + dt.timedelta(days=300)}",
        "Conflicts of interest": "None.",
    }.items():
        page.get_by_label(label, exact=True).fill(words)
    if axe:
        axe(page)
    press(page, "Save")
    expect(page).to_have_url(re.compile("/admin/$"))


@pytest.mark.both
def test_the_first_clinician_comes_from_the_printed_link_to_the_desk(live_server, page_at: Pages, axe):
    page = page_at(375, 812)
    come_to_the_desk(page, axe)
    rao = User.objects.get()
    assert (rao.is_staff, rao.reviewer.name, rao.reviewer.sample) == (True, "Asha Rao", False)
    assert Clinic.objects.get().name == "Harbor Clinic"
    page.goto(live_server.url + "/about/")
    expect(page.get_by_text("Harbor Clinic runs it.")).to_be_visible()


def test_without_javascript_the_first_clinician_comes_to_the_desk_as_well(live_server, page_at: Pages):
    page = page_at(375, 812, js=False)
    come_to_the_desk(page)
    expect(page.locator("aside.crisis")).to_be_visible()


def test_every_page_of_the_desk_works_under_its_policy(live_server, page_at: Pages, axe):
    page = page_at()
    come_to_the_desk(page)
    axe(page)
    for path in (
        "accounts/user/",
        "accounts/factorreset/",
        "accounts/factorreset/add/",
        "articles/reviewer/",
        "articles/source/add/",
        "site/event/",
        "site/glossaryterm/add/",
    ):
        page.goto(f"{live_server.url}/admin/{path}")
        expect(page.locator("aside.crisis")).to_be_visible()
    page.goto(f"{live_server.url}/admin/site/clinic/")
    page.get_by_label("Hours:", exact=True).fill("Monday to Friday, 9 to 5")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert Clinic.objects.get().hours == "Monday to Friday, 9 to 5"

    page.goto(f"{live_server.url}/admin/site/invitation/add/")
    page.get_by_label("E-mail").fill("ed@example.org")
    page.get_by_label("For staff").check()
    page.get_by_label("Editor").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("cell", name="open", exact=True)).to_be_visible()
    page.get_by_role("checkbox", name="Select this object for an action - ").first.check()
    page.get_by_label("Action:").select_option(label="Take back")
    page.get_by_role("button", name=re.compile("^(Go|Run)$")).click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert page_at.violations == []
