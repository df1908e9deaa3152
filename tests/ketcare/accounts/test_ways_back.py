"""What is said about ways back in, and the change of an address."""

import re

from allauth.account.models import EmailAddress
from django.test import Client

from ketcare.accounts.models import User
from ketcare.site.models import Event
from tests.ketcare.accounts.signing_in import code_in, mails, reauthenticate
from tests.reading import check_page


def test_the_page_stands_without_signing_in_and_says_what_a_way_back_opens(db: None, reader: Client):
    response = reader.get("/accounts/ways-back/")
    assert response.status_code == 200
    text = check_page(response.content).one("main").text
    assert "What a way back opens" in text
    assert "A new password opens what you wrote to whoever sets it." in text
    assert "Taking away the second step opens nothing by itself" in text
    assert "I cannot open my mailbox any more" in text


def test_every_link_of_the_page_leads_somewhere(db: None, reader: Client):
    links = check_page(reader.get("/accounts/ways-back/").content).one("main").links()
    assert len(links) >= 4
    for link in links:
        assert reader.get(link, follow=True).status_code == 200, link


def test_a_new_address_counts_once_its_code_is_entered_and_the_old_one_is_told_v6_3_7(alice: User, alices: Client):
    reauthenticate(alices)
    alices.post("/accounts/email/", {"email": "alice@example.net", "action_add": "1"})
    assert User.objects.get().email == "alice@example.org"
    code = next(mail for mail in mails() if mail["to"] == "alice@example.net")
    alices.post("/accounts/confirm-email/", {"code": code_in(code)})
    alice.refresh_from_db()
    assert alice.email == "alice@example.net"
    assert [each.email for each in EmailAddress.objects.filter(user=alice)] == ["alice@example.net"]
    told = mails()[-1]
    assert told["to"] == "alice@example.org"
    assert not re.search(r"(?i)ketamine|ketcare|clinic|treat|therap", told["subject"] + told["body"])
    assert Event.objects.filter(owner_ref=alice.ref, verb="e-mail changed").exists()


def test_a_change_of_address_asks_again_who_sits_there_v7_5_1(alice: User, alices: Client):
    response = alices.post("/accounts/email/", {"email": "bob@example.net", "action_add": "1"})
    assert "/reauthenticate/" in response.headers["Location"]
    assert not EmailAddress.objects.filter(email="bob@example.net").exists()
