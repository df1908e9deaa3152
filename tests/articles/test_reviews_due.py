"""`manage.py reviews_due`: what it prints, how it ends, whom it mails."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group

from ketcare.site.models import Outbox
from tests.articles.plain_sql import overwrite
from tests.commands import Outcome, run
from tests.conftest import NEXT_YEAR

pytestmark = pytest.mark.django_db

URL = "/guides/integration/rest-first/"


def days_before(days: int, *arguments: str) -> Outcome:
    """What it says that many days before the day of the next review, early in the morning."""
    moment = dt.datetime.combine(NEXT_YEAR - dt.timedelta(days=days), dt.time(3), dt.UTC)
    with time_machine.travel(moment, tick=False):
        return run("reviews_due", *arguments)


def test_where_nothing_is_due_it_says_so(signed):
    outcome = days_before(61)
    assert (outcome.code, outcome.out, outcome.err) == (0, "Nothing is due.\n", "")


@pytest.mark.parametrize(
    ("days", "how"),
    [(60, "due on 2027-11-02"), (0, "due on 2027-11-02"), (-1, "late since 2027-11-02")],
)
def test_what_is_due_or_late_is_a_line_and_the_exit_code_1(signed, days, how):
    outcome = days_before(days)
    assert (outcome.code, outcome.problem) == (1, "1 due.")
    assert outcome.err == f"{URL}: {how}, last signed by Asha Rao\n"


def test_how_far_ahead_can_be_chosen(signed):
    assert days_before(31, "--days=30").code == 0
    assert days_before(30, "--days=30").code == 1
    assert days_before(1, "--days=0").code == 0
    assert days_before(1, "--days=-1").problem == "--days is 0 or more."


@pytest.mark.parametrize("world", ["sample", "urgent", "submitted"])
def test_what_no_clinician_signed_is_never_due(request, world):
    request.getfixturevalue(world)
    assert days_before(-10).code == 0


def test_a_page_that_is_being_checked_is_not_told_here(signed):
    overwrite(signed.live, body="Take more.")
    assert days_before(-10).code == 0


def test_it_mails_at_any_hour_once_a_day(signed, dr_rao, mailoutbox):
    dr_rao.user.groups.add(Group.objects.get(name="reviewer"))
    outcome = days_before(0, "--email")
    assert (outcome.code, outcome.out) == (1, "Mails: 1\n")
    assert days_before(0, "--email").out == "Mails: 0\n"
    assert Outbox.objects.count() == 1


def test_without_being_asked_it_mails_nobody(signed, dr_rao):
    dr_rao.user.groups.add(Group.objects.get(name="reviewer"))
    days_before(0)
    assert not Outbox.objects.exists()
