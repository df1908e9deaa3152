"""Every page as a person meets it: accessible, whole without scripts, readable on a phone, by keyboard, and in print.

The full grid (each page, both themes, both widths): KETCARE_FULL_GRID=1 script/test tests/browser/test_pages.py
"""

import os
import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests import pseudo
from tests.browser.conftest import Pages
from tests.browser.sites import ALL, GUIDES, SHIPPED, TEMPLATES, import_shipped_guides

pytestmark = pytest.mark.django_db(transaction=True)

Theme = Literal["light", "dark"]
GRID: list[tuple[int, int, Theme]] = [(375, 812, "light"), (1280, 900, "dark")]
if os.environ.get("KETCARE_FULL_GRID"):
    GRID += [(375, 812, "dark"), (1280, 900, "light")]


@pytest.fixture(autouse=True)
def shipped_guides(transactional_db: None) -> None:
    import_shipped_guides()


def forget_missing_page(page_at: Pages) -> None:
    """A 404 is an error in the console, too; this one was asked for."""
    page_at.errors = [error for error in page_at.errors if "no-such-page" not in error]


@pytest.mark.parametrize(("width", "height", "theme"), GRID)
def test_every_page_keeps_the_accessibility_rules(
    live_server, page_at: Pages, axe: Callable[[Page], None], width: int, height: int, theme: Theme
):
    page = page_at(width, height, theme)
    for path in ALL if os.environ.get("KETCARE_FULL_GRID") else TEMPLATES:
        page.goto(live_server.url + path)
        axe(page)
    forget_missing_page(page_at)


def test_a_page_with_every_fold_open_keeps_the_accessibility_rules(live_server, page_at: Pages, axe):
    page = page_at(375, 812)
    page.goto(live_server.url + GUIDES[0])
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    axe(page)


def check_widths(page: Page) -> None:
    for width in (1280, 375, 320):
        page.set_viewport_size({"width": width, "height": 812})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide at {width}"


def test_no_page_scrolls_sideways(live_server, page_at: Pages):
    page = page_at()
    for path in ALL:
        page.goto(live_server.url + path)
        check_widths(page)
    forget_missing_page(page_at)


def test_words_40_percent_longer_do_not_make_a_page_scroll_sideways(live_server, page_at: Pages, monkeypatch):
    pseudo.speak(monkeypatch)
    page = page_at()
    for path in TEMPLATES:
        page.goto(live_server.url + path)
        assert pseudo.OPEN in page.locator("body").inner_text()
        check_widths(page)
    forget_missing_page(page_at)


def test_on_a_phone_the_quick_answer_of_every_guide_begins_above_560_px(live_server, page_at: Pages):
    page = page_at(375, 812)
    for path in SHIPPED:
        page.goto(live_server.url + path)
        box = page.locator(".part-quick-answer").bounding_box()
        assert box is not None, path
        assert box["y"] < 560, path


def test_on_a_phone_the_crisis_line_takes_two_lines_of_text_and_the_header_one(live_server, page_at: Pages):
    page = page_at(375, 812)
    page.goto(live_server.url + GUIDES[0])
    lines = page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector('aside.crisis p'));
            const middles = [...range.getClientRects()].map(box => Math.round((box.top + box.bottom) / 2 / 12));
            return new Set(middles).size;
        }"""
    )
    assert lines <= 2
    header = page.locator("header.site-header").bounding_box()
    assert header is not None
    assert header["height"] < 64


def test_crisis_numbers_are_large_enough_to_hit(live_server, page_at: Pages):
    page = page_at(375, 812)
    page.goto(live_server.url + "/")
    for link in page.locator("aside.crisis a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44, link.text_content()


def test_by_keyboard_the_skip_link_comes_first_then_the_crisis_numbers(live_server, page_at: Pages):
    page = page_at()
    page.goto(live_server.url + GUIDES[0])
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert reached == ["#main", "tel:988", "sms:988", "tel:911"]


def test_the_skip_link_leads_past_the_header(live_server, page_at: Pages):
    page = page_at()
    page.goto(live_server.url + GUIDES[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_everything_that_can_be_reached_shows_that_it_is(live_server, page_at: Pages):
    page = page_at(375, 812)
    page.goto(live_server.url + GUIDES[2])
    focused = set()
    for _ in range(300):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => {
                const at = document.activeElement;
                if (at === document.body) return null;
                const style = getComputedStyle(at);
                const visible = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                return [at.outerHTML.slice(0, 120), visible];
            }"""
        )
        if ring is None:
            break
        assert ring[1], f"no focus ring: {ring[0]}"
        focused.add(ring[0])
    assert len(focused) > 20


