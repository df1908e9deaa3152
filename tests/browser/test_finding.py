"""Finding things as a person does: a word explained in place, a question opened by its address, a search."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Pages
from tests.browser.sites import import_shipped_guides

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = "/guides/safety/ketamine-and-esketamine/"


@pytest.fixture(autouse=True)
def shipped_guides(transactional_db: None) -> None:
    import_shipped_guides()


def test_a_word_is_explained_in_place_by_keyboard_and_without_javascript(live_server, page_at: Pages):
    page = page_at(375, 812, js=False)
    page.goto(live_server.url + GUIDE)
    word = page.locator("button.word").first
    meaning = page.locator(f"#{word.get_attribute('popovertarget')}")
    expect(meaning).to_be_hidden()
    word.focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    expect(meaning.get_by_role("link", name="From the glossary")).to_be_focused()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()


def test_what_a_word_means_is_whole_on_a_small_screen(live_server, page_at: Pages, axe):
    page = page_at(320, 500)
    page.goto(live_server.url + GUIDE)
    page.locator("button.word").first.click()
    meaning = page.locator(".meaning:popover-open")
    expect(meaning).to_be_visible()
    box = meaning.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 500
    axe(page)


def test_a_page_shows_only_marked_words_when_it_is_printed(live_server, page_at: Pages):
    page = page_at(800, 1100)
    page.goto(live_server.url + GUIDE)
    page.emulate_media(media="print")
    expect(page.locator("button.word").first).to_be_visible()
    expect(page.locator(".meaning").first).to_be_hidden()


def test_an_address_of_a_question_opens_it_among_all_the_others(live_server, page_at: Pages):
    page = page_at(js=False)
    page.goto(live_server.url + "/faq/#general--will-it-help-me")
    expect(page.locator("#general--will-it-help-me")).to_be_visible()
    expect(page.locator("details[open]")).to_have_count(1)


@pytest.mark.both
def test_a_tired_patient_searches_by_keyboard_with_a_typing_mistake(live_server, page_at: Pages):
    page = page_at(375, 812, "dark", js=False)
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search the guides").fill("cant sleep after ketmine")
    page.keyboard.press("Enter")
    expect(page.locator("main h3").first).to_have_text("Sleep, food, movement")
    page.locator("main h3 a").first.click()
    expect(page.locator("h1")).to_have_text("Sleep, food, movement")


def test_somebody_in_danger_who_searches_sees_whom_to_call_without_scrolling(live_server, page_at: Pages):
    page = page_at(375, 812)
    page.goto(live_server.url + "/search/?q=i+want+to+die")
    for name in ("Call 911", "text 988"):
        box = page.locator("main").get_by_role("link", name=name).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 812
