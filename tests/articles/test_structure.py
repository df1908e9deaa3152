"""What `html_of` makes of Markdown: headings, parts, citations, tables, tokens, links and pictures."""

import re

import pytest

from articles.rendering import Rendered, RenderingRefused, html_of
from articles.structure import slug_of
from tests.articles.hostile import faults_of, text_of
from tests.articles.making import html, made, refusal

# Plain Markdown


def test_paragraphs_lists_and_emphasis():
    assert html("Rest *now*, **then**\nwalk.\n\n- one\n- two\n\n1. first\n2. second") == (
        "<p>Rest <em>now</em>, <strong>then</strong>\nwalk.</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        "<ol>\n<li>first</li>\n<li>second</li>\n</ol>"
    )


def test_an_empty_body_gives_empty_html():
    assert made("\n") == Rendered(
        html="", opening=0, contents=[], cited=[], parts=[], unknown_tokens=[], links=[], dropped=[]
    )


def test_line_ends_of_another_system_make_no_difference():
    assert html("## A\r\n\r\nx  \r\ny\r\n") == html("## A\n\nx  \ny\n")


def test_references_become_characters_and_code_stays_as_written():
    assert html("Tom &amp; Ann &mdash; 5 &lt; 6 &#38;amp; `&amp; <b>`") == (
        "<p>Tom &amp; Ann — 5 &lt; 6 &amp;amp; <code>&amp;amp; &lt;b&gt;</code></p>"
    )


def test_a_table_scrolls_by_itself_and_aligns_by_class():
    assert html("| Day | Score |\n|:----|------:|\n| 1 | **4** |") == (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table">\n<table>\n<thead>\n<tr>\n'
        '<th class="align-left" scope="col">Day</th>\n<th class="align-right" scope="col">Score</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td class="align-left">1</td>\n<td class="align-right"><strong>4</strong></td>\n</tr>\n'
        "</tbody>\n</table>\n</div>"
    )


def test_labels_speak_the_language_of_the_guide():
    found = html_of("x [@trial]\n\n|a|b|\n|-|-|\n|1|2|", "es", ["trial"]).html
    assert 'aria-label="Fuente 1"' in found
    assert 'aria-label="Tabla"' in found
    with pytest.raises(RenderingRefused, match="language tlh"):
        html_of("x", "tlh", [])


def test_a_numbered_list_keeps_a_start_that_makes_sense():
    assert '<ol start="3">' in html("3. three\n4. four")
    assert "<ol>" in html("1234567890. many")


# Headings and parts


def test_a_part_goes_on_to_the_next_heading():
    assert html("## In short {: .quick-answer }\n\nYes.\n\n- a\n\n## More\n\nx") == (
        '<section class="part part-quick-answer" aria-labelledby="in-short">\n<h2 id="in-short">In short</h2>\n'
        "<p>Yes.</p>\n<ul>\n<li>a</li>\n</ul>\n</section>\n"
        '<h2 id="more">More</h2>\n<p>x</p>'
    )


def test_parts_stand_beside_each_other_and_never_inside():
    names = ["quick-answer", "steps", "timeline", "concerns", "fits", "talk-first", "safety", "unknown", "faq"]
    body = "\n\n".join(f"## About {name} {{: .{name} }}\n\n### Question\n\nWords." for name in names)
    found = made(body)
    assert found.parts == names
    assert re.findall(r"</?section", found.html) == ["<section", "</section"] * 9
    assert faults_of(found.html) == []


def test_the_opening_ends_with_the_quick_answer():
    found = made("A lead.\n\nA second.\n\n## In short {: .quick-answer }\n\nYes.\n\n## More {: .faq }\n\nx")
    assert found.html[: found.opening].startswith("<p>A lead.</p>")
    assert found.html[: found.opening].endswith("<p>Yes.</p>\n</section>")
    assert made("A lead.\n\n## More {: .faq }\n\nx").opening == 0


@pytest.mark.parametrize("part", ["concerns", "faq"])
def test_each_question_becomes_a_fold_whose_address_points_at_the_answer(part):
    found = html(
        f"## Worries {{: .{part} }}\n\nFirst.\n\n### Will I *sleep*?\n\nYes.\n\n#### How\n\n> Well.\n\n### And?\n\nNo."
    )
    assert found == (
        f'<section class="part part-{part}" aria-labelledby="worries">\n<h2 id="worries">Worries</h2>\n<p>First.</p>\n'
        '<details class="fold">\n<summary>Will I <em>sleep</em>?</summary>\n<div class="fold-body" id="will-i-sleep">\n'
        "<p>Yes.</p>\n<h4>How</h4>\n<blockquote>\n<p>Well.</p>\n</blockquote>\n</div>\n</details>\n"
        '<details class="fold">\n<summary>And?</summary>\n<div class="fold-body" id="and">\n<p>No.</p>\n</div>\n'
        "</details>\n</section>"
    )


