"""Every error is a page of the site, with crisis help, whatever broke."""

import io
import logging
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError, connection, connections
from django.template.loader import render_to_string
from django.test import Client
from django.urls import resolve, reverse
from pytest_django import Settings

from ketcare.errors import error_page
from tests.addresses import WITH_DEBUG, WITHOUT_DATABASE
from tests.ketcare.faulty_urls import SECRET
from tests.ketcare.test_sweep import cases
from tests.reading import check_headers, check_help, check_nothing_inline, check_own_host, check_page, check_shape, read

HERE = str(site_settings.BASE_DIR)
LIMIT = 2_621_440  # bytes: Django's own, which nothing here changes
TEMPLATES = sorted(path.name for path in (site_settings.BASE_DIR / "templates").glob("[45]??.html"))


@pytest.fixture(autouse=True)
def faulty_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.ketcare.faulty_urls"


def ask(path: str, method: str = "GET", client: Client | None = None, **options: Any) -> Any:
    return (client or Client(raise_request_exception=False)).generic(method, path, **options)


def check_error(response: Any, status: int, **how: Any) -> None:
    """Assert that this is the page for that status, whole, and that nobody keeps it."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    check_headers(response.headers, **how)
    page = check_page(response.content)
    assert page.one("h1").text == read(render_to_string(f"{status}.html")).one("h1").text
    text = response.content.decode()
    for told in (SECRET, "Traceback", "RuntimeError", "Error:", "Exception", "django", "sqlite", "psycopg", HERE):
        assert told not in text


# Each status -------------------------------------------------------------------------------------------------------


def test_400_where_the_host_is_not_this_site():
    response = ask("/crisis/", headers={"host": "evil.example"})
    check_error(response, 400)
    assert b"evil.example" not in response.content


def test_400_where_a_request_makes_no_sense():
    check_error(ask("/bad-request/"), 400)


def test_403_where_a_view_says_so():
    check_error(ask("/forbidden/"), 403)


def test_403_where_a_form_comes_without_its_token():
    response = ask("/form/", "POST", Client(enforce_csrf_checks=True))
    check_error(response, 403)
    assert b"CSRF" not in response.content


def test_404_where_there_is_no_such_address():
    check_error(ask("/no/such/page/"), 404)


def test_404_where_a_view_says_so():
    check_error(ask("/missing/"), 404)


def test_404_for_a_static_file_that_is_not_there():
    check_error(ask("/static/css/site.000000000000.css"), 404)


def test_405_says_what_is_allowed():
    response = ask("/not-allowed/", "POST")
    check_error(response, 405)
    assert response.headers["Allow"] == "PATCH"


def test_405_in_answer_to_a_head_has_no_body_and_says_what_is_allowed():
    response = ask("/not-allowed/", "HEAD")
    assert response.status_code == 405
    assert response.content == b""
    assert response.headers["Allow"] == "PATCH"


def test_413_where_more_is_announced_than_is_taken():
    check_error(ask("/form/", "POST", data=b"words", headers={"content-length": str(LIMIT + 1)}), 413)


def test_half_of_a_body_is_not_taken_for_the_whole():
    """A wire that is cut within a post leaves what came before: the first half of what somebody wrote."""
    form = b"words=The first half"
    for announced, status in ((len(form) + 1, 400), (len(form), 200)):
        arrived: dict[str, Any] = {"wsgi.input": io.BytesIO(form), "CONTENT_LENGTH": str(announced)}
        response = ask("/form/", "POST", CONTENT_TYPE="application/x-www-form-urlencoded", **arrived)
        assert response.status_code == status
    nothing: dict[str, Any] = {"wsgi.input": io.BytesIO(b""), "CONTENT_LENGTH": "1"}
    check_error(ask("/form/", "POST", **nothing), 400)


def test_413_is_said_before_a_token_is_asked_for():
    client = Client(enforce_csrf_checks=True)
    check_error(ask("/form/", "POST", client, headers={"content-length": str(LIMIT + 1)}), 413)


def test_413_also_where_a_view_says_so():
    check_error(ask("/too-large/"), 413)


def test_as_much_as_is_allowed_is_taken_in():
    response = ask("/form/", "POST", data=b"w" * LIMIT)
    assert response.content == b"Taken in."


@pytest.mark.parametrize("length", ["-1", "²", "many", "1e9", "", " ", "9" * 5000, "0x7fffffff"])
def test_a_length_that_is_no_number_breaks_nothing(length: str):
    response = ask("/crisis/", CONTENT_LENGTH=length)
    assert response.status_code in {200, 413}


def test_429_says_when_to_try_again():
    response = ask("/too-many/")
    check_error(response, 429)
    assert response.headers["Retry-After"] == "60"


def test_an_error_that_a_view_wrote_itself_stays_as_it_is():
    response = ask("/in-own-words/")
    assert response.status_code == 429
    assert response.content == b"Own words."
    assert response.headers["Cache-Control"] == "no-store"
    check_headers(response.headers)


def test_500_tells_the_log_and_not_the_reader(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        response = ask("/broken/?mood=low", "POST", data=b"words=private", headers={"cookie": "a=b"})
    check_error(response, 500)
    record = next(record for record in caplog.records if record.exc_info)
    assert isinstance(record.exc_info, tuple)
    assert isinstance(record.exc_info[1], RuntimeError)
    assert record.getMessage() == "Internal Server Error: /broken/"


def test_the_log_of_a_500_has_nothing_that_was_sent(caplog: pytest.LogCaptureFixture):
    ask("/broken/?mood=low", "POST", data=b"words=private", headers={"cookie": "sessionid=abc"})
    assert "RuntimeError" in caplog.text
    for sent in ("mood", "low", "private", "sessionid"):
        assert sent not in caplog.text


@pytest.mark.parametrize("path", ["/database-away/", "/connection-gone/"])
def test_503_where_the_database_is_away(path: str, caplog: pytest.LogCaptureFixture):
    response = ask(path)
    check_error(response, 503)
    assert response.headers["Retry-After"] == "30"
    assert "The database did not answer" in caplog.text


ERRORS = {
    "400": ("/bad-request/", "GET", 400),
    "403": ("/forbidden/", "GET", 403),
    "404": ("/no/such/page/", "GET", 404),
    "405": ("/crisis/", "DELETE", 405),
    "413": ("/too-large/", "GET", 413),
    "429": ("/too-many/", "GET", 429),
    "500": ("/broken/", "GET", 500),
    "503": ("/database-away/", "GET", 503),
}


@pytest.mark.parametrize(("path", "method", "status"), ERRORS.values(), ids=ERRORS)
def test_on_https_each_error_has_every_header_too(https: None, path: str, method: str, status: int):
    host = {"host": "guides.example.org"}
    check_error(ask(path, method, secure=True, headers=host), status, https=True)


@pytest.mark.parametrize("secure", [True, False], ids=["https", "http"])
def test_on_https_a_foreign_host_gets_nothing_of_its_own(https: None, secure: bool):
    response = ask("/crisis/", secure=secure, headers={"host": "evil.example"})
    assert "evil.example" not in response.headers.get("Location", "")
    assert b"evil.example" not in response.content
    if secure:
        check_error(response, 400, https=True)
    else:
        assert response.headers["Location"] == "https://guides.example.org/crisis/"


# The pages by themselves --------------------------------------------------------------------------------------------


def test_every_error_that_the_site_can_make_has_a_page():
    assert {int(template[:3]) for template in TEMPLATES} == {400, 403, 404, 405, 410, 413, 429, 500, 503}


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_error_page_needs_no_context_no_request_and_no_database(template: str, forbidden_database: None):
    page = check_page(render_to_string(template))
    assert page.one("h1").text in page.one("title").text


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_error_page_says_what_it_is_and_leads_on(template: str):
    main = read(render_to_string(template)).one("main")
    assert {"/", "/guides/"} <= set(main.links())
    assert len(main.text) > 100


def test_no_two_error_pages_have_the_same_title():
    titles = [read(render_to_string(template)).one("title").text for template in TEMPLATES]
    assert len(set(titles)) == len(TEMPLATES)


@pytest.fixture
def forbidden_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("An error page asked the database.")

    for deed in ("cursor", "ensure_connection"):
        monkeypatch.setattr(connections["default"], deed, refuse)


# Regions -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(
    ("region", "emergency", "number"), [("GB", "999", "116 123"), ("AU", "000", "13 11 14"), ("NZ", "111", "1737")]
)
def test_where_no_line_is_verified_the_emergency_number_and_a_directory_stand(
    settings: Settings, template: str, region: str, emergency: str, number: str
):
    settings.CRISIS_REGION = region
    page = read(render_to_string(template))
    check_help(page, emergency=emergency, lines=("https://findahelpline.com",))
    check_shape(page)
    check_nothing_inline(page)
    check_own_host(page)
    assert number not in page.text
    assert "988" not in page.text


@pytest.mark.parametrize(
    ("region", "emergency", "line"), [("CA", "911", "tel:988"), ("GB-ENG", "999", "tel:111"), ("US", "911", "sms:988")]
)
def test_each_region_names_its_own_lines(settings: Settings, region: str, emergency: str, line: str):
    settings.CRISIS_REGION = region
    check_help(read(error_page(500).content), emergency=emergency, lines=(line,))


# The whole site without its database ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [reverse(name) for name in WITHOUT_DATABASE])
def test_what_needs_no_database_is_there_without_it(path: str, forbidden_database: None):
    assert ask(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [case.values[0] for case in cases() if resolve(case.values[0]).url_name not in {*WITHOUT_DATABASE, *WITH_DEBUG}],
)
def test_what_needs_the_database_is_a_503_without_it(db: None, path: str):
    def away(*arguments: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        response = ask(path)
    if path == "/readyz":
        assert response.status_code == 503
        assert response.json() == {"ready": False, "database": "does not answer"}
    else:
        check_error(response, 503)


def test_the_log_names_no_address_and_no_query(caplog: pytest.LogCaptureFixture):
    ask("/no/such/page/?mood=low", REMOTE_ADDR="203.0.113.7")
    ask("/database-away/?mood=low", REMOTE_ADDR="203.0.113.7")
    assert "/no/such/page/" in caplog.text
    assert "mood" not in caplog.text
    assert "203.0.113.7" not in caplog.text


def test_nothing_of_the_error_pages_is_written_for_one_template_only():
    """Each stands on the same base, so that none can lose the banner alone."""
    folder = site_settings.BASE_DIR / "templates"
    for template in TEMPLATES:
        assert (folder / template).read_text().startswith('{% extends "base.html" %}')
