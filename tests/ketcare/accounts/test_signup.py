"""Making an account: who may, what is asked and kept, and what nobody learns from it."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from ketcare.accounts.forms import PRIVACY_VERSION
from ketcare.accounts.models import User
from ketcare.site.events import Verb
from ketcare.site.models import Event
from tests.ketcare.accounts.signing_in import (
    OTHER_PASSWORD,
    PASSWORD,
    code_in,
    cookie_of,
    is_signed_in,
    mails,
    sign_in,
    try_to_sign_in,
    with_cookie,
)
from tests.ketcare.accounts.test_signin import ELSEWHERE, hashes, words_of

pytestmark = pytest.mark.django_db
__all__ = ["hashes"]  # a fixture of another module

FORM = {"email": "carol@example.org", "password1": PASSWORD, "time_zone": "America/New_York", "adult": "on"}
CODE_PAGE = "/accounts/confirm-email/"


def sign_up(browser: Client, **fields: str) -> Any:
    return browser.post("/accounts/signup/", {name: value for name, value in {**FORM, **fields}.items() if value})


def signed_up(browser: Client, **fields: str) -> User:
    """Somebody who came through the whole of it."""
    assert sign_up(browser, **fields).headers["Location"] == CODE_PAGE
    browser.post(CODE_PAGE, {"code": code_in(mails()[-1])})
    return User.objects.get(email=fields.get("email", FORM["email"]).lower())


def test_with_address_password_and_code_there_is_an_account():
    browser = Client()
    carol = signed_up(browser)
    assert is_signed_in(browser)
    assert carol.check_password(PASSWORD)
    assert (carol.is_staff, carol.is_superuser, carol.groups.count()) == (False, False, 0)
    assert EmailAddress.objects.get(user=carol).verified
    verbs = Event.objects.filter(owner_ref=carol.ref).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [Verb.SIGNED_UP, Verb.SIGNED_IN]


def test_who_shares_their_device_says_so_once():
    assert signed_up(Client(), shares_device="on").shares_device
    assert not signed_up(Client(), email="dan@example.org").shares_device


def test_time_zone_and_privacy_words_are_kept():
    carol = signed_up(Client(), time_zone="Pacific/Apia")
    assert carol.time_zone == "Pacific/Apia"
    assert carol.privacy_version == PRIVACY_VERSION
    assert carol.privacy_accepted_at is not None


def test_before_the_code_nobody_is_signed_in():
    browser = Client()
    sign_up(browser)
    assert not is_signed_in(browser)
    other = Client()
    try_to_sign_in(other, FORM["email"])
    assert not is_signed_in(other)


def test_signing_up_changes_the_key_of_the_session_v7_2_4():
    browser = Client()
    sign_up(browser)
    before = cookie_of(browser)
    browser.post(CODE_PAGE, {"code": code_in(mails()[-1])})
    assert is_signed_in(browser)
    assert not is_signed_in(with_cookie(before))


@pytest.mark.parametrize(
    "fields",
    [
        {"adult": ""},
        {"time_zone": ""},
        {"time_zone": "Mars/Olympus"},
        {"password1": "fourteen chars"},
        {"password1": "carolcarolcarol@example.org"},
        {"password1": ""},
        {"email": "nobody"},
        {"email": "carol@example.org\nBcc: bob@example.org"},
    ],
    ids=["a child", "no place", "another planet", "too short", "her own address", "none", "no address", "two headers"],
)
def test_what_is_wrong_makes_no_account(fields: dict[str, str]):
    response = sign_up(Client(), **fields)
    assert response.status_code == 200
    assert User.objects.count() == 0
    assert mails() == []
    assert PASSWORD.encode() not in response.content


def test_columns_that_nobody_asks_for_are_not_taken_v8_2_3():
    carol = signed_up(
        Client(), is_staff="on", is_superuser="on", is_active="", ref="0" * 32, idle_minutes="60", groups="1"
    )
    assert (carol.is_staff, carol.is_superuser, carol.is_active, carol.idle_minutes) == (False, False, True, 15)


@pytest.mark.parametrize("signup", ["invite", "closed"])
@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/signup/passkey/"])
def test_without_leave_nobody_makes_an_account(settings: Any, signup: str, path: str):
    settings.SIGNUP = signup
    assert b"<form" not in Client().get(path).content.partition(b"<main")[2].partition(b'name="password1"')[1]
    Client().post(path, FORM)
    assert User.objects.count() == 0


# What nobody learns -------------------------------------------------------------------------------------------------


def test_a_known_address_is_answered_like_a_new_one_v6_3_8(alice: User):
    pages = []
    for email in (alice.email, "carol@example.org"):
        browser = Client()
        first = sign_up(browser, email=email)
        page = browser.get(CODE_PAGE)
        wrong = browser.post(CODE_PAGE, {"code": "BCDF-GHJK"})
        pages.append((first.status_code, first.headers["Location"], words_of(page, email), words_of(wrong, email)))
    assert pages[0] == pages[1]
    assert [mail["kind"] for mail in mails()] == ["account_already_exists", "email_confirmation_signup"]


def test_signing_up_costs_one_hash_whoever_it_is_v6_3_8(alice: User, hashes: list[str]):
    for email in (alice.email, "carol@example.org"):
        hashes.clear()
        sign_up(Client(), email=email)
        assert len(hashes) == 1, email


def test_signing_up_again_changes_nothing_of_an_account(alice: User):
    before = User.objects.filter(pk=alice.pk).values().get()
    sign_up(Client(), email="Alice@Example.org", password1=OTHER_PASSWORD)
    assert User.objects.filter(pk=alice.pk).values().get() == before


def test_whoever_signed_up_with_an_address_of_somebody_else_gets_nowhere(alice: User):
    """Mallory takes Carol's address before she does; she then proves that it is hers."""
    mallory = Client()
    sign_up(mallory, password1=OTHER_PASSWORD)
    carols = Client()
    carols.post("/accounts/password/reset/", {"email": FORM["email"]})
    carols.post("/accounts/password/reset/confirm/", {"code": code_in(mails()[-1])})
    carols.post("/accounts/password/reset/complete/", {"password1": PASSWORD, "password2": PASSWORD})
    assert try_to_sign_in(Client(), FORM["email"], OTHER_PASSWORD).status_code == 200
    assert not is_signed_in(mallory)
    assert is_signed_in(sign_in(Client(), User.objects.get(email=FORM["email"])))