def test_questions_elsewhere_stay_headings():
    assert "<details" not in html("## Worries\n\n### Will I sleep?\n\nYes.")


def test_contents_list_the_h2s_in_order():
    found = made("## A *fine* start\n\n### Not this\n\n## `Code` & more [@k]\n\n## Call {clinic}", "k")
    assert found.contents == [("a-fine-start", "A fine start"), ("code-more", "Code & more"), ("call", "Call {clinic}")]


def test_ids_are_unique_stable_and_never_the_pages_own():
    headings = ["Why", "#Why", "Why 2", "Why", "Sources", "Source 1", "Main", "¿Qué?", "你好", "7 days"]
    found = html("\n\n".join(f"##{heading}" for heading in headings))
    assert re.findall(r'id="([^"]+)"', found) == [
        "why", "why-2", "why-2-2", "why-3", "on-sources", "on-source-1", "on-main", "que", "section", "7-days",
    ]  # fmt: skip


def test_a_long_heading_gets_a_short_id_that_ends_with_a_word():
    assert slug_of("What if nothing at all happens during my session and I feel that it was for nothing") == (
        "what-if-nothing-at-all-happens-during-my-session-and-i-feel"
    )
    assert len(slug_of("x" * 300)) == 60


def test_markup_in_headings_is_shown_as_markup():
    found = html("## A [link](/crisis/) and <b>tag</b>\n\nx")
    assert '<h2 id="a-link-and-b-tag-b">A <a href="/crisis/">link</a> and &lt;b&gt;tag&lt;/b&gt;</h2>' in found


@pytest.mark.parametrize(
    ("body", "reason", "line"),
    [
        ("x\n\n# Title\n\ny", "h1 is the title's: start with ##", 3),
        ("Title\n=====\n\ny", "h1 is the title's", 1),
        ("x\n\n##### Small\n", "####", 3),
        ("x\n\n## Why {: .foo }\n", "unknown part {: .foo }", 3),
        ("## Why {: #why }\n", "unknown part {: #why }", 1),
        ("## Why {: .faq .steps }\n", "unknown part", 1),
        ("## Why\n\n### Which {: .faq }\n", "belongs to a ## heading", 3),
        ("## Why\n\nWords {: .faq }\n", "belongs to the end of a ## heading", 3),
        ("## Why {: .faq } not\n", "belongs to the end of a ## heading", 1),
        ("## A {: .quick-answer }\n\nx\n\n## B {: .quick-answer }\n\ny", "second quick answer", 5),
        ("## A\n\nx\n\n## B {: .quick-answer }\n\ny", "comes first", 5),
        ("- a list\n\n## B {: .quick-answer }\n\ny", "comes first", 3),
        ("> x\n>\n> ## Why\n", "inside a list or a quotation", 3),
        ("- x\n\n    ## Why\n", "inside a list or a quotation", 3),
        ("## x\n\n##\n\ny", "heading without words", 3),
        ("## Title\n\n# Title\n\ny", "h1 is the title's", 3),
        ("x\n\n## [@k]\n\ny", "heading without words", None),
        ("x\n\ny [@k] and [@foo]", "cites [@foo], which is not in its sources", 3),
        ("x\n\ny\x00", "U+0000", 3),
        ("x\n\x1b[31m", "U+001B", 2),
        ("pay \u202eevil", "U+202E", 1),
        ("pay &#x202e;evil", "U+202E", None),
        ("half \ud83d", "U+D83D", 1),
        ("x\n\n" + "[" * 40, "open at once", 3),
    ],
)
def test_a_mistake_is_refused_with_its_line(body, reason, line):
    refused = refusal(body, "k")
    assert reason in refused.reason
    assert refused.line == line
    assert str(refused) == (refused.reason if line is None else f"line {line}: {refused.reason}")


# Citations


def test_citations_are_numbered_in_the_order_of_reading():
    found = made("- one [@b]\n- two\n    - three [@a]\n\nLast [@c] and again [@b].", "a", "b", "c")
    assert found.cited == [("b", 2), ("a", 1), ("c", 1)]
    assert re.findall(r'href="#(source-\d)" id="(cite-\d-\d)"', found.html) == [
        ("source-1", "cite-1-1"),
        ("source-2", "cite-2-1"),
        ("source-3", "cite-3-1"),
        ("source-1", "cite-1-2"),
    ]
    assert '<sup class="cite"><a href="#source-1" id="cite-1-1" aria-label="Source 1">1</a></sup>' in found.html


