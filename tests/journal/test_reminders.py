"""Mails that whisper. Alice's session was on Monday, November 2, 2026, in New York; she asked for 19:00."""

import datetime as dt
import smtplib
import zoneinfo
from unittest.mock import Mock

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client

from journal import reminders
from journal.ending import destroy_journal
from journal.models import Choices, Reminder
from ketcare import outbox
from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.events import Verb
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.racing import at_once
from tests.journal.year import MEDICAL, Year, some_zones
from tests.ketcare.accounts.signing_in import mails

pytestmark = pytest.mark.django_db

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def at(day: int, hour: int = 19, minute: int = 0) -> dt.datetime:
    """That day of November on Alice's clock."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


@pytest.fixture
def asked(alice: User) -> User:
    treatment_of(alice)
    reminders.ask_for(alice, 19, now=NOW)
    return alice


def sent_on(*days: int, hour: int = 19) -> list[int]:
    return [day for day in days if reminders.send_due(at(day, hour))]


def test_on_the_days_after_and_on_no_other(asked: User):
    days = []
    for day in range(1, 15):
        events.record(Verb.SIGNED_IN, owner=asked.ref, now=at(day, 8))
        days += sent_on(day)
    assert days == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("time", [None, dt.time(9), dt.time(15), dt.time(23, 30)])
def test_on_the_first_day_after_in_the_morning_too_whenever_the_session_was(alice: User, time: dt.time | None):
    treatment_of(alice, time=time)
    reminders.ask_for(alice, 8, now=NOW)
    assert sent_on(2, 3, 4, hour=8) == [3, 4]


@pytest.mark.parametrize(
    ("hour", "minute", "sent"), [(18, 59, False), (19, 0, True), (19, 59, True), (20, 0, False), (7, 0, False)]
)
def test_within_the_hour_that_was_asked_for(asked: User, hour: int, minute: int, sent: bool):
    assert reminders.send_due(at(3, hour, minute)) == sent


def test_once_a_day(asked: User):
    assert [reminders.send_due(at(3, 19, minute)) for minute in (0, 1, 30, 59)] == [1, 0, 0, 0]


def test_not_where_nobody_asked(alice: User):
    treatment_of(alice)
    assert sent_on(3, 4) == []


def test_not_on_a_day_on_which_its_owner_wrote_already(asked: User):
    entry_of(asked, saved_at=at(3, 8), written_at=at(3, 8))
    assert sent_on(3, 4) == [4]


def test_not_on_the_day_of_the_next_session(asked: User):
    treatment_of(asked, dt.date(2026, 11, 5))
    assert sent_on(3, 4, 5) == [3, 4]


def test_not_after_a_session_that_was_called_off(alice: User):
    treatment_of(alice, cancelled_at=NOW)
    reminders.ask_for(alice, 19, now=NOW)
    assert sent_on(3) == []


def test_not_to_a_closed_account(asked: User):
    User.objects.update(is_active=False)
    assert sent_on(3) == []


def test_quiet_after_three_that_nobody_followed_until_its_owner_is_back(asked: User):
    assert sent_on(3, 4, 5, 6, 7) == [3, 4, 5]
    entry_of(asked, saved_at=at(8, 8), written_at=at(8, 8))
    assert sent_on(8, 9) == [9]


def test_a_visit_is_an_answer_too(asked: User):
    assert sent_on(3, 4, 5, 6) == [3, 4, 5]
    asked.web_sessions.create(key_hash="a", sealed=b"", started_at=at(7, 8), seen_at=at(7, 8), expires_at=at(7, 20))
    assert sent_on(7) == [7]


def test_who_asks_again_is_back(asked: User):
    assert sent_on(3, 4, 5, 6) == [3, 4, 5]
    reminders.ask_for(asked, 19, now=at(6, 20))
    assert sent_on(7) == [7]


def test_an_hour_that_the_clocks_leave_out_begins_when_they_go_on():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert reminders.hour_on(dt.date(2027, 3, 28), 2, berlin).astimezone(berlin).hour == 3


def test_an_hour_that_comes_twice_is_used_once(alice: User):
    treatment_of(alice, dt.date(2026, 10, 30))
    reminders.ask_for(alice, 1, now=NOW)
    first = dt.datetime(2026, 11, 1, 5, 0, tzinfo=dt.UTC)  # 01:00, and an hour later once more
    assert [reminders.send_due(first + dt.timedelta(minutes=minutes)) for minutes in (0, 30, 60, 90, 119)] == [
        1, 0, 0, 0, 0
    ]  # fmt: skip


def test_the_mail_says_nothing_about_anybody(asked: User):
    reminders.send_due(at(3))
    (told,) = mails()
    assert (told["to"], told["subject"]) == ("alice@example.org", "Notes: a moment for you")
    assert told["body"].startswith("You asked for a note at this hour.\n")
    assert told["body"].endswith("Need to talk to someone now? Call or text 988.\n")
    said = f"{told['subject']} {told['body']}".casefold()
    assert [word for word in MEDICAL if word in said] == []


def test_its_link_ends_the_mails_without_sign_in(asked: User):
    reminders.send_due(at(3))
    (path,) = [line.split("localhost:8000")[1] for line in mails()[0]["body"].splitlines() if "No more" in line]
    stranger = Client()
    assert "End these mails?" in stranger.get(path).content.decode()
    assert Reminder.objects.exists()
    assert "No more mails" in stranger.post(path).content.decode()
    assert not Reminder.objects.exists()
    assert stranger.post(path).status_code == 200
    assert sent_on(4) == []


@pytest.fixture
def waiting(asked: User, monkeypatch: pytest.MonkeyPatch) -> User:
    """Alice, whose mail of November 3 the server did not take at the first attempt."""
    monkeypatch.setattr(outbox, "deliver_soon", lambda: None)
    with monkeypatch.context() as at_first:
        at_first.setattr(EmailMessage, "send", Mock(side_effect=smtplib.SMTPServerDisconnected("gone")))
        assert reminders.send_due(at(3)) == 1
        assert outbox.deliver(at(3)) == 0
    return asked


def test_one_that_waits_for_the_mail_server_does_not_go_out_once_they_are_ended(waiting: User):
    Client().post(reminders.stop_path(waiting))
    assert outbox.deliver(at(3, 19, 10)) == 0


def test_one_that_waits_does_not_go_out_once_the_journal_is_deleted(waiting: User):
    destroy_journal(waiting, now=at(3, 19, 5))
    assert outbox.deliver(at(3, 19, 10)) == 0


def test_one_that_waits_goes_out_where_somebody_else_ends_theirs(waiting: User, bob: User):
    reminders.stop(bob, now=at(3, 19, 5))
    assert outbox.deliver(at(3, 19, 10)) == 1


def test_the_link_spells_no_word_by_chance(alice: User):
    """Of ten thousand links in letters at random, one said “dose” and one “mood”."""
    *_path, token, _end = reminders.stop_path(alice).split("/")
    assert set(token) <= set("0123456789abcdef")


@pytest.mark.parametrize("token", ["nothing", "a:b:c", "6e6f", "ff"])
def test_a_link_that_was_cut_short_says_so(db: None, token: str):
    response = Client().get(f"/journal/reminders/stop/{token}/")
    assert response.status_code == 404
    assert "This link does not work" in response.content.decode()


def test_the_link_of_one_person_ends_nothing_of_another(asked: User, bob: User):
    reminders.ask_for(bob, 8, now=NOW)
    Client().post(reminders.stop_path(bob))
    assert [one.owner for one in Reminder.objects.all()] == [asked]


def test_asked_for_changed_and_ended_on_the_page_of_choices(alice: User, alices: Client):
    page = "/journal/settings/"
    alices.post(page, {"hour": "19", "larger_help": "on"})
    assert Reminder.objects.get().hour == 19
    assert '<option value="19" selected>' in alices.get(page).content.decode()
    alices.post(page, {"hour": "0", "larger_help": "on"})
    assert Reminder.objects.get().hour == 0
    alices.post(page, {"hour": "", "hides_numbers": "on"})
    assert not Reminder.objects.exists()
    kept = Choices.objects.get(owner=alice)
    assert (kept.larger_help, kept.hides_numbers) == (False, True)
    assert alices.post(page, {"hour": "24"}).status_code == 200


def test_a_reminder_has_an_hour_of_day(alice: User):
    with pytest.raises(IntegrityError, match="a_reminder_has_an_hour_of_day"), transaction.atomic():
        Reminder.objects.create(owner=alice, hour=24, asked_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_ticks_at_the_same_moment_one_sends_to_each(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox, "deliver_soon", lambda: None)
    for number in range(10):
        owner = User.objects.create_user(f"person{number}@example.org", time_zone="America/New_York")
        treatment_of(owner)
        reminders.ask_for(owner, 19, now=NOW)

    def tick() -> int:
        try:
            return reminders.send_due(at(3))
        finally:
            connection.close()

    assert sum(at_once([tick] * 4)) == 10
    assert sorted(mail["to"] for mail in mails()) == sorted(user.email for user in User.objects.all())
    assert set(Reminder.objects.values_list("unanswered", flat=True)) == {1}


# Everywhere, when the clocks change --------------------------------------------------------------------------------


@pytest.mark.sqlite  # bench/reminders.py does its year on both
def test_in_forty_zones_while_clocks_change_none_is_missed_doubled_or_late(db: None, monkeypatch: pytest.MonkeyPatch):
    """Two days of it; `bench/reminders.py` does a year."""
    monkeypatch.setattr(outbox, "deliver_soon", lambda: None)
    begins = dt.datetime(2026, 10, 31, 18, tzinfo=dt.UTC)
    year = Year(some_zones(), begins=begins, days=2, step=dt.timedelta(minutes=5), fails_one_in=5)
    year.settle()
    year.run()
    assert (year.missed, year.doubled, year.unasked, year.outside, year.medical) == ([], [], [], [], [])
    assert year.sent > 40
