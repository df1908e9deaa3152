"""What links and pictures say, and whether those within a guide lead anywhere."""

import pytest

from articles.lint import Finding
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import findings, messages
from tests.conftest import body_with


def test_an_address_that_no_page_may_have_is_found_with_its_line(folder):
    [finding] = findings(folder, body_with("See [this](http://example.org/)."))
    assert finding.line == BODY_LINE + 2
    assert finding.message.startswith("the address http://example.org/ is not one")


def test_a_picture_without_a_description_is_told_why_it_was_dropped(folder):
    [finding] = findings(folder, body_with("![](/static/a.png)"))
    message = "the picture /static/a.png lacks a description; write what it shows between ![ and ]"
    assert finding == Finding(BODY_LINE + 2, message)


@pytest.mark.parametrize("words", [" ", "Picture", "image of", "a photo", "map.svg", "..."])
def test_a_description_that_says_nothing_is_found(folder, words):
    [finding] = findings(folder, body_with(f"![{words}](/static/a.png)"))
    message = f"the picture /static/a.png is described as “{words.strip()}”: write what it shows"
    assert finding == Finding(BODY_LINE + 2, message)


@pytest.mark.parametrize("words", ["A bed by a window", "Picture of a bed"])
def test_a_description_that_says_what_is_there_is_no_finding(folder, words):
    assert findings(folder, body_with(f"![{words}](/static/a.png)")) == []


@pytest.mark.parametrize("words", ["here", "Click here", "HERE.", "this page", "read more", "*more*"])
def test_words_of_a_link_that_say_not_where_it_leads_are_found(folder, words):
    [finding] = findings(folder, body_with(f"See [{words}](/crisis/)."))
    assert finding.message == f"a link whose words are “{words.strip('*')}”: say where /crisis/ leads"
    assert finding.line == BODY_LINE + 2


def test_a_link_without_words_is_found(folder):
    assert messages(folder, body_with("See [ ](/crisis/).")) == ["the link to /crisis/ has no words"]


@pytest.mark.parametrize(
    "link", ["[Get help](/crisis/)", "[more on sleep](/crisis/)", "[![A phone](/static/a.png)](/crisis/)"]
)
def test_words_that_say_where_a_link_leads_are_no_finding(folder, link):
    assert findings(folder, body_with(f"See {link}.")) == []


def test_a_link_to_a_heading_that_is_not_there_is_found(folder):
    [finding] = findings(folder, body_with("See [the end](#the-end)."))
    assert finding == Finding(BODY_LINE + 2, "the link #the-end leads to no heading of this guide")


@pytest.mark.parametrize("place", ["what-is-known", "is-rest-enough", "sources", "source-1"])
def test_a_link_to_a_heading_a_question_or_a_place_of_every_page_is_no_finding(folder, place):
    assert findings(folder, body_with(f"See [what it says](#{place}).")) == []


def test_the_line_is_that_of_the_whole_address(folder):
    words = "See [more of it](#the-end-of-it) [@trial-2020].\n\nSee [the end](#the-end)."
    assert [finding.line for finding in findings(folder, body_with(words))] == [BODY_LINE + 2, BODY_LINE + 4]
