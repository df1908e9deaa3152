"""A lost second factor without a recovery code: two colleagues and a day, or the command line."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from ketcare.accounts import factor_resets
from ketcare.accounts.models import FactorReset, User
from ketcare.site.models import Event
from tests.commands import run
from tests.conftest import NOW
from tests.ketcare.accounts.signing_in import (
    PASSWORD,
    account,
    add_recovery_codes,
    add_totp,
    factors_of,
    mails,
    sessions_of,
    sign_in,
)
from tests.ketcare.at_work import colleague, sit_down

DAY = dt.timedelta(hours=24)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def ed(db: None) -> User:
    """Ed, who lost his phone and his codes."""
    ed = account("ed@example.org", is_staff=True)
    add_totp(ed)
    add_recovery_codes(ed)
    return ed


@pytest.fixture
def rao(db: None) -> User:
    return colleague("rao@example.org", "reviewer")


@pytest.fixture
def lee(db: None) -> User:
    return colleague("lee@example.org", "manager")


@pytest.fixture
def asked(ed: User, rao: User) -> FactorReset:
    return factor_resets.ask(ed, by=rao, reason="He called me.", now=NOW)


@pytest.fixture
def agreed(asked: FactorReset, lee: User) -> FactorReset:
    factor_resets.agree(asked, by=lee, now=NOW)
    return FactorReset.objects.get()


def way_to_stop() -> str:
    found = re.search(r"http://localhost:8000(/accounts/ways-back/stop/[\w-]+/)", mails()[0]["body"])
    assert found is not None
    return found[1]


# Two colleagues and a day -----------------------------------------------------------------------------------------


def test_a_day_after_two_colleagues_agreed_the_factors_are_gone(ed: User, agreed: FactorReset):
    assert factor_resets.carry_out(NOW + DAY - SECOND) == 0
    assert factors_of(ed) == ["recovery_codes", "totp"]
    assert factor_resets.carry_out(NOW + DAY) == 1
    assert factors_of(ed) == []
    assert factor_resets.carry_out(NOW + DAY) == 0


def test_one_colleague_alone_is_not_enough(ed: User, asked: FactorReset):
    assert factor_resets.carry_out(NOW + 30 * DAY) == 0
    assert factors_of(ed) == ["recovery_codes", "totp"]


def test_the_day_counts_from_the_second_word(ed: User, asked: FactorReset, lee: User):
    factor_resets.agree(asked, by=lee, now=NOW + 3 * DAY)
    assert factor_resets.carry_out(NOW + 3 * DAY) == 0
    assert factor_resets.carry_out(NOW + 4 * DAY) == 1


def test_nobody_asks_for_themselves(ed: User):
    with pytest.raises(factor_resets.Refused, match="Somebody else"):
        factor_resets.ask(ed, by=ed, reason="I am it.", now=NOW)


def test_nobody_agrees_twice_or_to_their_own(asked: FactorReset, ed: User, rao: User):
    for by in (ed, rao):
        with pytest.raises(factor_resets.Refused, match="Two others"):
            factor_resets.agree(asked, by=by, now=NOW)
    assert FactorReset.objects.get().due_at is None


def test_for_a_patient_nobody_asks_on_the_desk(rao: User):
    alice = account("alice@example.org")
    with pytest.raises(factor_resets.Refused, match="command line"):
        factor_resets.ask(alice, by=rao, reason="She called.", now=NOW)


def test_one_at_a_time(asked: FactorReset, ed: User, lee: User):
    with pytest.raises(factor_resets.Refused, match="already"):
        factor_resets.ask(ed, by=lee, reason="He called me, too.", now=NOW)


@pytest.mark.parametrize("shut", ["rao@example.org", "lee@example.org"])
def test_the_word_of_somebody_who_was_shut_out_does_not_count(ed: User, agreed: FactorReset, shut: str):
    User.objects.filter(email=shut).update(is_active=False)
    assert factor_resets.carry_out(NOW + DAY) == 0
    assert factors_of(ed) == ["recovery_codes", "totp"]


def test_a_new_factor_does_not_follow_the_old_one(ed: User, agreed: FactorReset):
    run("reset_factor", "ed@example.org", reason="came in person")
    add_totp(ed)
    assert factor_resets.carry_out(NOW + DAY) == 0
    assert factors_of(ed) == ["totp"]


def test_what_was_done_ends_every_browser_and_keeps_the_password_v6_4_3(ed: User, agreed: FactorReset):
    sit_down(ed)
    factor_resets.carry_out(NOW + DAY)
    assert sessions_of(ed) == []
    again = sign_in(Client(), ed, PASSWORD)
    assert again.get("/admin/").headers["Location"] == "/accounts/2fa/"


def test_the_owner_hears_of_each_turn_at_once_in_neutral_words_v6_3_7(ed: User, agreed: FactorReset):
    factor_resets.carry_out(NOW + DAY)
    sent = mails()
    assert [mail["kind"] for mail in sent] == ["factor reset asked", "factor reset agreed", "factor reset done"]
    for mail in sent:
        assert (mail["to"], mail["subject"]) == ("ed@example.org", "Notes: about your sign-in")
        assert not re.search(r"(?i)ketamine|ketcare|clinic|treat|therap|patient|guide|journal", mail["body"])
        assert mail["body"].rstrip().endswith("Need to talk to someone now? Call or text 988.")


def test_each_turn_is_an_event_of_its_owner_v16_3_1(ed: User, agreed: FactorReset):
    factor_resets.carry_out(NOW + DAY)
    verbs = Event.objects.filter(owner_ref=ed.ref).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["factor reset asked", "factor reset agreed", "factor reset done"]


# The stop ---------------------------------------------------------------------------------------------------------


def test_the_link_in_the_mail_stops_it_without_signing_in(ed: User, agreed: FactorReset):
    way = way_to_stop()
    client = Client()
    assert "Keep your second step?" in client.get(way).content.decode()
    assert FactorReset.objects.get().is_open  # to look stops nothing
    assert "Stopped" in client.post(way).content.decode()
    assert factor_resets.carry_out(NOW + DAY) == 0
    assert factors_of(ed) == ["recovery_codes", "totp"]
    assert client.get(way).status_code == 404


def test_after_the_deed_there_is_nothing_to_stop(agreed: FactorReset):
    way = way_to_stop()
    factor_resets.carry_out(NOW + DAY)
    response = Client().post(way)
    assert response.status_code == 404
    assert "There is nothing to stop" in response.content.decode()


def test_a_made_up_link_stops_nothing(agreed: FactorReset):
    assert Client().post("/accounts/ways-back/stop/" + "a" * 43 + "/").status_code == 404
    assert FactorReset.objects.get().is_open


def test_the_link_is_kept_as_a_hash_only(asked: FactorReset):
    token = way_to_stop().rstrip("/").rpartition("/")[2]
    assert token not in repr(FactorReset.objects.values().get())


def test_after_a_stop_somebody_may_ask_again(asked: FactorReset, ed: User, lee: User):
    factor_resets.stop(asked, by=ed, now=NOW)
    with pytest.raises(factor_resets.Refused):
        factor_resets.agree(asked, by=lee, now=NOW)
    factor_resets.ask(ed, by=lee, reason="He came in.", now=NOW)


# On the desk ------------------------------------------------------------------------------------------------------


def act(client: Client, action: str) -> str:
    form = {"action": action, "_selected_action": [FactorReset.objects.get().pk]}
    return client.post("/admin/accounts/factorreset/", form, follow=True).content.decode()


def test_colleagues_ask_agree_and_stop_on_the_desk(ed: User, rao: User, lee: User):
    raos, lees = sit_down(rao), sit_down(lee)
    response = raos.post("/admin/accounts/factorreset/add/", {"owner": ed.pk, "reason": "He called me."})
    assert response.status_code == 302, response.content.decode()
    assert "Two others have to agree" in act(raos, "agree")
    assert FactorReset.objects.get().agreed_by is None
    assert "The owner was told by mail" in act(lees, "agree")
    reset = FactorReset.objects.get()
    assert (reset.asked_by, reset.agreed_by, reset.is_open) == (rao, lee, True)
    assert "Stopped. Nothing was taken away." in act(raos, "stop")
    assert not FactorReset.objects.get().is_open


def test_on_the_desk_one_asks_for_colleagues_only_and_not_for_oneself(ed: User, rao: User):
    alice = account("alice@example.org")
    client = sit_down(rao)
    for owner in (alice, rao):
        response = client.post("/admin/accounts/factorreset/add/", {"owner": owner.pk, "reason": "Called."})
        assert response.status_code == 200
    assert not FactorReset.objects.exists()


# The command line -------------------------------------------------------------------------------------------------


def test_the_command_takes_the_factors_of_a_patient_away_and_keeps_why(db: None):
    alice = account("alice@example.org")
    add_totp(alice)
    told = run("reset_factor", "Alice@example.org", reason="came in person")
    assert told.code == 0
    assert factors_of(alice) == []
    event = Event.objects.get(owner_ref=alice.ref)
    assert (event.verb, event.object_ref) == ("factor reset done", "command line: came in person")
    assert [mail["to"] for mail in mails()] == ["alice@example.org"]


@pytest.mark.parametrize(
    ("email", "reason"), [("bob@example.net", "came in"), ("alice@example.org", " "), ("alice@example.org", "a@b.org")]
)
def test_the_command_refuses_and_takes_nothing(db: None, email: str, reason: str):
    alice = account("alice@example.org")
    add_totp(alice)
    assert run("reset_factor", email, reason=reason).code == 1
    assert Authenticator.objects.filter(user=alice).exists()


# The table --------------------------------------------------------------------------------------------------------


def refuses(constraint: str, **columns: object) -> None:
    with pytest.raises(IntegrityError, match=f"{constraint}|UNIQUE"), transaction.atomic():
        FactorReset.objects.create(**{"reason": "", "asked_at": NOW, "stop_hash": "x", **columns})


def test_the_table_holds_no_other_kind(ed: User, rao: User, lee: User):
    refuses("nobody_asks_to_reset_their_own_factor", owner=ed, asked_by=ed)
    for by in (ed, rao):
        refuses("two_others_agree_to_a_factor_reset", owner=ed, asked_by=rao, agreed_by=by, due_at=NOW)
    refuses("an_agreed_factor_reset_is_due", owner=ed, asked_by=rao, agreed_by=lee)
    refuses("an_agreed_factor_reset_is_due", owner=ed, asked_by=rao, due_at=NOW)
    refuses("only_an_agreed_factor_reset_is_done", owner=ed, asked_by=rao, done_at=NOW)
    FactorReset.objects.create(owner=ed, asked_by=rao, asked_at=NOW, stop_hash="y")
    refuses("one_factor_reset_at_a_time", owner=ed, asked_by=lee)
