"""Today: what could be done now, and what waits."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from journal.models import Kind
from ketcare.accounts.models import User
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import text_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def today(alice: User) -> dt.date:
    """At four in the afternoon where Alice is, whatever the hour here."""
    return timezone.localtime(timezone.now(), timezone.get_fixed_timezone(-300)).date()


def page_of(client: Client) -> str:
    return text_of(client.get("/journal/"))


def test_with_nothing_planned_one_can_write_anyway(alices: Client):
    assert "Nothing planned. You can write a line anyway, or add a date." in page_of(alices)


def test_before_a_session_it_offers_to_write_what_one_goes_in_with(alice: User, alices: Client, today: dt.date):
    treatment = treatment_of(alice, today + 3 * DAY)
    assert "Coming up Session 1" in page_of(alices)
    assert "Write what you go in with" in page_of(alices)
    entry_of(alice, treatment=treatment, kind=Kind.INTENTION)
    assert "Write what you go in with" not in page_of(alices)


def test_in_a_window_it_offers_the_day_and_earlier_ones_in_passing(alice: User, alices: Client, today: dt.date):
    treatment = treatment_of(alice, today - 4 * DAY)
    page = page_of(alices)
    assert "Day 4 after" in page or "Day 3 after" in page  # in the night it is still the day before
    assert "Write about today" in page
    assert "missed" not in page
    for day in (3, 4, 5):
        entry_of(alice, treatment=treatment, kind=Kind.REFLECTION, day=day)
    assert "Read what you wrote today" in page_of(alices)


def test_overlapping_windows_are_both_within_reach(alice: User, alices: Client, today: dt.date):
    treatment_of(alice, today - 6 * DAY)
    treatment_of(alice, today - 3 * DAY)
    page = page_of(alices)
    assert page.index("Session 2,") < page.index("Session 1,")
