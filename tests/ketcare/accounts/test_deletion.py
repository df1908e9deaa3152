"""Ending an account: what goes, what stays, and who may do it. Bob is a stranger who keeps all of his."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Guide, Review, Revision
from articles.models.guide import State
from ketcare.accounts.deletion import WAIT, delete_due, set_deletion, take_back
from ketcare.accounts.models import User, WebSession
from ketcare.outbox import deliver
from ketcare.site.events import Verb
from ketcare.site.models import Event, Invitation, Outbox
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
PASSWORD = "quiet lamp dunes and rain"
DAY = dt.timedelta(days=1)
PAGE = "/accounts/delete/"
DEEDS = ["/accounts/delete/now/", "/accounts/delete/later/"]


def person(name: str, **columns) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, **columns)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    Invitation.objects.create(
        token_hash=name, email=user.email, made_at=NOW, expires_at=NOW + DAY, used_at=NOW + dt.timedelta(hours=1)
    )
    WebSession.objects.create(key_hash=name, owner=user, sealed=b"", started_at=NOW, seen_at=NOW, expires_at=NOW + DAY)
    Outbox.objects.create(key=name, kind="code", to_user=user, due=NOW, next_try=NOW)
    return user


@pytest.fixture
def alice() -> User:
    return person("alice")


@pytest.fixture
def bob() -> User:
    return person("bob")


def rows_of(user: User, name: str) -> list[int]:
    return [
        User.objects.filter(ref=user.ref).count(),
        EmailAddress.objects.filter(email=f"{name}@example.org").count(),
        Authenticator.objects.filter(user_id=user.pk).count(),
        Invitation.objects.filter(email=f"{name}@example.org").count(),
        WebSession.objects.filter(key_hash=name).count(),
        Outbox.objects.filter(key=name).count(),
    ]


def verbs(user: User) -> list[str]:
    return [event.verb for event in Event.objects.filter(owner_ref=user.ref).order_by("pk")]


# At once ----------------------------------------------------------------------------------------------------------


def test_every_row_of_hers_goes_and_bob_stays_whole(alice, bob):
    set_deletion(alice, at_once=True, now=NOW)
    ref, alice.pk = alice.ref, alice.pk or -1
    assert rows_of(alice, "alice") == [0] * 6
    assert rows_of(bob, "bob") == [1] * 6
    [event] = Event.objects.filter(verb=Verb.DELETED)
    assert (event.owner_ref, event.at) == (ref, NOW)


def test_her_address_is_nowhere_in_clear_afterwards(alice):
    set_deletion(alice, at_once=True, now=NOW)
    for model in (User, EmailAddress, Invitation, WebSession, Outbox, Event):
        for row in model._default_manager.values():
            assert "alice@" not in repr(row)


def test_one_mail_says_that_it_is_done(alice, mailoutbox):
    set_deletion(alice, at_once=True, now=NOW)
    deliver(NOW)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["alice@example.org"], "Notes: your account")
    assert "Your account was deleted" in mail.body
    assert "988" in mail.body.splitlines()[-1]


def test_her_address_can_sign_up_again(alice):
    set_deletion(alice, at_once=True, now=NOW)
    assert person("alice").ref != alice.ref


# In seven days ----------------------------------------------------------------------------------------------------


def test_until_its_day_nothing_goes(alice):
    set_deletion(alice, at_once=False, now=NOW)
    assert delete_due(NOW + WAIT - DAY) == 0
    assert rows_of(alice, "alice") == [1] * 6
    assert verbs(alice) == [Verb.DELETION_SET]


def test_on_its_day_it_goes_once(alice, bob):
    set_deletion(alice, at_once=False, now=NOW)
    assert [delete_due(NOW + WAIT), delete_due(NOW + WAIT)] == [1, 0]
    assert rows_of(alice, "alice") == [0] * 6
    assert rows_of(bob, "bob") == [1] * 6
    assert verbs(alice) == [Verb.DELETION_SET, Verb.DELETED]


def test_a_mail_says_which_day_is_set_and_how_to_take_it_back(alice, mailoutbox):
    set_deletion(alice, at_once=False, now=NOW)
    Outbox.objects.filter(key="alice").delete()
    deliver(NOW)
    [mail] = mailoutbox
    assert "in seven days" in mail.body
    assert "take it back" in mail.body


def test_asked_twice_the_first_day_stays(alice):
    set_deletion(alice, at_once=False, now=NOW)
    set_deletion(alice, at_once=False, now=NOW + DAY)
    assert User.objects.get(pk=alice.pk).delete_at == NOW + WAIT
    assert verbs(alice) == [Verb.DELETION_SET]


def test_taken_back_it_stays(alice):
    set_deletion(alice, at_once=False, now=NOW)
    assert take_back(alice, now=NOW + DAY)
    assert delete_due(NOW + 2 * WAIT) == 0
    assert rows_of(alice, "alice") == [1] * 6
    assert verbs(alice) == [Verb.DELETION_SET, Verb.DELETION_UNSET]


def test_there_may_be_nothing_to_take_back(alice):
    assert not take_back(alice, now=NOW)
    assert verbs(alice) == []


def test_what_was_taken_back_after_tick_had_looked_stays(alice, monkeypatch):
    """The list of what is due is from before."""
    from ketcare.accounts import deletion

    set_deletion(alice, at_once=False, now=NOW)
    take_back(alice, now=NOW)
    assert not deletion._end(alice.pk, now=NOW + WAIT, only_if_due=True)
    assert rows_of(alice, "alice") == [1] * 6


# Staff ------------------------------------------------------------------------------------------------------------


def is_closed(user: User) -> bool:
    user = User.objects.get(pk=user.pk)
    nobody_is_in = (
        not WebSession.objects.filter(owner=user).exists() and not Authenticator.objects.filter(user=user).exists()
    )
    return nobody_is_in and not user.is_active and not user.has_usable_password() and user.delete_at is None


def test_an_account_of_staff_is_closed_and_what_they_signed_stays(signed: Guide, dr_rao):
    before = list(Review.objects.values()), list(Revision.objects.values())
    user = dr_rao.user
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    set_deletion(user, at_once=True, now=NOW)
    assert is_closed(user)
    assert (list(Review.objects.values()), list(Revision.objects.values())) == before
    [live] = Guide.objects.published().with_words()
    assert (live, live.public_state(NOW).kind) == (signed, State.REVIEWED)
    assert verbs(user)[-1] == Verb.CLOSED


def test_a_closed_account_is_closed_once_on_its_day(ed):
    set_deletion(ed, at_once=False, now=NOW)
    assert [delete_due(NOW + WAIT), delete_due(NOW + 2 * WAIT)] == [1, 0]
    assert is_closed(ed)
    assert verbs(ed) == [Verb.DELETION_SET, Verb.CLOSED]


def test_who_once_wrote_a_guide_and_left_the_desk_is_closed_too(submitted: Revision, ed):
    User.objects.filter(pk=ed.pk).update(is_staff=False)
    set_deletion(ed, at_once=True, now=NOW)
    assert is_closed(ed)
    assert Revision.objects.get(pk=submitted.pk).author == ed
    assert verbs(ed) == [Verb.CLOSED]


# The pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(alice, settings, tmp_path) -> Client:
    """Alice's, signed in with her password a minute ago."""
    settings.VAR_DIR = tmp_path
    Authenticator.objects.all().delete()
    browser = Client()
    browser.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert browser.get("/accounts/settings/").status_code == 200
    return browser


