"""One mail a day at most to each person for whom something waits on the desk: how many of what, and no word of it.

What is to be done now is told every day. What comes due later is told when it is 60 and 30 days away, and otherwise
stands in a mail that goes out anyway.
"""

import datetime as dt
import logging
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from articles import worklist
from articles.worklist import Entry, Kind, Reading, places
from articles.worklist.gathering import SOON, SOONER
from ketcare.accounts import letters
from ketcare.accounts.models import User
from ketcare.site.models import Outbox

log = logging.getLogger("articles.daily_mail")

KIND: Final = "desk"
# In the person's own time zone.
NOT_BEFORE: Final = dt.time(7)


def words_for() -> dict[Kind, str]:
    """What a mail calls each kind, so that nobody who reads it over a shoulder learns what the site is about."""
    return {
        Kind.CHECKING: _("Pages that do not show: %(number)d"),
        Kind.URGENT: _("Urgent, to sign: %(number)d"),
        Kind.LINES: _("Phone numbers to check: %(number)d"),
        Kind.OVERDUE: _("Late: %(number)d"),
        Kind.SOURCES: _("Changed elsewhere, to look at: %(number)d"),
        Kind.TO_SIGN: _("To sign: %(number)d"),
        Kind.CHANGES: _("Changes asked for: %(number)d"),
        Kind.DUE_TODAY: _("Due today: %(number)d"),
        Kind.CREDENTIALS: _("Dates that run out: %(number)d"),
        Kind.DUE_IN_30: _("Due within 30 days: %(number)d"),
        Kind.DUE_IN_60: _("Due within 60 days: %(number)d"),
    }


def send(now: dt.datetime, *, at_any_hour: bool = False) -> int:
    """Puts the mails of this day into the outbox, and says how many. Safe to run twice at once."""
    people = [user for user in _at_work() if at_any_hour or _local(user, now).time() >= NOT_BEFORE]
    told = set(Outbox.objects.filter(key__in=[_key(user, now) for user in people]).values_list("key", flat=True))
    people = [user for user in people if _key(user, now) not in told]
    if not people:
        return 0
    try:
        found = [entry for entry in worklist.waiting(Reading(now)) if entry.kind in words_for()]
    except ValueError:
        # What waits for others is no less important than the rest of what `tick` does.
        log.error("A row holds what makes no sense in its column: nobody is told what waits. See verify_reviews.")
        return 0
    sent = 0
    for user in people:
        mine = [entry for entry in found if user.pk in entry.concerns]
        if mine and _is_news(mine, user, now):
            sent += _post(user, mine, now)
    return sent


def _at_work() -> "Iterable[User]":
    return User.objects.filter(is_active=True, is_staff=True).order_by("pk")


def _local(user: User, now: dt.datetime) -> dt.datetime:
    return now.astimezone(zoneinfo.ZoneInfo(user.time_zone))


def _key(user: User, now: dt.datetime) -> str:
    return f"desk:{user.ref}:{_local(user, now).date().isoformat()}"


def _is_news(mine: Iterable[Entry], user: User, now: dt.datetime) -> bool:
    """Whether any of it is to be done now, or has come near since the last of these mails."""
    if any(entry.kind.waits for entry in mine):
        return True
    last = Outbox.objects.filter(kind=KIND, to_user=user, due__lt=now).order_by("-due").values_list("due", flat=True)
    before = last.first()
    if before is None:
        return True
    days = [entry.due - dt.timedelta(days=ahead) for entry in mine for ahead in (SOON, SOONER, 0) if entry.due]
    return any(before.date() < day <= now.date() for day in days)


def _post(user: User, mine: Iterable[Entry], now: dt.datetime) -> bool:
    count = Counter(entry.kind for entry in mine)
    lines = [words % {"number": count[kind]} for kind, words in words_for().items() if count[kind]]
    return letters.post(
        _("Something waits for you on your desk."),
        "\n".join(lines),
        settings.SITE_URL + places.desk(),
        kind=KIND,
        key=_key(user, now),
        to=user.email,
        to_user=user,
        subject=_("something waits for you"),
        now=now,
    )
