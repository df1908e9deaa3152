""" "Exit this page", for Alice who shares her device."""

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from journal import drafts, sealed
from journal.models import Kind
from journal.tokens import FormToken, Place
from ketcare.accounts.models import User
from tests.journal.conftest import entry_of
from tests.journal.pages import open_form
from tests.journal.views.test_who_may import TABLE, hers, path_of
from tests.ketcare.accounts.signing_in import is_signed_in, sign_in
from tests.reading import check_page, read

__all__ = ["hers"]  # a fixture of another module

pytestmark = pytest.mark.django_db

NEUTRAL = "https://weather.example.org/?a=1&b=2"


@pytest.fixture
def sharing(alice: User) -> User:
    alice.shares_device = True
    alice.save()
    return alice


@pytest.fixture
def neutral(settings: Settings) -> None:
    settings.EXIT_URL = NEUTRAL


def test_it_signs_out_and_leads_to_the_neutral_page(alices: Client, neutral: None):
    response = alices.post("/journal/exit/")
    assert (response.status_code, response.headers["Refresh"]) == (200, f"0; url={NEUTRAL}")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert not is_signed_in(alices)


def test_who_was_signed_out_already_is_led_there_too(db: None, neutral: None):
    assert Client().post("/journal/exit/").headers["Refresh"] == f"0; url={NEUTRAL}"


def test_its_answer_says_nothing_and_has_help_where_the_neutral_page_does_not_come(alices: Client, neutral: None):
    page = check_page(alices.post("/journal/exit/").content)
    assert page.one("title").text == "One moment"
    assert page.one("body").attributes["class"] == "leaving"
    assert NEUTRAL in page.links()
    assert "Ketcare" not in page.text


def test_a_link_does_not_sign_out(alices: Client):
    assert alices.get("/journal/exit/").status_code == 405
    assert is_signed_in(alices)


def test_with_a_form_that_is_out_of_date_one_leaves_all_the_same(alices: Client, neutral: None):
    alices.handler.enforce_csrf_checks = True
    response = alices.post("/journal/exit/")
    assert (response.status_code, response.headers["Refresh"]) == (403, f"0; url={NEUTRAL}")
    assert not is_signed_in(alices)


def test_what_was_being_written_is_kept(alice: User, alices: Client):
    token = FormToken.for_new(alice, Place.of(Kind.NOTE))
    alices.post("/journal/exit/", {"token": token.signed(), "text": "The red door."})
    (found,) = drafts.unsaved_of(alice, sealed.to_read(alice))
    assert found.fields == {"text": "The red door."}
    assert "You have unsaved text." in sign_in(Client(), alice).get("/journal/").content.decode()


def test_of_an_entry_in_which_nothing_was_changed_nothing_is_kept(alice: User, alices: Client):
    entry = entry_of(alice, "The red door.")
    token = open_form(alices, f"/journal/entries/{entry.ref}/change/")
    alices.post("/journal/exit/", {"token": token, "text": "The red door."})
    assert drafts.unsaved_of(alice, sealed.to_read(alice)) == []


@pytest.mark.parametrize("away", ["ketcare.accounts.private.last_sign_of", "journal.drafts.keep_typed"])
def test_with_the_database_away_one_leaves_all_the_same_and_nothing_is_shown(
    alice: User, alices: Client, neutral: None, monkeypatch: pytest.MonkeyPatch, away: str
):
    def fail(*_given: object, **_more: object) -> None:
        raise OperationalError

    token = FormToken.for_new(alice, Place.of(Kind.NOTE))
    monkeypatch.setattr(away, fail)
    response = alices.post("/journal/exit/", {"token": token.signed(), "text": "The red door."})
    assert (response.status_code, response.headers["Refresh"]) == (503, f"0; url={NEUTRAL}")
    assert "The red door." not in response.content.decode()
    assert alices.cookies["session"].value == ""


@pytest.mark.parametrize("path", ["/journal/since/", "/journal/note/", "/journal/sessions/new/"])
def test_the_button_takes_along_what_stands_in_the_boxes(sharing: User, alices: Client, path: str):
    page = check_page(alices.get(path).content)
    (form,) = [form for form in page.all("form") if form.attributes.get("id") == "here"]
    assert form.all("textarea")
    assert [field for field in form.all("input") if field.attributes.get("name") == "token"]


def test_it_stands_second_and_top_right_for_those_who_asked(sharing: User, alices: Client):
    page = check_page(alices.get("/accounts/settings/").content)
    first = [child for child in page.one("body").children if "hidden" not in child.attributes][:3]
    assert [child.attributes.get("class") for child in first] == ["skip unseen", "skip unseen", "crisis"]
    shown = [button for button in page.all("button") if button.text == "Exit this page"]
    assert [button.attributes["formaction"] for button in shown] == ["/journal/exit/"] * 2
    assert {button.attributes["form"] for button in shown} == {"here"}
    assert [form.attributes["id"] for form in page.all("form") if "id" in form.attributes] == ["here"]


@pytest.mark.parametrize("name", [name for name, (reading, _write, _whose) in TABLE.items() if reading == 200])
def test_it_is_on_every_page_of_the_journal(sharing: User, alices: Client, hers: None, name: str):
    page = check_page(alices.get(path_of(name)).content)
    shown = [button for button in page.all("button") if button.text == "Exit this page"]
    assert [button.attributes["formaction"] for button in shown] == ["/journal/exit/"] * 2


def test_nobody_else_has_it(alices: Client):
    page = read(alices.get("/accounts/settings/").content)
    assert "Exit this page" not in [button.text for button in page.all("button")]
    assert not [script for script in page.all("script") if "exit" in script.attributes.get("src", "")]
