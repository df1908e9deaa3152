"""Mails that whisper: for those who asked, on the days after a session, one a day, at their hour.

Three that nobody followed, and there is quiet until its owner is back. `tick` asks every minute.
"""

import datetime as dt
import zoneinfo
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal import window
from journal.models import Entry, Reminder, Treatment
from ketcare import outbox
from ketcare.accounts import letters
from ketcare.accounts.models import User
from ketcare.site.events import Verb
from ketcare.site.models import Event

QUIET_AFTER: Final = 3
HOUR: Final = dt.timedelta(hours=1)
SALT: Final = "journal.reminders"
KIND: Final = "reminder"  # among the mails of the outbox


def send_due(now: dt.datetime) -> int:
    """Puts into the outbox what is due at this moment; says how many. Safe to run twice at once."""
    return sum(_send(reminder, now) for reminder in Reminder.objects.select_related("owner") if _is_due(reminder, now))


def hour_on(date: dt.date, hour: int, zone: dt.tzinfo) -> dt.datetime:
    """The moment at which that hour begins there. One that the clocks leave out begins when they go on; of one that
    comes twice, it is the first."""
    return dt.datetime.combine(date, dt.time(hour), zone).astimezone(dt.UTC)


def _is_due(reminder: Reminder, now: dt.datetime) -> bool:
    owner, zone = reminder.owner, zoneinfo.ZoneInfo(reminder.owner.time_zone)
    today = now.astimezone(zone).date()
    begins = hour_on(today, reminder.hour, zone)
    if not owner.is_active or not begins <= now < begins + HOUR:
        return False
    if reminder.last_sent_at is not None and reminder.last_sent_at >= begins:
        return False
    if not _is_a_day_after(owner, now, zone):
        return False
    midnight = dt.datetime.combine(today, dt.time(), zone)
    return not Entry.objects.filter(owner=owner, saved_at__gte=midnight).exists()  # they were here already


def _is_a_day_after(owner: User, now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether now is on day 1 to 7 of a session, and not on the day of another: by their dates, whenever it began. An
    afternoon's session counts as today until the next morning, and a mail at eight would not come on day 1."""
    near = now.date() - dt.timedelta(days=window.LAST_DAY + 2)
    treatments = Treatment.objects.filter(owner=owner, cancelled_at__isnull=True, date__gte=near)
    days = {window.day_at(now, one.date, zone=zone) for one in treatments}
    return 0 not in days and any(window.is_open(day) for day in days)


@transaction.atomic
def _send(reminder: Reminder, now: dt.datetime) -> bool:
    # Of two at once, one gets the row. Rows that were read before may be of yesterday.
    held = Reminder.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=reminder.pk).first()
    if held is None or not _is_due(held, now):
        return False
    unanswered = 0 if _was_back(held) else held.unanswered
    if unanswered >= QUIET_AFTER:
        return False
    Reminder.objects.filter(pk=held.pk).update(last_sent_at=now, unanswered=unanswered + 1)
    owner, zone = held.owner, zoneinfo.ZoneInfo(held.owner.time_zone)
    today = now.astimezone(zone).date()
    with override(owner.language):
        return letters.post(
            _("You asked for a note at this hour."),
            _("A line is enough, and none is fine: %(address)s") % {"address": f"{settings.SITE_URL}/journal/"},
            _("No more notes: %(address)s") % {"address": settings.SITE_URL + stop_path(owner)},
            kind=KIND,
            key=f"reminder:{owner.ref}:{today}",
            to=owner.email,
            to_user=owner,
            subject=_("a moment for you"),
            now=now,
            until=hour_on(today, held.hour, zone) + HOUR,
        )


def _was_back(reminder: Reminder) -> bool:
    """Whether its owner was seen since the last one: they wrote, they signed in, or a browser of theirs asked."""
    since, owner = reminder.last_sent_at, reminder.owner
    if since is None:
        return True
    signs = (
        Entry.objects.filter(owner=owner).aggregate(last=Max("saved_at"))["last"],
        owner.web_sessions.aggregate(last=Max("seen_at"))["last"],
        Event.objects.filter(owner_ref=owner.ref, verb=Verb.SIGNED_IN).aggregate(last=Max("at"))["last"],
    )
    return any(sign is not None and sign > since for sign in signs)


# Asking and stopping ----------------------------------------------------------------------------------------------


def ask_for(owner: User, hour: int, *, now: dt.datetime) -> None:
    """From now on at that hour; whoever asks again is back."""
    Reminder.objects.update_or_create(owner=owner, defaults={"hour": hour, "asked_at": now, "unanswered": 0})


@transaction.atomic
def stop(owner: User, *, now: dt.datetime) -> None:
    """No mail goes out after that, whatever the mail server said to the first attempt."""
    Reminder.objects.filter(owner=owner).delete()  # first: who is just putting a mail there has the row
    outbox.withdraw(kind=KIND, to_user=owner, now=now)


def stop_path(owner: User) -> str:
    """Works without sign-in and for ever: it ends the mails, and does nothing else."""
    # In hex: among thousands of mails, letters at random come to spell a word such as “dose”.
    return reverse("stop_reminders", args=[Signer(salt=SALT).sign(owner.ref.hex).encode().hex()])


def owner_with(token: str) -> User | None:
    """Whose mails that link stops."""
    try:
        return User.objects.filter(ref=Signer(salt=SALT).unsign(bytes.fromhex(token).decode())).first()
    except (ValueError, BadSignature):
        return None
