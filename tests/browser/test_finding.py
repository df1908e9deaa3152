"""Finding things as a person does: a word explained in place, a question opened by its address, a search."""

import pytest

from tests.browser.conftest import Pages
from tests.browser.sites import import_shipped_guides, rendered_once

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = "/guides/safety/ketamine-and-esketamine/"


@pytest.fixture(autouse=True)
def shipped_guides(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.content.render", rendered_once)
    import_shipped_guides()


def test_a_word_is_explained_in_place_by_keyboard_and_without_javascript(live_server, page_at: Pages):
    page = page_at(375, 812, js=False)
    page.goto(live_server.url + GUIDE)
    word = page.locator("button.word").first
    meaning = page.locator(f"#{word.get_attribute('popovertarget')}")
    assert not meaning.is_visible()
    word.focus()
    page.keyboard.press("Enter")
    assert meaning.is_visible()
    page.keyboard.press("Tab")
    assert meaning.get_by_role("link", name="From the glossary").evaluate("link => link.matches(':focus')")
    page.keyboard.press("Escape")
    assert not meaning.is_visible()
    assert word.evaluate("word => word.matches(':focus')")


def test_what_a_word_means_is_whole_on_a_small_screen(live_server, page_at: Pages, axe):
    page = page_at(320, 500)
    page.goto(live_server.url + GUIDE)
    page.locator("button.word").first.click()
    box = page.locator(".meaning:popover-open").bounding_box()
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
    assert page.locator("button.word").first.is_visible()
    assert not page.locator(".meaning").first.is_visible()


def test_an_address_of_a_question_opens_it_among_all_the_others(live_server, page_at: Pages):
    page = page_at(js=False)
    page.goto(live_server.url + "/faq/#general--will-it-help-me")
    answer = page.locator("#general--will-it-help-me")
    assert answer.is_visible()
    assert page.locator("details[open]").count() == 1


@pytest.mark.both
def test_a_tired_patient_searches_by_keyboard_with_a_typing_mistake(live_server, page_at: Pages):
    page = page_at(375, 812, "dark", js=False)
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search the guides").fill("cant sleep after ketmine")
    page.keyboard.press("Enter")
    assert page.locator("main h3").first.inner_text() == "Sleep, food, movement"
    page.locator("main h3 a").first.click()
    assert page.locator("h1").inner_text() == "Sleep, food, movement"


def test_somebody_in_danger_who_searches_sees_whom_to_call_without_scrolling(live_server, page_at: Pages):
    page = page_at(375, 812)
    page.goto(live_server.url + "/search/?q=i+want+to+die")
    for name in ("Call 911", "text 988"):
        box = page.locator("main").get_by_role("link", name=name).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 812