def test_citations_work_in_headings_tables_and_questions():
    found = made(
        "## Why [@a]\n\n|x|y|\n|-|-|\n|1 [@b]|2|\n\n## FAQ {: .faq }\n\n### Really [@a]?\n\n*Yes [@b]*", "a", "b"
    )
    assert found.cited == [("a", 2), ("b", 2)]
    assert found.contents[0] == ("why", "Why")
    assert 'id="really"' in found.html
    assert faults_of(found.html) == []


def test_citations_in_code_or_behind_a_backslash_are_words():
    found = made("`[@a]` and \\[@a]\n\n    [@a]", "a")
    assert found.cited == []
    assert text_of(found.html).count("[@a]") == 3


@pytest.mark.parametrize("body", ["[see [@a]](/x/)", "![see [@a]](/static/a.png)", '[x](/y/ "z [@a]")', "[x](/[@a])"])
def test_citations_inside_links_and_pictures_are_refused(body):
    assert "cites" in refusal(body, "a").reason


# Tokens


def test_tokens_stay_in_the_text_and_others_are_named():
    found = made("## Now {crisis}\n\nCall {clinic} or {emergency}. {Clinic} {name} { x } {7*7} {{a}}\n\n`{b}`")
    assert "Call {clinic} or {emergency}." in found.html
    assert '<h2 id="now">Now {crisis}</h2>' in found.html
    assert found.unknown_tokens == ["Clinic", "name", "x", "a"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[x](/{clinic})", "in the address"),
        ("[x](tel:{emergency})", "in the address"),
        ("<https://example.org/{clinic}>", "in the address"),
        ("[x]\n\n[x]: /{crisis}", "in the address"),
        ("[call {emergency}](/crisis/)", "in a link's words"),
        ("![{clinic}](/static/a.png)", "in a picture"),
        ("![x](/static/{clinic}.png)", "in a picture"),
        ("[a ![{clin](x)ic}](/y/)", "in a link's words"),
        ("x\n\n`{clinic}`", "inside code"),
        ("    {clinic}", "inside code"),
    ],
)
def test_tokens_that_cannot_be_filled_are_refused(body, reason):
    assert reason in refusal(body).reason


def test_tokens_in_titles_go_with_the_title():
    assert html('[x](/y/ "{clinic}")') == '<p><a href="/y/">x</a></p>'


# Links and pictures


def test_links_that_are_allowed_and_what_is_told_about_them():
    found = made(
        "[a](/crisis/#lines) [b](/crisis/?x=1) [c](https://example.org/?a=1&b=2) [d](https://example.org/?a=1&amp;b=2) "
        "[e](mailto:a@example.org) [f](tel:911) [g](#why) <https://example.org/> [h][i]\n\n[i]: /about/ 'title'"
    )
    assert found.links == ["/crisis/", "/about/"]
    assert found.dropped == []
    assert found.html.count("<a href=") == 9
    assert found.html.count("https://example.org/?a=1&amp;b=2") == 2
    assert "rel=" not in found.html
    assert "title" not in found.html


def test_a_link_that_is_not_allowed_leaves_its_words_and_is_named():
    found = made("See [this *page*](http://example.org/), [that](javascript:alert(1)) and <ftp://example.org/>.")
    assert found.html == "<p>See this <em>page</em>, that and ftp://example.org/.</p>"
    assert found.dropped == ["http://example.org/", "javascript:alert(1)", "ftp://example.org/"]
    assert found.links == []


def test_pictures_are_our_own_and_described():
    found = made(
        '![A "map" & more](/static/img/map.svg "title") ![](/static/a.png) ![there](https://example.org/a.png)'
    )
    assert found.html == '<p><img src="/static/img/map.svg" alt="A &quot;map&quot; &amp; more">  there</p>'
    assert found.dropped == ["/static/a.png", "https://example.org/a.png"]


def test_a_link_inside_a_link_is_refused():
    assert "inside another link" in refusal("[see <https://example.org/>](/x/)").reason


def test_each_table_of_a_guide_has_a_name_of_its_own():
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    page = html(f"{table}\nBetween.\n\n{table}")
    assert 'aria-label="Table"' in page
    assert 'aria-label="Table 2"' in page
