""" "Exit this page", for Alice who shares her device."""

import pytest
from django.test import Client
from pytest_django import Settings

from ketcare.accounts.models import User
from tests.ketcare.accounts.signing_in import is_signed_in
from tests.reading import check_page, read

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


def test_without_a_token_nothing_changes(alices: Client):
    alices.handler.enforce_csrf_checks = True
    assert alices.post("/journal/exit/").status_code == 403
    assert is_signed_in(alices)


def test_it_stands_second_and_top_right_for_those_who_asked(sharing: User, alices: Client):
    page = check_page(alices.get("/accounts/settings/").content)
    body = page.one("body")
    assert [child.attributes.get("class") for child in body.children[:3]] == ["skip unseen", "skip unseen", "crisis"]
    shown = [button for button in page.all("button") if button.text == "Exit this page"]
    assert [button.attributes["formaction"] for button in shown] == ["/journal/exit/"] * 2
    assert {button.attributes["form"] for button in shown} == {"here"}
    assert [form.attributes["id"] for form in page.all("form") if "id" in form.attributes] == ["here"]


def test_nobody_else_has_it(alices: Client):
    page = read(alices.get("/accounts/settings/").content)
    assert "Exit this page" not in [button.text for button in page.all("button")]
    assert not [script for script in page.all("script") if "exit" in script.attributes.get("src", "")]
