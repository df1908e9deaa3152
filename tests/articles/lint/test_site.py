"""Links from a guide to the rest of the site."""

import pytest

from articles.lint import Finding
from articles.lint.site import broken_links, site_of
from articles.rendering import html_of
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import guide_file
from tests.conftest import body_with

SITE = site_of({("integration", "rest-first"): frozenset({"what-is-known"})}, ["asha-rao"])


def broken(folder, words: str) -> list[Finding]:
    file = guide_file(folder, body_with(words))
    return broken_links(file, html_of(file.body, "en", file.sources), SITE)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/guides/",
        "/guides/integration/",
        "/guides/integration/rest-first/",
        "/guides/integration/rest-first/?x=1",
        "/guides/integration/rest-first/#what-is-known",
        "/guides/integration/rest-first/#sources",
        "/guides/integration/rest-first/history/",
        "/reviewers/asha-rao/",
        "/crisis/",
        "/crisis/#anything",
        "/static/img/mark.svg",
        "https://example.org/nothing/",
        "#what-is-known",
    ],
)
def test_a_link_that_leads_somewhere_is_no_finding(folder, path):
    assert broken(folder, f"See [rest]({path}).") == []


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/crisis",
        "/guides/nothing/",
        "/guides/faq/",
        "/guides/integration/nothing/",
        "/guides/safety/rest-first/",
        "/guides/integration/nothing/history/",
        "/reviewers/nobody/",
        "/static/nothing.png",
    ],
)
def test_a_link_that_leads_nowhere_is_found_with_its_line(folder, path):
    assert broken(folder, f"See [rest]({path}).") == [
        Finding(BODY_LINE + 2, f"{path} leads nowhere: this site has no {path}")
    ]


def test_a_link_to_a_heading_that_another_guide_lacks_is_found(folder):
    address = "/guides/integration/rest-first/#nothing"
    assert broken(folder, f"See [rest]({address}).") == [
        Finding(BODY_LINE + 2, f"{address} leads to no heading: that guide has no #nothing")
    ]


def test_a_picture_that_is_not_there_is_found(folder):
    [finding] = broken(folder, "![A bed](/static/nothing.png)")
    assert finding.message.startswith("/static/nothing.png leads nowhere")