def test_a_code_cannot_be_guessed_for_long_v6_3_1():
    browser = Client()
    sign_up(browser)
    code = code_in(mails()[-1])
    for _ in range(3):
        browser.post(CODE_PAGE, {"code": "BCDF-GHJK"})
    browser.post(CODE_PAGE, {"code": code})
    assert not is_signed_in(browser)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_up_v3_7_2(elsewhere: str):
    browser = Client()
    sign_up(browser, next=elsewhere)
    to = browser.post(CODE_PAGE, {"code": code_in(mails()[-1])}).headers["Location"]
    assert to.startswith("/")
    assert not to.startswith(("//", "/\\"))


MEDICAL = ["ketamin", "ketcare", "therap", "depress", "clinic", "patient", "dose", "treatment", "session", "journal"]


def test_no_mail_has_a_medical_word(alice: User, alices: Client):
    sign_up(Client(), email=alice.email)
    signed_up(Client())
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    alices.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD},
    )
    alices.post("/accounts/email/", {"email": "alice@example.net", "action_add": ""})
    for email in (alice.email, "nobody@example.org"):
        Client().post("/accounts/password/reset/", {"email": email})
    sent = mails()
    assert len(sent) >= 6
    for mail in sent:
        words = f"{mail['subject']} {mail['body']}".lower()
        assert [word for word in MEDICAL if word in words] == [], mail["kind"]
        assert mail["subject"].startswith("Notes: ")
        assert "988" in mail["body"].strip().splitlines()[-1]
