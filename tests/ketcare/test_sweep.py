"""Every public address of the resolver, judged alike: a new view is found here by itself and has to be told of below.

Private ones have a sweep of their own: tests/ketcare/accounts/test_private_sweep.py.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from articles import review
from articles.models import Guide, Reviewer, Revision, Source
from articles.models.revision import Change
from articles.rendering import html_of
from ketcare.accounts.models import User
from tests.addresses import NAMES
from tests.conftest import NOW, body_with, clinician
from tests.reading import Element, check_headers, check_help, check_nothing_inline, check_own_host, check_shape, read

pytestmark = pytest.mark.answers

# What there is ---------------------------------------------------------------------------------------------------

PUBLIC = "public, max-age=60, stale-while-revalidate=60"


@dataclass(frozen=True)
class Kind:
    """What all answers of one kind have in common; `more` are headers that no other kind has."""

    content_type: str
    cache: str = "no-store"
    etag: bool = False
    referrer: str = "same-origin"
    more: Mapping[str, str] = field(default_factory=dict)


HTML = "text/html; charset=utf-8"
PAGE = Kind(HTML, PUBLIC, etag=True)
CRISIS = Kind(HTML, f"{PUBLIC}, stale-if-error=604800", etag=True, referrer="no-referrer")
CLOSED = Kind(HTML)
REVIEW = Kind("application/json", PUBLIC)
SCHEMA = Kind("application/schema+json", PUBLIC, etag=True)
SITEMAP = Kind("application/xml", more={"X-Robots-Tag": "noindex, noodp, noarchive"})
SEARCH = Kind(HTML, referrer="no-referrer")
FEED = Kind("application/atom+xml; charset=utf-8", PUBLIC, etag=True)
ROBOTS = Kind("text/plain; charset=utf-8", "public, max-age=3600")
HEALTH = Kind("text/plain; charset=utf-8")
READY = Kind("application/json")


@dataclass(frozen=True)
class Visit:
    """An address in the site of the fixture `site`: what it is called here, and what it answers."""

    kind: Kind
    what: str = "page"
    arguments: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def guide(section: str, slug: str) -> dict[str, str]:
    return {"section": section, "slug": slug}


SIGNED = guide("integration", "rest-first")
SAMPLE = guide("what-to-expect", "the-room")
URGENT = guide("safety", "a-new-warning")
OVERDUE = guide("integration", "an-old-page")
WITHDRAWN = guide("safety", "taken-down")
CHECKING = guide("integration", "changed-in-secret")
UNSIGNED = guide("faq", "of-tomorrow")
COMPANION = guide("what-to-expect", "taking-someone-home")
FADING = guide("integration", "keeping-it-going")
FIRST = guide("what-to-expect", "first-session")

VISITS: dict[str, list[Visit]] = {
    "home": [Visit(PAGE)],
    "guides": [Visit(PAGE)],
    "section": [
        Visit(PAGE, "of signed guides", {"section": "integration"}),
        Visit(PAGE, "of samples", {"section": "what-to-expect"}),
    ],
    "guide": [
        Visit(PAGE, "signed", SIGNED),
        Visit(PAGE, "sample", SAMPLE),
        Visit(PAGE, "urgent", URGENT),
        Visit(PAGE, "overdue", OVERDUE),
        Visit(CLOSED, "withdrawn", WITHDRAWN, 410),
        Visit(CLOSED, "being checked", CHECKING, 503),
    ],
    "guide_history": [
        Visit(PAGE, "signed", SIGNED),
        Visit(PAGE, "sample", SAMPLE),
        Visit(CLOSED, "withdrawn", WITHDRAWN, 410),
        Visit(CLOSED, "being checked", CHECKING, 503),
    ],
    "guide_review_json": [
        Visit(REVIEW, "signed", SIGNED),
        Visit(REVIEW, "sample", SAMPLE),
        Visit(CLOSED, "withdrawn", WITHDRAWN, 410),
        Visit(CLOSED, "being checked", CHECKING, 503),
    ],
    "reviewer": [
        Visit(PAGE, "real", {"slug": "asha-rao"}),
        Visit(PAGE, "sample", {"slug": "morgan-example"}),
    ],
    "sources": [Visit(PAGE)],
    "faq": [Visit(PAGE)],
    "glossary": [Visit(PAGE)],
    "search": [Visit(SEARCH)],
    "feed": [Visit(FEED)],
    "crisis": [Visit(CRISIS)],
    "about": [Visit(PAGE)],
    "editorial_policy": [Visit(PAGE)],
    "privacy": [Visit(PAGE)],
    "accessibility": [Visit(PAGE)],
    "export_format": [Visit(PAGE)],
    "export_schema": [Visit(SCHEMA)],
    "sheets": [Visit(PAGE)],
    "sheet_questions": [Visit(PAGE)],
    "sheet_questions_for": [Visit(PAGE, "of a moment", {"moment": "not-helping"})],
    "sheet_companion": [Visit(PAGE)],
    "sheet_week": [Visit(PAGE)],
    "styleguide": [Visit(CLOSED, "without debug", status=404)],
    "sitemap": [Visit(SITEMAP)],
    "robots": [Visit(ROBOTS)],
    "healthz": [Visit(HEALTH)],
    "readyz": [Visit(READY)],
}
NOT_THERE = ["/es/"]


def cases(*kinds: Kind) -> list[Any]:
    """(name, visit) for each address of the resolver that is known here, of these kinds only."""
    return [
        pytest.param(reverse(name, kwargs=dict(visit.arguments)), visit, id=f"{name}-{visit.what.replace(' ', '-')}")
        for name, visits in VISITS.items()
        if name in NAMES
        for visit in visits
        if not kinds or visit.kind in kinds
    ]


each_address = pytest.mark.parametrize(("path", "visit"), cases())
each_page = pytest.mark.parametrize(("path", "visit"), cases(PAGE, CRISIS, CLOSED, SEARCH))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_resolver_is_told_of_here(name: str):
    assert name in VISITS, f"The sweep does not know the address {name!r}. Say in VISITS what it answers."


@pytest.mark.parametrize("name", VISITS)
def test_every_name_told_of_here_is_in_the_resolver(name: str):
    assert name in NAMES, f"No address is named {name!r} any more. Take it out of VISITS."


def test_no_name_is_given_twice():
    assert sorted(NAMES) == sorted(set(NAMES))


# The site --------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def clinic_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture(scope="module")
def stocked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The rows of `site`, made once: each test's own transaction is inside this one, which keeps nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        stock()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(stocked: None, db: None) -> None:
    """One guide in each state that a reader can meet, and one that was never signed."""


def stock() -> None:
    ed = User.objects.create_user("ed@example.org", is_staff=True)
    dr_rao = clinician("Asha Rao", "asha-rao")
    morgan = Reviewer.objects.create(
        slug="morgan-example",
        name="Morgan Example",
        credential="PMHNP-BC",
        verified_on=dt.date(2026, 1, 1),
        expires_on=dt.date(2028, 1, 1),
        sample=True,
    )
    Source.objects.create(key="trial-2020", record={"title": "A trial", "year": 2020, "pmid": "1234567"}, kind="trial")

    def submitted(place: dict[str, str], title: str, by: User | None = ed, **columns: Any) -> Revision:
        new = Guide.objects.create(**place, changed_at=NOW)
        body = body_with("Take it slowly.")
        words = {"title": title, "summary": "What to do.", "body": body, "also_known_as": [], "sources": ["trial-2020"]}
        revision = review.write(new, **words, by=by, now=NOW, **columns)  # type: ignore[arg-type]
        return review.submit(revision, now=NOW, rendered=html_of(body, "en", ["trial-2020"]))

    def signed(place: dict[str, str], title: str, by: Reviewer = dr_rao, days_ago: int = 0) -> Guide:
        words = submitted(place, title)
        reviewed_on = NOW.date() - dt.timedelta(days=days_ago)
        next_due = reviewed_on + dt.timedelta(days=100)
        review.sign(words, by=by, digest=words.digest, now=NOW, reviewed_on=reviewed_on, next_due=next_due)
        return words.guide

    signed(SIGNED, "Rest first")
    signed(SAMPLE, "The room", by=morgan)
    signed(COMPANION, "For a companion")
    signed(FADING, "Keep going")
    signed(FIRST, "A first session", by=morgan)
    signed(OVERDUE, "An old page", days_ago=200)
    review.withdraw(signed(WITHDRAWN, "A guide of yesterday"), why="It rests on a retracted trial.", now=NOW)
    changed = signed(CHECKING, "A guide changed in secret")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_revision SET body = 'Words of nobody.' WHERE guide_id = %s AND number = 1", [changed.pk]
        )
    warning = submitted(URGENT, "A warning", by=dr_rao.user, change=Change.URGENT, reason="Somebody was hurt.")
    review.publish_urgently(warning, by=dr_rao, digest=warning.digest, now=NOW)
    submitted(UNSIGNED, "A guide of tomorrow")


def get(path: str, **headers: str) -> Any:
    return Client(raise_request_exception=False).get(path, headers=headers)


def page_at(path: str) -> Element:
    return read(get(path).content)


# Headers ---------------------------------------------------------------------------------------------------------


@each_address
def test_it_answers_as_its_kind_does(site: None, path: str, visit: Visit):
    response = get(path)
    assert response.status_code == visit.status
    assert response.headers["Content-Type"] == visit.kind.content_type
    assert response.headers["Cache-Control"] == visit.kind.cache
    assert ("ETag" in response.headers) == visit.kind.etag
    assert {name: response.headers.get(name) for name in visit.kind.more} == visit.kind.more


@each_address
def test_it_carries_every_security_header(site: None, path: str, visit: Visit):
    check_headers(get(path).headers, referrer=visit.kind.referrer)


@each_address
def test_on_https_it_carries_them_too(site: None, https: None, path: str, visit: Visit):
    response = Client(raise_request_exception=False).get(path, secure=True, headers={"host": "guides.example.org"})
    assert response.status_code == visit.status
    check_headers(response.headers, https=True, referrer=visit.kind.referrer)


@each_address
def test_asked_over_http_an_https_site_names_its_own_address(site: None, https: None, path: str, visit: Visit):
    response = get(path, host="guides.example.org")
    if path in {"/healthz", "/readyz"}:  # asked from inside, where there is no certificate
        assert response.status_code == 200
    else:
        assert response.status_code == 301
        assert response.headers["Location"] == f"https://guides.example.org{path}"
    assert response.headers["Cache-Control"] == "no-store"


@each_address
def test_another_site_may_not_read_it(site: None, path: str, visit: Visit):
    answer, foreign = get(path), get(path, origin="https://evil.example")
    assert [name for name in foreign.headers if name.lower().startswith("access-control")] == []
    assert foreign.content == answer.content


@each_address
def test_it_sets_no_cookie_and_does_not_look_at_one(site: None, path: str, visit: Visit):
    plain, with_cookies = get(path), get(path, cookie="sessionid=abc; csrf=def; __Host-csrf=ghi; language=es")
    assert not plain.cookies
    assert not with_cookies.cookies
    assert with_cookies.content == plain.content
    assert "cookie" not in plain.headers.get("Vary", "").lower()


@pytest.mark.parametrize(("path", "visit"), cases(PAGE, CRISIS))
def test_who_has_it_already_is_told_so(site: None, path: str, visit: Visit):
    etag = get(path).headers["ETag"]
    again = get(path, if_none_match=etag)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"] == visit.kind.cache
    check_headers(again.headers, referrer=visit.kind.referrer)


# Pages -----------------------------------------------------------------------------------------------------------


@each_page
def test_crisis_help_stands_first(site: None, path: str, visit: Visit):
    check_help(page_at(path))


@each_page
def test_it_has_one_heading_a_title_and_a_language(site: None, path: str, visit: Visit):
    check_shape(page_at(path))


@each_page
def test_nothing_inline_stands_in_it(site: None, path: str, visit: Visit):
    check_nothing_inline(page_at(path))


@each_page
def test_it_asks_no_other_host_for_anything(site: None, path: str, visit: Visit):
    check_own_host(page_at(path))


def test_no_two_pages_have_the_same_title(site: None):
    titles: dict[str, str] = {}
    for case in cases(PAGE, CRISIS):
        path = case.values[0]
        title = page_at(path).one("title").text
        assert title not in titles, f"{path} has the title of {titles[title]}"
        titles[title] = path


def links_of_every_page() -> dict[str, str]:
    """Each address on this site that a page links to, and a page that does."""
    found: dict[str, str] = {}
    for case in cases(PAGE, CRISIS, CLOSED):
        path = case.values[0]
        for link in page_at(path).links():
            if link.startswith("/"):
                found.setdefault(urlsplit(link).path, path)
    return found


def test_every_link_of_every_page_leads_somewhere(site: None):
    links = links_of_every_page()
    assert "/crisis/" in links
    elsewhere = {path: status for path in links if (status := get(path).status_code) != 200}
    assert elsewhere == {"/journal/": 302}  # asks who one is


def test_no_page_links_to_what_is_not_there_yet(site: None):
    roots = tuple(NOT_THERE)
    assert {path: by for path, by in links_of_every_page().items() if path.startswith(roots)} == {}


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_there_yet_is_not_found(site: None, path: str):
    response = get(path)
    assert response.status_code == 404
    check_help(read(response.content))


@pytest.mark.parametrize("name", ["guide", "guide_history", "guide_review_json"])
def test_words_that_nobody_signed_are_not_found(site: None, name: str):
    response = get(reverse(name, kwargs=UNSIGNED))
    assert response.status_code == 404
    assert b"A guide of tomorrow" not in response.content


@each_address
def test_words_that_may_not_be_shown_are_not_in_it(site: None, path: str, visit: Visit):
    text = get(path).content.decode()
    for words in ("A guide of yesterday", "A guide changed in secret", "Words of nobody.", "A guide of tomorrow"):
        assert words not in text


@pytest.mark.parametrize(("path", "visit"), cases(PAGE, CRISIS, SITEMAP))
def test_a_guide_that_may_not_be_shown_is_not_linked(site: None, path: str, visit: Visit):
    text = get(path).content.decode()
    for place in (WITHDRAWN, CHECKING, UNSIGNED):
        assert f"{place['section']}/{place['slug']}" not in text


# Methods ---------------------------------------------------------------------------------------------------------


def check_refusal(response: Any, status: int) -> None:
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    check_headers(response.headers)
    check_help(read(response.content))


@each_address
def test_it_can_only_be_read(site: None, path: str, visit: Visit):
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "MADEUP"):
        response = Client().generic(method, path, b"words=some", content_type="application/x-www-form-urlencoded")
        check_refusal(response, 405)
        assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_would_change_something_needs_a_token_before_it_is_looked_at(site: None, method: str):
    response = Client(enforce_csrf_checks=True).generic(method, "/guides/")
    check_refusal(response, 403)


@each_address
def test_its_head_is_that_of_its_page(site: None, path: str, visit: Visit):
    page, head = get(path), Client().head(path)
    assert head.status_code == visit.status
    assert head.content == b""
    assert head.headers == page.headers


def every_row() -> dict[str, list[Any]]:
    tables = sorted(connection.introspection.table_names())
    assert "articles_guide" in tables
    rows = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def test_reading_changes_no_row(site: None):
    before = every_row()
    for case in cases():
        Client().head(case.values[0])
        get(case.values[0])
    assert every_row() == before


# What a stranger sends -------------------------------------------------------------------------------------------

HOSTILE = {
    "quote": "' OR '1'='1",
    "union": "1 UNION SELECT email, password FROM accounts_user--",
    "stacked": "1; DROP TABLE articles_guide; --",
    "sleep": "1) AND SLEEP(5)-- -",
    "pg-sleep": "'||pg_sleep(5)--",
    "double-quote": '")) OR 1=1 -- ',
    "nul": "rest\x00first",
    "nul-alone": "\x00",
    "newline": "rest-first\nSet-Cookie: a=b",
    "carriage-return": "rest-first\r\nX: y",
    "percent": "%s%d%n%00%ff",
    "template": "{{ 7*7 }}{% load static %}",
    "script": "<script>alert(1)</script>",
    "surrogate": "\udc80\udcff",
    "right-to-left": "\u202egnp.tset",
    "long": "a" * 5000,
    "dots": "../../../../etc/passwd",
    "nothing": "",
}


def encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe="")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", [name for name in NAMES if VISITS.get(name, [Visit(PAGE)])[0].arguments])
def test_no_text_in_a_path_breaks_it(site: None, name: str, text: str):
    arguments = VISITS[name][0].arguments
    for argument, value in arguments.items():
        # Put together by hand: reversing would refuse what a stranger can send all the same.
        path = reverse(name, kwargs={**arguments, argument: "put-it-here"}).replace("put-it-here", encoded(text))
        for tried in (path, path.replace(encoded(text), value + encoded(text))):
            if tried != reverse(name, kwargs=dict(arguments)):
                response = get(tried)
                assert response.status_code in {301, 404}, tried
                assert text not in response.content.decode() or not text.strip("\r\n\0"), tried


@pytest.mark.parametrize(("path", "visit"), cases(PAGE, CRISIS, CLOSED, REVIEW, ROBOTS, HEALTH, READY))
def test_a_query_changes_nothing(site: None, path: str, visit: Visit):
    plain = get(path)
    for text in HOSTILE.values():
        names = ["q", "next", "id", "page", "p", "format", "lang", "url", "redirect", "debug", text]
        query = urlencode(dict.fromkeys(names, text), errors="surrogateescape")
        asked = get(f"{path}?{query}")
        assert (asked.status_code, asked.content) == (plain.status_code, plain.content), query
        assert asked.headers == plain.headers


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_part_of_the_sitemap_that_is_not_there_is_not_found(site: None, text: str):
    response = get(f"/sitemap.xml?{urlencode({'p': text}, errors='surrogateescape')}")
    assert response.status_code == 404


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https:evil.example", "\\\\evil.example", "/\\evil.example"])
def test_nobody_is_sent_to_another_site(site: None, elsewhere: str):
    for path in (
        "/",
        "/guides/",
        "/guides",
        f"/{elsewhere}",
        f"/{elsewhere}/",
        f"/crisis/{elsewhere}",
        "//evil.example/%2f..",
    ):
        for name in ("next", "url", "redirect_to", "return", "continue"):
            response = get(f"{path}?{urlencode({name: elsewhere})}")
            assert response.status_code in {200, 301, 404}
            to = urlsplit(response.headers.get("Location", ""))
            assert (to.scheme, to.netloc) == ("", "")
            assert not to.path.startswith(("//", "/\\"))


def test_a_missing_slash_is_put_right(site: None):
    for case in cases(PAGE, CRISIS):
        path = case.values[0]
        if path != "/":
            response = get(path.rstrip("/"))
            assert response.status_code == 301
            assert response.headers["Location"] == path
            check_headers(response.headers)
