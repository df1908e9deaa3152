"""The style guide: there while one builds, whole by itself, and not there for readers."""

import re

import pytest
from django.conf import settings as site_settings
from django.test import Client
from pytest_django import Settings

from ketcare.styleguide import components, examples, tokens
from tests.reading import Element, check_page

TEMPLATES = site_settings.BASE_DIR / "templates"
PARTIALS = [
    f"{path.relative_to(TEMPLATES)}#{name}"
    for path in sorted(TEMPLATES.glob("*/parts.html"))
    for name in re.findall(r"{% endpartialdef (\w+) %}", path.read_text())
]
CSS = (site_settings.BASE_DIR / "static" / "css" / "site.css").read_text()


@pytest.fixture
def page(settings: Settings) -> Element:
    settings.DEBUG = True
    response = Client().get("/styleguide/")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return check_page(response.content)


def test_without_debug_it_is_not_there(db: None):
    assert Client().get("/styleguide/").status_code == 404


def test_it_needs_no_database(page: Element):
    assert page.one("h1").text == "Style guide"


@pytest.mark.parametrize("name", PARTIALS)
def test_each_partial_is_on_it(page: Element, name: str):
    assert name in [code.text for code in page.all("code")]


def test_each_example_of_a_partial_shows_something():
    for component in components():
        for label, html in component["shown"].items():
            assert re.sub(r"<[^>]*>", "", html).strip(), f"{component['name']}: {label}"


def test_each_example_belongs_to_a_partial():
    assert examples().keys() <= set(PARTIALS)


def test_each_token_of_the_style_sheet_is_on_it(page: Element):
    words = page.one("main").text
    names = set(re.findall(r"--[a-z0-9-]+(?=:)", CSS.split("@layer base {")[0]))
    assert len(names) > 20
    assert {name for name in names if name not in words} == set()


def test_colors_have_a_value_for_the_dark():
    assert all(dark for _light, dark in tokens()["colors"].values())


@pytest.mark.parametrize("part", ["quick-answer", "steps", "timeline", "safety", "talk-first", "unknown", "faq", "ask"])
def test_each_part_of_a_guide_is_on_it(page: Element, part: str):
    assert f"part part-{part}" in [section.attributes.get("class") for section in page.all("section")]


def test_a_fold_is_shown_open_and_closed(page: Element):
    folds = [fold for fold in page.all("details") if fold.attributes.get("class") == "fold"]
    of_a_guide, of_partials = folds[:2], folds[2:]
    assert ["open" in fold.attributes for fold in of_a_guide] == [True, False]
    assert [fold.one("summary").text for fold in of_partials] == ["What changed since the signed text"]


def test_what_an_urgent_change_did_is_shown_with_what_came_and_what_went(page: Element):
    [shown] = [each for each in page.all("ul") if each.attributes.get("class") == "changed"]
    assert [gone.text for gone in shown.all("del")] == ["Removed: in the morning"]
    assert [come.text for come in shown.all("ins")] == ["Added: at once", "Added: Do not drive."]