def test_a_question_opens_by_keyboard(live_server, page_at: Pages):
    page = page_at(js=False)
    page.goto(live_server.url + GUIDES[0])
    fold = page.locator("details.fold").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.locator(".fold-body")).to_be_visible()


def test_an_address_that_points_into_a_fold_opens_it(live_server, page_at: Pages):
    page = page_at(js=False)
    page.goto(live_server.url + GUIDES[0] + "#do-i-need-a-therapist")
    expect(page.locator("#do-i-need-a-therapist")).to_be_visible()


def test_a_citation_leads_to_its_source_and_back(live_server, page_at: Pages):
    page = page_at(js=False)
    page.goto(live_server.url + GUIDES[0])
    page.locator("sup.cite a").first.click()
    expect(page).to_have_url(re.compile("#source-1$"))
    page.locator("#source-1 .backlinks a").first.click()
    expect(page).to_have_url(re.compile("#cite-1-1$"))


def test_without_javascript_every_page_says_the_same(live_server, page_at: Pages):
    with_scripts, without = page_at(js=True), page_at(js=False)
    for path in TEMPLATES:
        texts = []
        for page in (with_scripts, without):
            page.goto(live_server.url + path)
            texts.append(page.locator("body").inner_text())
        assert texts[0] == texts[1], path
        assert len(texts[0]) > 300, path
    forget_missing_page(page_at)


def test_a_guide_takes_three_requests_at_most(live_server, page_at: Pages):
    page = page_at()
    asked: set[str] = set()  # the mark is asked for twice, and the second time comes from the browser's cache
    page.on("request", lambda request: asked.add(request.url))
    page.goto(live_server.url + GUIDES[0], wait_until="networkidle")
    assert len(asked) <= 3, asked


def test_print_gives_a_handout(live_server, page_at: Pages):
    page = page_at(800, 1100)
    page.goto(live_server.url + GUIDES[0])
    page.emulate_media(media="print")
    expect(page.get_by_text("Sample reviewer:").first).to_be_visible()
    expect(page.locator("aside.crisis")).to_be_visible()
    expect(page.locator("#sources")).to_be_visible()
    expect(page.locator("header.site-header nav")).to_be_hidden()
    expect(page.locator("footer nav")).to_be_hidden()
    assert page.locator("details.fold .fold-body").first.evaluate("answer => answer.getBoundingClientRect().height") > 0


def test_text_twice_as_large_loses_nothing(live_server, page_at: Pages):
    page = page_at(750, 812)
    for path in TEMPLATES:
        page.goto(live_server.url + path)
        page.add_style_tag(url=live_server.url + "/static/css/site.css")
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
    forget_missing_page(page_at)
    page_at.violations.clear()  # the larger font itself came as an inline style


@pytest.mark.both
def test_a_reader_finds_the_warning_signs_from_home(live_server, page_at: Pages):
    page = page_at(375, 812, "dark", js=False)
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Something feels wrong now").click()
    page.get_by_role("link", name="Side effects and warning signs").first.click()
    expect(page.locator("h1")).to_have_text("Side effects and warning signs")
    expect(page.get_by_role("heading", name="Call 911 now if")).to_be_visible()
    expect(page.get_by_text("No clinician has checked this page.").first).to_be_visible()
    page.get_by_role("link", name="Get help").first.click()
    expect(page).to_have_url(re.compile("/crisis/"))
    expect(page.get_by_role("main").get_by_role("link", name="988").first).to_be_visible()
