from html import escape

import pytest

from articles import sanitising
from articles.sanitising import ALLOWED, agree, allowed_attribute, bleach_alone, clean, is_safe_url, nh3_alone
from tests.articles.hostile import HTML, MARKDOWN, faults_of, shared, text_of

EVERYTHING = [*HTML, *(text for text, _ in MARKDOWN)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org/",
        "https://doi.org/10.1016/j.jad.2020.01.002",
        "https://doi.org/10.1002/(SICI)1097-0258",
        "https://pubmed.ncbi.nlm.nih.gov/?term=ketamine&filter=years.2019-2026#results",
        "https://example.org:8443/a%20b",
        "https://example.org/~rao;v=1,2",
        "mailto:help@example.org",
        "mailto:first.last+ketcare@example.org?subject=A%20question",
        "tel:911",
        "tel:+1-800-555-0100",
        "sms:741741",
        "/",
        "/crisis/",
        "/guides/safety/side-effects/?print=1#when-to-call",
        "#steps",
        "#source-1",
    ],
)
def test_an_address_that_a_guide_may_link_to(url):
    assert is_safe_url(url)
    assert clean(f'<a href="{escape(url)}">x</a>') == f'<a href="{escape(url)}">x</a>'


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "#",
        "crisis/",
        "./x",
        "?q=1",
        "http://example.org/",
        "javascript:alert(1)",
        "javascript:123",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.org/",
        "blob:https://example.org/1",
        "HTTPS://example.org/",
        "Https://example.org/",
        "https://EXAMPLE.org/",
        "https:example.org",
        "https:/example.org",
        "https:///example.org",
        "https://",
        "https://.",
        "https://-x/",
        "https://good.example@evil.example/",
        "https://good.example:80@evil.example/",
        "https://good.example\\@evil.example/",
        "https://exam ple.org/",
        "https://example.org/\n",
        "https://example.org/\x00",
        "https://example.org/\u2028",
        "https://ex\u0430mple.org/",
        "https://example.org/\xad",
        " https://example.org/",
        "https://example.org/ ",
        "\x01https://example.org/",
        "https://example.org/%0d%0aSet-Cookie:x",
        "https://example.org/%00",
        "https://example.org/%7f",
        "https://example.org/%",
        "https://example.org/%zz",
        "https://example.org/&#106;",
        "https://example.org/?a=1&amp;b=2",
        "https://example.org/?a=&colon;",
        "https://example.org/{clinic}",
        'https://example.org/"x',
        "https://example.org/'x",
        "https://example.org/<x>",
        "https://example.org/`x",
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example",
        "///evil.example",
        "/\tx",
        "/a/../../etc",
        "/..",
        "/./x",
        "/%2e%2e/x",
        "/.%2E?x",
        "/a b",
        "/{emergency}",
        "tel:",
        "tel:911;phone-context=x",
        "tel:javascript",
        "mailto:x",
        "mailto:x@example.org,y@example.org",
        "mailto:x@example.org?bcc=y@example.org",
        "mailto:x@example.org%0abcc:y@example.org",
        "sms:741741?body=x",
        "/" + "a" * 3000,
    ],
)
def test_an_address_that_a_guide_may_not_link_to(url):
    assert not is_safe_url(url)
    assert clean(f'<a href="{escape(url)}">x</a>') == "<a>x</a>"


def test_no_attribute_value_may_hold_a_brace():
    for tag, names in ALLOWED.items():
        for name in names:
            assert not allowed_attribute(tag, name, "{clinic}")
            assert not allowed_attribute(tag, name, "/static/{a")
            assert not allowed_attribute(tag, name, "a}")


