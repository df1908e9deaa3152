"""A guide's page in each state that a reader can meet, and every error page."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from articles import review
from articles.models import Guide, Revision
from tests.browser.conftest import Pages
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/guides/integration/rest-first/"


def look(live_server, page_at: Pages, axe: Callable[[Page], None]) -> str:
    """What the page says, once it was seen to be accessible in both themes."""
    text = ""
    for theme in ("light", "dark"):
        page = page_at(375, 812, theme)
        page.goto(live_server.url + ADDRESS)
        expect(page.locator("aside.crisis a[href='tel:988']")).to_be_visible()
        axe(page)
        text = page.locator("body").inner_text()
    return text


def test_reviewed(live_server, page_at: Pages, axe, signed: Guide, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    text = look(live_server, page_at, axe)
    assert "Reviewed by Asha Rao, MD" in text
    assert "Last reviewed Nov. 2, 2026" in text


def test_overdue(live_server, page_at: Pages, axe, submitted: Revision, dr_rao):
    due = NOW.date() - dt.timedelta(days=30)
    review.sign(
        submitted,
        by=dr_rao,
        digest=submitted.digest,
        now=NOW,
        reviewed_on=due - dt.timedelta(days=90),
        next_due=due,
    )
    assert "The yearly check of this page is late" in look(live_server, page_at, axe)


def test_sample(live_server, page_at: Pages, axe, sample: Guide):
    text = look(live_server, page_at, axe)
    assert "Sample reviewer: Morgan Example, PMHNP-BC, not a real person" in text
    assert "No clinician has checked this page." in text
    assert "Reviewed by" not in text


def test_urgent(live_server, page_at: Pages, axe, urgent: Guide):
    text = look(live_server, page_at, axe)
    assert "A new warning came out." in text
    assert "Reviewed by" not in text


def test_withdrawn(live_server, page_at: Pages, axe, signed: Guide):
    review.withdraw(signed, why="It rests on a trial that was retracted.", now=NOW)
    text = look(live_server, page_at, axe)
    assert "It rests on a trial that was retracted." in text
    assert "Take it slowly." not in text
    page_at.errors.clear()  # 410 is an error in the console, too


def test_being_checked(live_server, page_at: Pages, axe, signed: Guide):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET body = 'Other words.'")
    text = look(live_server, page_at, axe)
    assert "being checked" in text
    assert "Other words." not in text
    page_at.errors.clear()  # 503 is an error in the console, too


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 429, 500, 503])
def test_error_pages_keep_the_accessibility_rules(live_server, page_at: Pages, axe, settings, status: int):
    settings.ROOT_URLCONF = "tests.browser.error_urls"
    page = page_at(375, 812)
    page.goto(f"{live_server.url}/error/{status}/")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("aside.crisis a[href='tel:988']")).to_be_visible()
    axe(page)
    page_at.errors.clear()


def test_a_signature_can_be_followed_to_its_reviewer(live_server, page_at: Pages, signed: Guide):
    page = page_at(js=False)
    page.goto(live_server.url + ADDRESS)
    page.get_by_role("link", name="Asha Rao, MD").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^\\s*Asha Rao"))
    expect(page.get_by_role("link", name="Rest first")).to_be_visible()
