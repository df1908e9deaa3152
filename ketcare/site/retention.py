"""What is thrown away with time. A rehearsal of the same deed finds nothing: safe to run twice at once."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from journal import drafts, writing
from journal.models import Draft, Entry
from ketcare.accounts.models import WebSession
from ketcare.site.models import Event, Invitation, Outbox

MAILS: Final = dt.timedelta(days=30)  # without address and words, so that a key is not used twice
EVENTS: Final = dt.timedelta(days=400)  # a year, and time to look back at it
INVITATIONS: Final = dt.timedelta(days=30)  # after each is over
BATCH: Final = 1000


def over(now: dt.datetime) -> Iterator[QuerySet[Any]]:
    """The rows whose time is up, each kind found by an index."""
    mails, invitations = now - MAILS, now - INVITATIONS
    yield WebSession.objects.filter(expires_at__lte=now)
    yield Outbox.objects.filter(Q(sent_at__lte=mails) | Q(given_up_at__lte=mails), next_try__lte=mails)
    yield Event.objects.filter(at__lte=now - EVENTS)
    yield Entry.objects.filter(writing.over(now))
    yield Draft.objects.filter(drafts.over(now))
    yield Invitation.objects.filter(
        Q(expires_at__lte=invitations) | Q(used_at__lte=invitations) | Q(revoked_at__lte=invitations)
    )


def throw_away(now: dt.datetime) -> int:
    """Says how many rows went. Few at a time, so that a long list holds up no writer; where nothing is over, it only
    reads."""
    gone = 0
    for rows in over(now):
        while rows.exists():
            gone += throw_some_away(rows)
    _forget_counters(now)
    return gone


@transaction.atomic
def throw_some_away(rows: QuerySet[Any]) -> int:
    """Under a lock: what somebody takes out of the trash at that moment is not among them."""
    keys = list(rows.select_for_update().order_by().values_list("pk", flat=True)[:BATCH])
    gone: int = rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return gone


def _forget_counters(now: dt.datetime) -> None:
    """Counters of rate limits that are over: their names hold readers' addresses. Django leaves them until the table
    is full."""
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return
    table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]
    moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE expires < %s", [moment])  # noqa: S608 (our own setting)
        if cursor.fetchone()[0]:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [moment])  # noqa: S608 (our own setting)
