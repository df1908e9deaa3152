"""The partials that show findings and differences: in words, and not by color alone."""

import re

from django.template.loader import render_to_string

from articles.desk.judging import beside_lines
from articles.differences import changes, claims_first, pieces, two_texts
from articles.lint import Finding
from tests.conftest import NOW

SAVED = {"title": "Rest first", "body": "One trial with 403 people.\n\n<b>Sleep</b> may help.\n"}
TYPED = {"title": "Rest first", "body": "One trial with 413 people.\n\n<b>Sleep</b> helps.\n"}
LABELS = {"title": "Title", "body": "Text"}


def words_in(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_findings_stand_beside_the_words_of_their_line_those_that_stop_in_words():
    found = [Finding(None, "has no source", stops=True), Finding(2, "say <what>")]
    html = render_to_string(
        "admin/articles/findings.html", {"findings": beside_lines(found, "one\n<two>"), "summary": "S"}
    )
    assert words_in(html) == "What to mend S Stops the hand-in: has no source Line 2: say &lt;what&gt;&lt;two&gt;"


def test_no_finding_is_said_to_be_none():
    assert "Nothing to mend." in render_to_string("admin/articles/findings.html", {"findings": []})


def test_what_went_and_came_is_an_element_and_said_in_words():
    html = render_to_string("admin/articles/difference.html#pieces", {"pieces": pieces("a <one>\n", "a <two>\n")})
    assert re.search(r"<del>.*Removed:.*one.*</del><ins>.*Added:.*two.*</ins>", html)
    assert "<one>" not in html


def test_changes_say_where_they_are_and_whether_they_claim_something():
    found = claims_first(changes("## A\n\nWords.\n\nMore, in 1 line.\n", "## A\n\nWord.\n\nMore, in 2 lines.\n"))
    html = render_to_string("admin/articles/difference.html#changes", {"changes": found, "lines": True})
    assert re.findall(r'<p class="where">(.*?)</p>', html) == [
        "Line 5 · under “A” · <strong>with a source or a number</strong>",
        "Line 3 · under “A”",
    ]
    assert "Nothing changed." in render_to_string("admin/articles/difference.html#changes", {"changes": []})


def test_where_title_and_summary_stand_above_the_text_no_line_is_counted():
    found = changes("# One\n\nA summary.\n\nWords.\n", "# Two\n\nA summary.\n\nWord.\n")
    html = render_to_string("admin/articles/difference.html#changes", {"changes": found})
    assert re.findall(r'<p class="where">(.*?)</p>', html) == ["The title", "Under “Two”"]


def test_both_texts_are_shown_whole_and_only_where_they_differ():
    (text,) = texts = two_texts(SAVED, TYPED, LABELS)
    assert (text.name, text.saved, text.typed) == ("body", SAVED["body"], TYPED["body"])
    context = {"who": "Dr. Rao", "at": NOW, "texts": texts}
    html = render_to_string("admin/articles/both_texts.html", context)
    assert "Dr. Rao saved it (Nov. 2, 2026, 3:30 p.m.)." in html
    assert "One trial with 403 people.\n\n&lt;b&gt;Sleep&lt;/b&gt; may help.\n</textarea>" in html
    assert html.count('<p class="where">') == 2
    assert 'data-unsaved="now"' in html
    own = render_to_string("admin/articles/both_texts.html", {**context, "own": True})
    assert "You saved this draft in another window" in own
    assert "Dr. Rao" not in own


def test_line_ends_alone_are_no_difference():
    assert two_texts(SAVED, {**SAVED, "body": SAVED["body"].replace("\n", "\r\n")}, LABELS) == []
