"""A view for who showed a moment ago who they are: others are asked, and what they posted is done afterwards."""

import datetime as dt

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from ketcare.accounts.models import User
from ketcare.accounts.private import shown_within
from ketcare.urls import handler400, handler403, handler404, handler500
from ketcare.urls import urlpatterns as ours
from tests.ketcare.accounts.signing_in import OTHER_PASSWORD, cookie_of, reauthenticate, sign_in, with_cookie
from tests.ketcare.accounts.test_sessions import Later, later

__all__ = ["handler400", "handler403", "handler404", "handler500", "later"]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ketcare.accounts.test_private")]

ERRAND = "/accounts/errand/"
ASKED = "/accounts/reauthenticate/?next=%2Faccounts%2Ferrand%2F"
# What the view below was given, each time it was let through.
done: list[tuple[str, str, str]] = []


@shown_within(dt.timedelta(minutes=15))
def errand(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    done.append((request.user.email, str(request.method), request.POST.get("words", "")))
    return HttpResponse("Done.")


urlpatterns = [path("accounts/errand/", errand), *ours]


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


@pytest.fixture
def alices(alice: User) -> Client:
    """Alice's browser."""
    return sign_in(Client(), alice)


@pytest.mark.parametrize("method", ["get", "post"])
def test_within_the_time_nobody_is_asked(alices: Client, later: Later, method: str):
    later(minutes=14.9)
    assert getattr(alices, method)(ERRAND).content == b"Done."


def test_the_time_runs_from_the_last_proof(alices: Client, later: Later):
    later(minutes=14)
    reauthenticate(alices)
    later(minutes=14)
    assert alices.get(ERRAND).content == b"Done."
    later(minutes=1.1)
    assert alices.get(ERRAND).status_code == 302


def test_using_the_site_is_no_proof(alices: Client, later: Later):
    for _ in range(4):
        later(minutes=4)
        alices.get("/accounts/browsers/")
    assert alices.get(ERRAND).headers["Location"] == ASKED
    assert done == []


def test_what_was_posted_too_late_waits_and_is_done_after_the_question(alices: Client, later: Later):
    later(minutes=15.1)
    answer = alices.post(ERRAND, {"words": "Rest ‘first’.\r\n\r\nThen & only then."})
    assert (answer.status_code, answer.headers["Location"]) == (302, ASKED)
    assert done == []
    assert reauthenticate(alices, next_page=ERRAND).content == b"Done."
    assert done == [("alice@example.org", "POST", "Rest ‘first’.\r\n\r\nThen & only then.")]


def test_it_is_done_once(alices: Client, later: Later):
    later(minutes=15.1)
    alices.post(ERRAND, {"words": "Once."})
    reauthenticate(alices, next_page=ERRAND)
    assert reauthenticate(alices, next_page=ERRAND).status_code == 302
    assert len(done) == 1


def test_a_wrong_password_does_nothing_and_loses_nothing(alices: Client, later: Later):
    later(minutes=15.1)
    alices.post(ERRAND, {"words": "Kept."})
    assert reauthenticate(alices, OTHER_PASSWORD, next_page=ERRAND).status_code == 200
    assert done == []
    reauthenticate(alices, next_page=ERRAND)
    assert done == [("alice@example.org", "POST", "Kept.")]


def test_whoever_goes_elsewhere_after_the_question_did_nothing(alices: Client, later: Later):
    later(minutes=15.1)
    alices.post(ERRAND, {"words": "Forgotten."})
    assert reauthenticate(alices, next_page="/accounts/browsers/").status_code == 302
    assert done == []


def test_what_waits_is_done_in_no_other_browser(alices: Client, bob: User, later: Later):
    later(minutes=15.1)
    alices.post(ERRAND, {"words": "Alice's."})
    bobs = sign_in(Client(), bob)
    later(minutes=15.1)
    bobs.get(ERRAND)
    reauthenticate(bobs, next_page=ERRAND)
    assert done == []


def test_the_old_cookie_is_worth_nothing_once_it_is_done(alices: Client, later: Later):
    later(minutes=15.1)
    before = cookie_of(alices)
    alices.post(ERRAND, {"words": "Once."})
    reauthenticate(alices, next_page=ERRAND)
    assert cookie_of(alices) != before
    assert with_cookie(before).post(ERRAND).headers["Location"].startswith("/accounts/login/")


def test_whoever_is_not_signed_in_is_asked_to_sign_in(db: None):
    answer = Client().post(ERRAND, {"words": "Nobody's."})
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert done == []
