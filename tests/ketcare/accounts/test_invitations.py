"""What an invitation's link opens, once, and for whom."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ketcare.accounts import invitations
from ketcare.accounts.invitations import invite, revoke
from ketcare.accounts.models import User
from ketcare.site.events import Verb
from ketcare.site.models import Event, Invitation
from tests.ketcare.accounts.signing_in import PASSWORD, code_in, is_signed_in, mails
from tests.ketcare.accounts.test_signup import CODE_PAGE, FORM, sign_up
from tests.reading import check_help, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_invitation(settings: Any) -> None:
    settings.SIGNUP = "invite"


def invited(email: str = "carol@example.org", *, for_staff: bool = False, **columns: Any) -> tuple[Invitation, str]:
    """An invitation, and the path of its link."""
    made, link = invite(email=email, for_staff=for_staff, by=columns.pop("by", None), now=timezone.now(), **columns)
    return made, link.removeprefix("http://localhost:8000")


def come_by(link: str) -> Client:
    browser = Client()
    assert browser.get(link).headers["Location"] == "/accounts/signup/"
    return browser


def test_whoever_was_invited_makes_an_account_without_a_code():
    _, link = invited()
    browser = come_by(link)
    sign_up(browser)
    assert is_signed_in(browser)
    carol = User.objects.get()
    assert not carol.is_staff
    assert mails() == []


def test_with_another_address_it_takes_a_code():
    _, link = invited("somebody.else@example.org")
    browser = come_by(link)
    assert sign_up(browser).headers["Location"] == CODE_PAGE
    assert not is_signed_in(browser)
    browser.post(CODE_PAGE, {"code": code_in(mails()[-1])})
    assert is_signed_in(browser)


def test_a_link_to_the_desk_is_for_its_own_mailbox_only(ed: User):
    made, link = invited("rao@example.org", for_staff=True, by=ed)
    browser = come_by(link)
    response = sign_up(browser, email="mallory@example.org")
    assert response.status_code == 200
    assert b"for the address that it was sent to" in response.content
    assert not User.objects.filter(email="mallory@example.org").exists()
    made.refresh_from_db()
    assert made.used_at is None
    sign_up(browser, email="Rao@example.org")
    assert User.objects.get(email="rao@example.org").is_staff


def test_a_link_works_once():
    made, link = invited()
    sign_up(come_by(link))
    made.refresh_from_db()
    assert made.used_at is not None
    response = Client().get(link)
    assert response.status_code == 404
    check_help(read(response.content))
    assert Event.objects.filter(verb=Verb.INVITATION_USED, object_ref=str(made.ref)).count() == 1


def test_two_who_came_by_one_link_make_one_account():
    made, link = invited(for_staff=True)
    first, second = come_by(link), come_by(link)
    sign_up(first)
    sign_up(second, email="carol@example.org", password1="another long phrase here")
    sign_up(second, email="mallory@example.org")
    assert list(User.objects.values_list("email", flat=True)) == ["carol@example.org"]
    assert made.works(timezone.now())  # as it was read before; the row says otherwise
    assert not Invitation.objects.get().works(timezone.now())


def test_of_two_at_the_same_moment_the_second_makes_no_account(monkeypatch: pytest.MonkeyPatch):
    _, link = invited()
    browser = come_by(link)
    real = invitations.prepare

    def meanwhile(user: User, invitation: Invitation) -> None:
        real(user, invitation)
        Invitation.objects.update(used_at=timezone.now())

    monkeypatch.setattr(invitations, "prepare", meanwhile)
    response = sign_up(browser)
    assert response.status_code == 404
    assert User.objects.count() == 0
    assert not is_signed_in(browser)


def test_a_link_that_was_taken_back_opens_nothing(ed: User):
    made, link = invited()
    browser = come_by(link)
    assert revoke(made, by=ed, now=timezone.now())
    assert Client().get(link).status_code == 404
    sign_up(browser)
    assert not User.objects.filter(email=FORM["email"]).exists()
    assert not revoke(made, by=ed, now=timezone.now())


def test_a_link_ends_after_its_days():
    made, link = invited(works_for=dt.timedelta(days=7))
    browser = come_by(link)
    Invitation.objects.update(made_at=timezone.now() - dt.timedelta(8), expires_at=timezone.now())
    assert Client().get(link).status_code == 404
    sign_up(browser)
    assert User.objects.count() == 0
    assert made.expires_at - made.made_at == dt.timedelta(days=7)


@pytest.mark.parametrize("token", ["x", "a" * 43, "0", "%00", "..", "' OR 1=1"])
def test_a_made_up_link_opens_nothing(token: str):
    made, _ = invited()
    for tried in (token, made.token_hash, str(made.ref), str(made.pk)):
        assert Client().get(f"/accounts/invitation/{tried}/").status_code in {301, 404}


def test_the_row_is_no_link():
    made, link = invited()
    token = link.split("/")[-2]
    assert len(token) == 43  # 256 bits
    assert token not in repr(Invitation.objects.values().get())
    assert made.token_hash == invitations.hash_of(token)


@pytest.mark.parametrize("signup", ["invite", "closed", "open"])
def test_the_very_first_clinician_comes_by_a_link_that_dies(settings: Any, signup: str):
    settings.SIGNUP = signup
    first = invitations.first_link(timezone.now())
    second = invitations.first_link(timezone.now())
    assert first
    assert second
    assert Client().get(first.removeprefix("http://localhost:8000")).status_code == 404
    browser = come_by(second.removeprefix("http://localhost:8000"))
    sign_up(browser)
    carol = User.objects.get()
    assert (carol.is_staff, carol.is_superuser) == (True, True)
    assert sorted(carol.groups.values_list("name", flat=True)) == ["editor", "manager", "reviewer"]
    assert invitations.first_link(timezone.now()) is None


def test_only_the_first_link_makes_a_superuser(ed: User):
    _, link = invited("rao@example.org", for_staff=True, by=ed, roles=["reviewer"])
    sign_up(come_by(link), email="rao@example.org")
    rao = User.objects.get(email="rao@example.org")
    assert (rao.is_staff, rao.is_superuser) == (True, False)


def test_a_link_gives_nothing_to_an_account_that_is_there(alice: User, ed: User):
    _, link = invited(alice.email, for_staff=True, by=ed)
    browser = come_by(link)
    sign_up(browser, email=alice.email)
    browser.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    alice.refresh_from_db()
    assert not alice.is_staff
