"""Invitations on the desk: sent, taken back, over by themselves."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ketcare.accounts import invitations
from ketcare.accounts.models import User
from ketcare.site.models import Event, Invitation
from tests.ketcare.accounts.signing_in import mails
from tests.ketcare.at_work import colleague, sit_down


@pytest.fixture
def manager(db: None) -> User:
    return colleague("rao@example.org", "manager")


def send(client: Client, **fields: object) -> Invitation:
    form = {"email": "Ed@Example.org", "for_staff": "on", "roles": ["editor"], "days": 7, **fields}
    response = client.post("/admin/site/invitation/add/", {name: value for name, value in form.items() if value})
    assert response.status_code == 302, response.content.decode()
    return Invitation.objects.get()


def test_a_manager_sends_an_invitation_by_mail(manager: User):
    invitation = send(sit_down(manager))
    assert (invitation.email, invitation.for_staff, invitation.roles) == ("ed@example.org", True, ["editor"])
    assert invitation.invited_by == manager
    [mail] = mails()
    assert mail["to"] == "ed@example.org"
    assert re.search(r"http://localhost:8000/accounts/invitation/[\w-]{43}/", mail["body"])
    assert Event.objects.filter(verb="invited", owner_ref=manager.ref, object_ref=str(invitation.ref)).exists()


def test_its_mail_has_no_medical_word_and_ends_with_crisis_help(manager: User):
    send(sit_down(manager))
    [mail] = mails()
    assert mail["subject"] == "Notes: an invitation"
    assert not re.search(
        r"(?i)ketamine|ketcare|clinic|treat|therap|patient|guide|journal", mail["subject"] + mail["body"]
    )
    assert mail["body"].rstrip().endswith("Need to talk to someone now? Call or text 988.")


def test_its_link_is_kept_as_a_hash_only(manager: User):
    invitation = send(sit_down(manager))
    token = re.search(r"invitation/([\w-]+)/", mails()[0]["body"])
    assert token is not None
    assert token[1] not in repr(Invitation.objects.values().get())
    assert invitation.token_hash != token[1]


def test_the_account_has_the_roles_that_the_invitation_names(manager: User):
    send(sit_down(manager), roles=["editor", "reviewer"])
    client = Client()
    client.get(re.search(r"/accounts/invitation/[\w-]+/", mails()[0]["body"])[0])  # type: ignore[index]
    client.post(
        "/accounts/signup/",
        {
            "email": "ed@example.org",
            "password1": "violet kettle anchors slowly",
            "time_zone": "America/New_York",
            "adult": "on",
        },
    )
    ed = User.objects.get(email="ed@example.org")
    assert (ed.is_staff, ed.is_superuser) == (True, False)
    assert sorted(ed.groups.values_list("name", flat=True)) == ["editor", "reviewer"]


def test_taken_back_its_link_does_nothing(manager: User):
    client = sit_down(manager)
    invitation = send(client)
    client.post("/admin/site/invitation/", {"action": "take_back", "_selected_action": [invitation.pk]})
    assert "taken back" in client.get("/admin/site/invitation/").content.decode()
    way = re.search(r"/accounts/invitation/[\w-]+/", mails()[0]["body"])
    assert way is not None
    assert Client().get(way[0]).status_code == 404


def test_after_its_days_it_is_over(manager: User):
    client = sit_down(manager)
    invitation = send(client, days=1)
    assert dt.timedelta(hours=23) < invitation.expires_at - timezone.now() <= dt.timedelta(days=1)
    past = timezone.now() - dt.timedelta(days=2)
    Invitation.objects.update(made_at=past, expires_at=past + dt.timedelta(days=1))
    assert ">over<" in client.get("/admin/site/invitation/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "rao@example.org"}, "There is an account with this address."),
        ({"email": "nobody"}, "valid email address"),
        ({"for_staff": ""}, "Roles are for people who work on the desk."),
        ({"days": 31}, "less than or equal to 30"),
        ({"roles": ["owner"]}, "not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_said_and_sends_nothing(manager: User, fields: dict[str, object], words: str):
    form = {"email": "ed@example.org", "for_staff": "on", "roles": ["editor"], "days": 7, **fields}
    page = sit_down(manager).post("/admin/site/invitation/add/", {n: v for n, v in form.items() if v})
    assert words in page.content.decode()
    assert not Invitation.objects.exists()
    assert mails() == []


def test_an_invitation_is_never_changed(manager: User):
    client = sit_down(manager)
    invitation = send(client)
    response = client.post(f"/admin/site/invitation/{invitation.pk}/change/", {"email": "bob@example.net", "days": 7})
    assert response.status_code == 403


def test_the_table_holds_no_roles_for_a_patient(manager: User):
    with pytest.raises(IntegrityError, match="roles_are_for_staff_alone"), transaction.atomic():
        invitations.invite(email="alice@example.org", for_staff=False, by=manager, now=timezone.now(), roles=["editor"])