def show_who_it_is(browser: Client) -> None:
    answer = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.parametrize("path", [PAGE, *DEEDS])
def test_it_asks_first_who_that_is_v7_5_1(browser, path, alice):
    answer = browser.get(path) if path == PAGE else browser.post(path)
    assert answer.status_code == 302
    to = urlsplit(answer.headers["Location"])
    assert to.path == reverse("account_reauthenticate")
    assert parse_qs(to.query)["next"] == [path]
    alice.refresh_from_db()
    assert alice.delete_at is None


@pytest.mark.parametrize("path", [PAGE, *DEEDS, "/accounts/delete/not/"])
def test_a_stranger_is_asked_to_sign_in(client, path):
    answer = client.get(path) if path == PAGE else client.post(path)
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_who_showed_it_six_minutes_ago_is_asked_again_v7_5_1(browser, monkeypatch, alice):
    show_who_it_is(browser)
    assert browser.get(PAGE).status_code == 200
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 6 * 60
    session.save()
    assert browser.post(DEEDS[0]).status_code == 302
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.parametrize("path", [*DEEDS, "/accounts/delete/not/"])
def test_a_link_changes_nothing_v3_5_3(browser, path, alice):
    show_who_it_is(browser)
    assert browser.get(path).status_code == 405
    alice.refresh_from_db()
    assert alice.delete_at is None


