"""The mail that says what waits: to whom, once a day, and in words that tell nobody what the site is about."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group

from articles import daily_mail, review
from articles.models import Reviewer
from articles.worklist import Reading, waiting
from ketcare import outbox
from ketcare.accounts.models import User
from ketcare.site.models import Outbox
from tests.conftest import NEXT_YEAR, NOW
from tests.ketcare.accounts.test_mails import MEDICAL

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def lines_were_checked(monkeypatch) -> None:
    """Crisis lines ask for themselves elsewhere."""
    monkeypatch.setattr("ketcare.site.line_checks.VERIFY_AGAIN_AFTER", dt.timedelta(days=36500))


def give(user: User, role: str) -> User:
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def rao(dr_rao) -> User:
    Reviewer.objects.filter(pk=dr_rao.pk).update(expires_on=dt.date(2040, 1, 1))
    return give(dr_rao.user, "reviewer")


@pytest.fixture
def max_(db: None) -> User:
    return give(User.objects.create_user("max@example.org", is_staff=True), "manager")


def day_before_due(days: int) -> dt.datetime:
    return dt.datetime.combine(NEXT_YEAR - days * DAY, dt.time(12), dt.UTC)


def told(now: dt.datetime) -> list[str]:
    """Who gets a mail then."""
    before = set(Outbox.objects.values_list("pk", flat=True))
    number = daily_mail.send(now)
    new = Outbox.objects.exclude(pk__in=before).select_related("to_user")
    assert number == len(new)
    return sorted(mail.to_user.email for mail in new if mail.to_user)


def sent(mailoutbox, now: dt.datetime):
    """The only mail of that moment, as it went out."""
    daily_mail.send(now)
    outbox.deliver(now)
    [mail] = mailoutbox
    return mail


# To whom ----------------------------------------------------------------------------------------------------------


def test_who_signed_last_is_told_that_it_is_due(signed, rao, max_):
    assert told(day_before_due(60)) == ["asha-rao@example.org"]


def test_what_has_no_able_owner_is_told_to_the_manager(signed, rao, max_):
    User.objects.filter(pk=rao.pk).update(is_active=False)
    assert told(day_before_due(0)) == ["max@example.org"]


def test_without_a_manager_every_reviewer_is_told(signed, rao, dr_lee):
    give(dr_lee.user, "reviewer")
    Reviewer.objects.filter(slug="min-lee").update(expires_on=NOW.date())
    Reviewer.objects.filter(slug="asha-rao").update(expires_on=NOW.date())
    assert told(day_before_due(0)) == ["asha-rao@example.org", "min-lee@example.org"]


def test_words_to_sign_are_told_to_who_may_sign_them(submitted, ed, rao):
    give(ed, "editor")
    assert told(NOW) == ["asha-rao@example.org"]


def test_changes_asked_for_are_told_to_their_author(submitted, ed, dr_rao, rao):
    give(ed, "editor")
    review.ask_for_changes(submitted, by=dr_rao, digest=submitted.digest, note="Name the dose.", now=NOW)
    assert told(NOW) == ["ed@example.org"]


def test_where_nothing_waits_there_is_no_mail(signed, rao, max_, ed):
    assert told(NOW) == []


def test_a_draft_alone_is_no_mail(guide, ed):
    give(ed, "editor")
    review.write(guide, title="A", summary="", body="B", also_known_as=[], sources=[], by=ed, now=NOW)
    assert told(NOW) == []


# When -------------------------------------------------------------------------------------------------------------


def test_a_mail_waits_for_seven_in_the_morning_where_the_person_lives(submitted, rao):
    User.objects.filter(pk=rao.pk).update(time_zone="America/New_York")
    assert told(dt.datetime(2026, 11, 3, 11, 59, tzinfo=dt.UTC)) == []
    assert told(dt.datetime(2026, 11, 3, 12, 0, tzinfo=dt.UTC)) == ["asha-rao@example.org"]


def test_at_once_where_it_is_asked_for(submitted, rao):
    night = dt.datetime(2026, 11, 3, 3, 0, tzinfo=dt.UTC)
    assert daily_mail.send(night) == 0
    assert daily_mail.send(night, at_any_hour=True) == 1
    assert daily_mail.send(night.replace(hour=9)) == 0


def test_two_ticks_at_once_are_one_mail(submitted, rao):
    assert (daily_mail.send(NOW), daily_mail.send(NOW)) == (1, 0)
    mine = [entry for entry in waiting(Reading(NOW)) if rao.pk in entry.concerns]
    assert not daily_mail._post(rao, mine, NOW)  # as the other tick, which looked before the first had put it


def test_a_day_is_the_persons_own(submitted, rao):
    """Tokyo's Tuesday morning is London's Monday night."""
    User.objects.filter(pk=rao.pk).update(time_zone="Asia/Tokyo")
    hours = [dt.datetime(2026, 11, 2, 0, tzinfo=dt.UTC) + dt.timedelta(hours=hour) for hour in range(24)]
    assert [hour.hour for hour in hours if told(hour)] == [0, 22]


def test_what_waits_is_told_once_on_each_day(submitted, rao):
    for hours in range(0, 10 * 24, 4):
        daily_mail.send(NOW + dt.timedelta(hours=hours))
    assert Outbox.objects.count() == 11  # November 2 to 12


def test_a_check_is_told_60_and_30_days_ahead_and_then_each_day(signed, rao):
    """A mail on every one of sixty days would be read on none of them."""
    days = [days for days in range(64, -4, -1) if told(day_before_due(days))]
    assert days == [60, 30, 0, -1, -2, -3]


def test_a_day_on_which_nothing_ran_is_made_up_for(signed, rao):
    assert told(day_before_due(57)) == ["asha-rao@example.org"]
    assert told(day_before_due(29)) == ["asha-rao@example.org"]


def test_who_cannot_sign_soon_is_told(dr_rao):
    give(dr_rao.user, "reviewer")
    ends = dt.datetime.combine(dr_rao.expires_on, dt.time(12), dt.UTC)
    days = [days for days in (61, 60, 59, 31, 30, 29, 1, 0, -1) if told(ends - days * DAY)]
    assert days == [60, 30, 0]


# What it says -----------------------------------------------------------------------------------------------------


def test_it_says_how_many_of_what_and_where(signed, submit, rao, mailoutbox, other_guide):
    submit(signed, "Second words.")
    mail = sent(mailoutbox, day_before_due(-1))
    assert mail.to == ["asha-rao@example.org"]
    assert mail.subject == "Notes: something waits for you"
    assert mail.body == (
        "Something waits for you on your desk.\n\n"
        "Late: 2\nTo sign: 1\n\n"
        "http://localhost:8000/admin/\n\n"
        "Need to talk to someone now? Call or text 988.\n"
    )


def test_no_word_of_it_tells_what_the_site_is_about():
    words = [text % {"number": 1} for text in daily_mail.words_for().values()]
    assert not [text for text in words if MEDICAL.search(text)]
    assert not re.search(r"guide|review|credential", " ".join(words), re.IGNORECASE)