@pytest.mark.parametrize(
    ("tag", "name", "value"),
    [
        ("p", "style", "color: red"),
        ("p", "onclick", "alert(1)"),
        ("p", "class", "fold"),
        ("section", "class", "part part-safety other"),
        ("section", "class", "part part-safety\n"),
        ("section", "class", "part"),
        ("h2", "id", "sources"),
        ("h2", "id", "source-1"),
        ("h2", "id", "cite-1-1"),
        ("h2", "id", "Steps"),
        ("h2", "id", "a b"),
        ("h2", "id", "x" * 200),
        ("p", "id", "steps"),
        ("a", "id", "steps"),
        ("a", "name", "steps"),
        ("a", "target", "_blank"),
        ("a", "rel", "noopener"),
        ("a", "aria-label", "Delete"),
        ("div", "role", "alert"),
        ("div", "tabindex", "1"),
        ("div", "aria-label", "Sign in"),
        ("details", "open", ""),
        ("th", "scope", "row"),
        ("td", "class", "align-justify"),
        ("td", "align", "right"),
        ("ol", "start", "-1"),
        ("img", "src", "https://example.org/a.png"),
        ("img", "src", "/static/../a.png"),
        ("img", "src", "/static//a.png"),
        ("img", "src", "/media/a.png"),
        ("img", "src", "/static/"),
        ("img", "alt", ""),
        ("img", "srcset", "/static/a.png 2x"),
        ("script", "src", "/static/a.js"),
    ],
)
def test_an_attribute_that_no_guide_may_have(tag, name, value):
    assert not allowed_attribute(tag, name, value)


@pytest.mark.parametrize("cleaner", [clean, bleach_alone, nh3_alone])
def test_hostile_html_leaves_only_what_is_allowed(cleaner):
    found = {text: faults for text in [*EVERYTHING, *shared()] if (faults := faults_of(cleaner(text)))}
    assert found == {}


def test_the_judge_of_these_tests_sees_faults():
    faulty = [text for text in HTML if faults_of(text)]
    assert len(faulty) > 20


@pytest.mark.parametrize("broken", ["bleach_alone", "nh3_alone"])
def test_one_cleaner_holds_where_the_other_lets_everything_through(monkeypatch, broken):
    monkeypatch.setattr(sanitising, broken, lambda markup: markup)
    assert [text for text in EVERYTHING if faults_of(clean(text))] == []


def test_bleach_is_asked_first_and_nh3_last(monkeypatch):
    monkeypatch.setattr(sanitising, "bleach_alone", lambda markup: f"{markup} bleach")
    monkeypatch.setattr(sanitising, "nh3_alone", lambda markup: f"{markup} nh3")
    assert clean("<p>x</p>") == "<p>x</p> bleach nh3"


def test_cleaning_twice_changes_nothing():
    for text in [*EVERYTHING, *shared()]:
        once = clean(text)
        assert clean(once) == once


def test_cleaning_keeps_the_words():
    assert text_of(clean("<p>Rest <font color=red>now</font>, <u>then</u> &lt;walk&gt;</p>")) == "Rest now, then <walk>"


def test_the_two_cleaners_agree_on_what_the_pipeline_writes():
    assert agree(
        '<section class="part part-faq" aria-labelledby="faq">\n<h2 id="faq">FAQ</h2>\n<details class="fold">\n'
        '<summary>Why?</summary>\n<div class="fold-body" id="why">\n<p>Because &amp; so<br>on&nbsp;&lt;b&gt;</p>\n'
        '<hr>\n<div class="table-scroll" tabindex="0" role="region" aria-label="Table">\n<table>\n<thead>\n<tr>\n'
        '<th scope="col" class="align-right">Dose</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class="align-right">1</td>'
        "\n</tr>\n</tbody>\n</table>\n</div>\n</div>\n</details>\n</section>\n"
        '<p><img src="/static/img/a.png" alt="A &quot;quoted&quot; map">'
        '<sup class="cite"><a href="#source-1" id="cite-1-1" aria-label="Source 1">1</a></sup></p>'
    )


def test_a_disagreement_is_seen():
    assert not agree("<p><a href='/x'>a</a> <script>alert(1)</script></p>")