@pytest.mark.parametrize("path", [*DEEDS, "/accounts/delete/not/"])
def test_another_sites_form_changes_nothing_v3_5_1(browser, path, alice):
    show_who_it_is(browser)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(path).status_code == 403
    alice.refresh_from_db()
    assert alice.delete_at is None


def test_the_page_offers_both_ways(browser):
    show_who_it_is(browser)
    text = browser.get(PAGE).content.decode()
    assert "End it in 7 days" in text
    assert "End it now, for good" in text
    assert "Keep my account" not in text


def test_now_ends_it_and_the_last_page_says_so(browser, alice):
    show_who_it_is(browser)
    answer = browser.post(DEEDS[0])
    assert answer.status_code == 200
    assert "Your account is deleted" in answer.content.decode()
    assert "988" in answer.content.decode()
    assert not User.objects.filter(email="alice@example.org").exists()
    assert browser.cookies["session"].value == ""
    assert browser.get("/accounts/settings/").status_code == 302


def test_what_was_asked_for_before_showing_who_it_is_is_done_after_it(browser, alice):
    answer = browser.post(DEEDS[0])
    answer = browser.post(answer.headers["Location"], {"password": PASSWORD, "next": DEEDS[0]})
    assert answer.status_code == 200
    assert "Your account is deleted" in answer.content.decode()
    assert not User.objects.filter(email="alice@example.org").exists()


def test_later_sets_the_day_and_shows_it(browser, alice):
    show_who_it_is(browser)
    answer = browser.post(DEEDS[1], follow=True)
    alice.refresh_from_db()
    assert timezone.now() + WAIT - alice.delete_at < dt.timedelta(minutes=5)
    text = answer.content.decode()
    assert f"It will end on {alice.delete_at:%B} {alice.delete_at.day}, {alice.delete_at:%Y}" in text
    assert "Keep my account" in text
    assert "End it in 7 days" not in text


def test_the_day_is_shown_in_her_time_zone(browser, alice):
    User.objects.filter(pk=alice.pk).update(delete_at=NOW, time_zone="Pacific/Kiritimati")
    show_who_it_is(browser)
    assert "November 3, 2026, 05:30" in browser.get(PAGE).content.decode()


def test_it_is_taken_back_without_a_further_question(browser, alice):
    set_deletion(alice, at_once=False, now=timezone.now())
    answer = browser.post("/accounts/delete/not/", follow=True)
    assert "Your account stays." in answer.content.decode()
    alice.refresh_from_db()
    assert alice.delete_at is None


def test_staff_read_that_theirs_is_closed(browser, alice):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    show_who_it_is(browser)
    assert "closed, not deleted" in browser.get(PAGE).content.decode()
    assert "Your account is closed" in browser.post(DEEDS[0]).content.decode()
    assert is_closed(alice)


def test_who_is_closed_cannot_sign_in(alice, client):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    set_deletion(User.objects.get(pk=alice.pk), at_once=True, now=NOW)
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    assert client.get("/accounts/settings/").status_code == 302


def test_title_and_mails_have_no_medical_word(browser, mailoutbox, alice):
    show_who_it_is(browser)
    title = browser.get(PAGE).content.decode().partition("<title>")[2].partition("</title>")[0]
    assert title.split() == ["Delete", "your", "account", "·", "Notes"]
