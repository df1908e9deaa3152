"""What a person wrote is theirs, in a real browser: the file arrives, the paper has no menus, and all of it can go."""

import json
import zipfile

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from journal.models import Entry
from ketcare.accounts.models import User
from tests.browser.accounts import bring_session, check_both_themes, headline, press, show_who_sits_here
from tests.browser.conftest import Pages
from tests.journal.conftest import entry_of
from tests.ketcare.accounts.signing_in import account

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice(transactional_db: None) -> User:
    cache.clear()
    alice = account("alice@example.org", time_zone="America/New_York")
    entry_of(alice, "A quiet morning.")
    return alice


@pytest.fixture
def page(live_server, page_at: Pages, alice: User) -> Page:
    """Alice's phone, without JavaScript."""
    page = page_at(375, 812, js=False)
    bring_session(page, alice, live_server.url)
    return page


def test_everything_can_be_taken_along_and_deleted(live_server, page: Page, alice: User):
    page.goto(f"{live_server.url}/journal/export/")
    show_who_sits_here(page)
    headline(page, "Download everything")
    with page.expect_download() as arriving:
        press(page, "Download")
    assert arriving.value.suggested_filename.startswith("notes-20")
    with zipfile.ZipFile(arriving.value.path()) as archive:
        assert "A quiet morning." in archive.read("notes.md").decode()
        assert len(json.loads(archive.read("notes.json"))["entries"]) == 1

    page.goto(f"{live_server.url}/journal/delete-everything/")
    press(page, "Delete it now, for good")
    expect(page.get_by_text("Nothing was deleted yet.")).to_be_visible()
    page.get_by_label("Yes, delete everything I wrote here").check()
    press(page, "Delete it now, for good")
    expect(page.get_by_text("Everything you wrote is deleted.")).to_be_visible()
    assert not Entry.objects.exists()


def test_the_paper_has_the_words_and_the_crisis_line_and_no_menus(live_server, page: Page):
    page.goto(f"{live_server.url}/journal/print/")
    page.emulate_media(media="print")
    expect(page.get_by_text("A quiet morning.")).to_be_visible()
    expect(page.get_by_label("Crisis help")).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_role("heading", name="To print")).to_be_hidden()


def test_the_pages_keep_the_accessibility_rules_in_both_themes(live_server, page_at: Pages, axe, alice: User):
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/export/")
    show_who_sits_here(page)
    headline(page, "Download everything")
    for path in ("export/", "print/", "delete-everything/"):
        page.goto(f"{live_server.url}/journal/{path}")
        check_both_themes(page, axe)
