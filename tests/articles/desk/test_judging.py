"""What the desk says of a text: as lint does, with the sources and pages that this site has."""

from typing import Any

import pytest

from articles.desk.judging import Judged, beside_lines, judge, summary_of, words_of
from articles.lint import Finding
from articles.models import Guide, Source
from tests.conftest import body_with

pytestmark = pytest.mark.django_db

GOOD = body_with("Take it slowly.")


def judged(body: str = GOOD, sources: list[str] | None = None, **fields: Any) -> Judged:
    return judge(words_of(body=body, sources=["trial-2020"] if sources is None else sources, **fields), language="en")


def said(found: Judged) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.message) for finding in found.findings]


def test_a_good_text_has_nothing_to_mend(trial: Source):
    found = judged()
    assert (said(found), found.stops, found.summary) == ([], [], "Nothing to mend.")
    assert found.rendered is not None
    assert found.rendered.parts[0] == "quick-answer"


def test_only_these_stop_a_submission(trial: Source):
    without_safety = GOOD.replace(" {: .safety }", "")
    assert [finding.stops for finding in judged(without_safety).findings] == [True]
    assert [finding.message for finding in judged(GOOD.replace(" [@trial-2020]", ""), []).stops] == ["has no source"]
    assert judged(GOOD.replace("slowly", "slowly, it is a miracle")).stops == []


def test_an_unknown_citation_stops_it_with_its_line(trial: Source):
    found = judged(GOOD.replace("[@trial-2020]", "[@trial-1999]"))
    assert found.rendered is None
    assert said(found) == [(16, "cites [@trial-1999], which is not in its sources")]
    assert found.stops == found.findings


def test_a_source_that_the_site_does_not_have_stops_it(trial: Source):
    found = judged(GOOD.replace("[@trial-2020]", "[@trial-2020] [@gone-2001]"), ["trial-2020", "gone-2001"])
    assert [finding.message for finding in found.stops] == [
        "lists the source gone-2001, which this site does not have; add it first"
    ]


def test_a_text_that_is_no_page_says_why_and_where(trial: Source):
    assert said(judged("# Title\n\nWords.")) == [(1, "h1 is the title's: start with ##")]


def test_a_retracted_source_is_a_warning(trial: Source):
    Source.objects.update(retracted_on="2026-05-01")
    found = judged()
    assert said(found) == [(16, "[@trial-2020] was retracted on 2026-05-01; do not lean on it")]
    assert found.stops == []


def test_links_are_followed_to_the_guides_that_are_public(signed: Guide):
    links = (
        "[one](/guides/integration/rest-first/#what-is-known) [two](/guides/integration/rest-first/#no) [three](/no/)"
    )
    assert said(judged(GOOD.replace("slowly", f"slowly {links}"))) == [
        (3, "/guides/integration/rest-first/#no leads to no heading: that guide has no #no"),
        (3, "/no/ leads nowhere: this site has no /no/"),
    ]


def test_lines_are_counted_as_the_editor_does_whatever_ends_them(trial: Source):
    found = judged(GOOD.replace("slowly", "slowly, it is a miracle").replace("\n", "\r\n"))
    assert [finding.line for finding in found.findings] == [3]


def test_title_and_other_names_are_read_too(trial: Source):
    found = judged(title="A miracle", also_known_as=["magic pill"])
    assert [message.split(":")[0] for _line, message in said(found)] == ["also_known_as", "title"]


@pytest.mark.parametrize(
    ("stops", "warnings", "words"),
    [
        (0, 0, "Nothing to mend."),
        (0, 1, "1 warning"),
        (1, 3, "3 warnings, 1 stops the hand-in"),
        (2, 0, "2 stop the hand-in"),
    ],
)
def test_the_summary_counts_what_stops_apart(stops: int, warnings: int, words: str):
    assert summary_of([Finding(None, "x", stops=number < stops) for number in range(stops + warnings)]) == words


def test_a_finding_is_shown_beside_the_words_of_its_line():
    found = beside_lines([Finding(2, "say what happens"), Finding(None, "has no source", stops=True)], "one\r\n  two\n")
    assert found == [
        {"line": 2, "message": "say what happens", "stops": False, "text": "two"},
        {"line": None, "message": "has no source", "stops": True, "text": ""},
    ]
