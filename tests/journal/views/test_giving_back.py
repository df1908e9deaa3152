"""A post that fails, whatever fails: a page with crisis lines that gives the words back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import Settings

from journal.models import DataKey, Draft, Entry
from ketcare import giving_back
from ketcare.accounts.models import User
from ketcare.keys import Ring, make_key
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.faulty_urls import FAULTS
from tests.journal.pages import boxes, open_form, text_of
from tests.ketcare.accounts.signing_in import sign_in
from tests.reading import check_help, read

pytestmark = pytest.mark.django_db
NOTE = "/journal/note/"
TEXT = "Line one.\n\n  <b>bold</b> & “quoted”, {{ braces }}\nlast"


@pytest.fixture
def hers(alice: User) -> Client:
    return sign_in(Client(raise_request_exception=False), alice)


def given_back(response: Any) -> list[str]:
    """Each text of the page that its reader can copy or send again, as a browser has it."""
    found = read(response.content).all("textarea")
    return ["".join(part for part in box.inside if isinstance(part, str)).removeprefix("\n") for box in found]


def check_given_back(response: Any, status: int, text: str = TEXT) -> None:
    assert response.status_code == status
    assert given_back(response) == [text]
    page = read(response.content)
    check_help(page)
    assert page.one("title").text.endswith(" · Notes")
    assert "Need to talk to someone now? Call" in page.one("aside").text
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", sorted(FAULTS))
def test_whatever_fails(settings: Settings, hers: Client, status: str):
    settings.ROOT_URLCONF = "tests.journal.faulty_urls"
    response = hers.post(f"/journal/fails/{status}/", {"token": "t", "keep": "on", "text": TEXT})
    check_given_back(response, int(status))
    again = int(status) in giving_back.WORTH_ANOTHER_TRY
    assert ("Save again" in text_of(response)) == again
    assert ("Copy them before you leave this page." in text_of(response)) != again


def test_what_may_be_sent_again_is_sent_as_it_was(hers: Client, settings: Settings):
    token = open_form(hers, NOTE)
    settings.ROOT_URLCONF = "tests.journal.faulty_urls"
    response = hers.post("/journal/fails/503/", {"token": token, "keep": "on", "text": TEXT})
    form = next(form for form in read(response.content).all("form") if form.all("textarea"))
    assert form.attributes["action"] == "/journal/fails/503/"
    fields = {box.attributes["name"]: box.attributes["value"] for box in form.all("input")}
    settings.ROOT_URLCONF = "ketcare.urls"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = hers.cookies
    assert strict.post(NOTE, {**fields, **boxes(response)}).status_code == 302
    assert Entry.objects.count() == 1


def test_what_is_somebody_else_s(hers: Client, bob: User):
    treatment, entry = treatment_of(bob), entry_of(bob)
    for path in (
        f"sessions/{treatment.ref}/note/",
        f"sessions/{treatment.ref}/change/",
        f"entries/{entry.ref}/change/",
    ):
        check_given_back(hers.post(f"/journal/{path}", {"text": TEXT}), 404)


def test_what_is_not_there(hers: Client):
    check_given_back(hers.post("/journal/no/such/page/", {"text": TEXT}), 404)


def test_a_forged_form(hers: Client):
    hers.handler.enforce_csrf_checks = True
    check_given_back(hers.post(NOTE, {"text": TEXT}), 403)


def test_more_than_the_site_takes_in(hers: Client, settings: Settings):
    text = "0123456789abcdef" * 170_000  # 2.7 MB
    response = hers.post(NOTE, f"text={text}&keep=on", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert given_back(response) == [text]


def test_more_than_can_be_given_back_at_all(hers: Client):
    text = "0123456789abcdef" * 300_000
    response = hers.post(NOTE, f"text={text}", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert given_back(response) == []


@contextmanager
def read_only() -> Iterator[None]:
    """The database answers, and takes nothing in."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
            yield
            cursor.execute("PRAGMA query_only = OFF")
        else:
            with transaction.atomic():  # and with its end the transaction may write again
                cursor.execute("SET TRANSACTION READ ONLY")
                yield
                transaction.set_rollback(True)


def test_a_database_that_takes_nothing_in(hers: Client):
    """SQLite calls it an operational error, PostgreSQL an internal one."""
    token = open_form(hers, NOTE)
    with read_only():
        response = hers.post(NOTE, {"token": token, "text": TEXT})
    check_given_back(response, 503)


def fill_up() -> None:
    """SQLite's file has as many pages as it may, and none is free: for this connection, which ends with the refusal."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")


@pytest.mark.sqlite  # how PostgreSQL is full, tests/faults shows
@pytest.mark.django_db(transaction=True)  # within a transaction nothing is written to the file yet
def test_a_database_that_is_full(hers: Client, alice: User):
    entry = entry_of(alice, "Read all the same.")
    token, text = open_form(hers, NOTE), TEXT * 500
    fill_up()
    assert "Read all the same." in text_of(hers.get(f"/journal/entries/{entry.ref}/"))
    check_given_back(hers.post(NOTE, {"token": token, "text": text}), 503, text)
    assert hers.post(NOTE, {"token": token, "text": text}).status_code == 302
    assert Entry.objects.count() == 2


def test_a_key_that_is_gone(hers: Client, alice: User, settings: Settings, caplog: pytest.LogCaptureFixture):
    entry_of(alice, "Sealed before.")
    token = open_form(hers, NOTE)
    settings.KETCARE_KEYS = Ring.parse(make_key("other"))
    sign_in(hers, alice)
    with caplog.at_level(logging.ERROR, "journal"):
        check_given_back(hers.post(NOTE, {"token": token, "text": TEXT}), 503)
    assert "It needs the key test1, which KETCARE_KEYS does not have." in caplog.text
    assert "Sealed before" not in caplog.text
    assert TEXT not in caplog.text
    response = hers.get("/journal/entries/")
    assert response.status_code == 503
    assert "This journal cannot be opened just now" in text_of(response)
    assert (Entry.objects.count(), DataKey.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_a_public_page_gives_nothing_back(hers: Client):
    assert given_back(hers.post("/crisis/", {"text": TEXT})) == []
    assert given_back(hers.post("/accounts/no-such/", {"text": TEXT})) == []
