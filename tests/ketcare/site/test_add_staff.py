"""`manage.py add_staff`: a link that makes a staff account."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from ketcare.accounts.models import User
from ketcare.site.models import Invitation
from tests.commands import run
from tests.ketcare.accounts.signing_in import account, mails

pytestmark = pytest.mark.django_db


def link_in(text: str) -> str:
    found = re.search(r"http://localhost:8000(/accounts/invitation/[\w-]{43}/)", text)
    assert found is not None, text
    return found[1]


def sign_up(way: str, email: str) -> Client:
    client = Client()
    assert client.get(way).headers["Location"] == "/accounts/signup/"
    form = {"email": email, "password1": "violet kettle anchors slowly", "time_zone": "UTC", "adult": "on"}
    response = client.post("/accounts/signup/", form)
    assert response.status_code == 302, response.content.decode()
    return client


def test_it_prints_a_link_and_mails_the_same():
    told = run("add_staff", "Ed@Example.org")
    [mail] = mails()
    assert (told.code, mail["to"]) == (0, "ed@example.org")
    assert link_in(told.out) == link_in(mail["body"])


@pytest.mark.parametrize("signup", ["open", "invite", "closed"])
def test_the_link_makes_a_staff_account_whoever_else_may_sign_up(settings: Settings, signup: str):
    settings.SIGNUP = signup
    sign_up(link_in(run("add_staff", "ed@example.org").out), "ed@example.org")
    ed = User.objects.get(email="ed@example.org")
    assert (ed.is_staff, ed.is_superuser, ed.groups.count()) == (True, False, 3)


def test_the_roles_can_be_named():
    sign_up(link_in(run("add_staff", "ed@example.org", "--role", "editor").out), "ed@example.org")
    assert [group.name for group in User.objects.get(email="ed@example.org").groups.all()] == ["editor"]


def test_the_link_works_once():
    way = link_in(run("add_staff", "ed@example.org").out)
    sign_up(way, "ed@example.org")
    assert Client().get(way).status_code == 404


def test_the_new_account_stands_before_a_closed_desk_until_it_has_a_factor_v6_3_3():
    client = sign_up(link_in(run("add_staff", "ed@example.org").out), "ed@example.org")
    assert client.get("/accounts/first-steps/").status_code == 200
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/"


def test_an_address_that_has_an_account_is_refused():
    account("ed@example.org")
    told = run("add_staff", "ed@example.org")
    assert told.code == 1
    assert "There is an account with the address ed@example.org." in told.problem
    assert not Invitation.objects.exists()


def test_what_is_no_address_is_refused():
    told = run("add_staff", "ed")
    assert (told.code, told.problem) == (1, "ed is not an e-mail address.")
    assert not Invitation.objects.exists()
