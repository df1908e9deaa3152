"""What is thrown away with time, to the second, and what is not."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from journal.drafts import STALE
from journal.models import Draft, Entry
from journal.writing import TRASH
from ketcare.accounts.models import User, WebSession
from ketcare.site.models import Event, Invitation, Outbox
from ketcare.site.retention import EVENTS, INVITATIONS, MAILS, throw_away, throw_some_away
from tests.conftest import NOW
from tests.journal.conftest import entry_of

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


def session(name: str, expires: dt.datetime) -> None:
    begun = expires - HOUR
    WebSession.objects.create(key_hash=name, sealed=b"", started_at=begun, seen_at=begun, expires_at=expires)


def mail(key: str, **columns) -> None:
    Outbox.objects.create(key=key, kind="code", **{"due": NOW, "next_try": NOW, **columns})


def invitation(name: str, expires: dt.datetime, **columns) -> None:
    Invitation.objects.create(token_hash=name, made_at=expires - 60 * 24 * HOUR, expires_at=expires, **columns)


def test_the_times_are_as_the_pages_say():
    assert (MAILS.days, EVENTS.days, INVITATIONS.days) == (30, 400, 30)
    assert (STALE.days, TRASH.days) == (30, 30)


def test_web_sessions_go_when_they_are_over_v14_2_7():
    session("over", NOW)
    session("on", NOW + SECOND)
    assert throw_away(NOW) == 1
    assert [row.key_hash for row in WebSession.objects.all()] == ["on"]


def test_mails_go_thirty_days_after_they_were_sent_or_given_up_v14_2_7():
    long_ago = NOW - MAILS
    mail("sent", sent_at=long_ago, next_try=long_ago)
    mail("given up", given_up_at=long_ago, next_try=long_ago - HOUR)
    mail("sent later", sent_at=long_ago + SECOND, next_try=long_ago)
    mail("waiting", due=long_ago, next_try=long_ago)
    assert throw_away(NOW) == 2
    assert {row.key for row in Outbox.objects.all()} == {"sent later", "waiting"}


def test_events_go_after_four_hundred_days_v14_2_7():
    for name, at in {"old": NOW - EVENTS, "newer": NOW - EVENTS + SECOND}.items():
        Event.objects.create(at=at, verb=name)
    assert throw_away(NOW) == 1
    assert [row.verb for row in Event.objects.all()] == ["newer"]


def test_invitations_go_thirty_days_after_they_are_over_v14_2_7():
    long_ago = NOW - INVITATIONS
    invitation("expired", long_ago)
    invitation("used", NOW + HOUR, used_at=long_ago)
    invitation("taken back", NOW + HOUR, revoked_at=long_ago)
    invitation("expired later", long_ago + SECOND)
    invitation("used later", NOW + HOUR, used_at=long_ago + SECOND)
    invitation("open", NOW + HOUR)
    assert throw_away(NOW) == 3
    assert {row.token_hash for row in Invitation.objects.all()} == {"expired later", "used later", "open"}


def test_counters_of_rate_limits_go_when_they_are_over():
    """Their names hold addresses of readers."""
    cache.set("rl:203.0.113.7", 1, timeout=60)
    cache.set("rl:203.0.113.8", 1, timeout=10_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(expires) FROM ketcare_cache")
        throw_away(dt.datetime.now(dt.UTC) + HOUR)
        cursor.execute("SELECT cache_key FROM ketcare_cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:rl:203.0.113.8"]


def test_more_than_one_batch_goes(monkeypatch):
    monkeypatch.setattr("ketcare.site.retention.BATCH", 2)
    for number in range(5):
        session(str(number), NOW - HOUR)
    assert throw_away(NOW) == 5


def draft(owner: User, at: dt.datetime) -> Draft:
    return Draft.objects.create(owner=owner, ref=uuid.uuid4(), form=uuid.uuid4(), body=b"sealed", at=at)


def test_unsaved_text_goes_thirty_days_after_somebody_typed_in_it_v14_2_7():
    alice = User.objects.create_user("alice@example.org")
    draft(alice, NOW - STALE)
    later = draft(alice, NOW - STALE + SECOND)
    assert throw_away(NOW) == 1
    assert list(Draft.objects.all()) == [later]


def test_what_comes_out_of_the_trash_at_that_moment_stays():
    """Between the question what is over and the deed."""
    alice = User.objects.create_user("alice@example.org")
    entry = entry_of(alice, trashed_at=NOW - TRASH)
    over = Entry.objects.filter(trashed_at__lte=NOW - TRASH)
    assert over.exists()
    Entry.objects.update(trashed_at=None)
    assert throw_some_away(over) == 0
    assert Entry.objects.get() == entry


def test_where_nothing_is_over_it_asks_a_question_for_each_kind_and_writes_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    session("on", NOW + HOUR)
    with django_assert_num_queries(7) as asked:
        assert throw_away(NOW) == 0
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_accounts_and_what_is_not_over_stay():
    User.objects.create_user("alice@example.org")
    throw_away(NOW + dt.timedelta(days=4000))
    assert User.objects.count() == 1
