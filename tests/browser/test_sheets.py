"""Sheets as they come out of a printer, and the style guide as those who build the site see it."""

import re

import pytest
from playwright.sync_api import expect

from ketcare.site.clinic import publish
from ketcare.site.models import Clinic
from tests.browser.conftest import Pages
from tests.browser.sites import SHEETS, import_shipped_guides

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN = {
    "name": "Harbor Clinic",
    "phone": "+1 (555) 010-0199",
    "hours": "Monday to Friday, 9 to 5",
    "after_hours_phone": "555-010-0123",
    "session_day_note": "Come in by the side door, and ring twice.\n\nYour companion can wait with you.",
}
PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(autouse=True)
def shipped_guides(transactional_db: None, settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    import_shipped_guides()


@pytest.mark.parametrize("known", [{}, KNOWN], ids=["no clinic", "a clinic"])
def test_each_sheet_is_one_page_of_paper(live_server, page_at: Pages, known):
    publish(Clinic(pk=1, **known))
    page = page_at()
    for path in SHEETS:
        page.goto(live_server.url + path)
        for paper in ("Letter", "A4"):
            assert len(PAGES.findall(page.pdf(format=paper))) == 1, f"{path} on {paper}"


@pytest.mark.parametrize("path", SHEETS[1:])
def test_paper_has_the_crisis_line_and_no_words_about_printing(live_server, page_at: Pages, path: str):
    page = page_at()
    page.goto(live_server.url + path)
    expect(page.locator(".hint").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("aside.crisis")).to_be_visible()
    expect(page.locator(".hint").first).to_be_hidden()
    expect(page.locator("main nav")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_keeps_the_accessibility_rules(live_server, page_at: Pages, axe, settings, theme):
    settings.DEBUG = True
    page = page_at(375, 812, theme)
    page.goto(live_server.url + "/styleguide/")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
