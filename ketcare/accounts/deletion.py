"""Ending an account: at once, or in seven days unless its owner takes that back.

All rows of a patient go, the key of their journal before all. Whoever works on the desk, or wrote what readers see,
keeps a row that nobody can sign in with: guides name who wrote and signed them, and a signature is never undone.
"""

import datetime as dt
import uuid

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.ending import destroy_journal, wait_for_saves
from ketcare.accounts import letters
from ketcare.accounts.models import User, WebSession
from ketcare.site import destroyed, events
from ketcare.site.destroyed import What
from ketcare.site.events import Verb
from ketcare.site.models import Invitation

WAIT = dt.timedelta(days=7)


def set_deletion(user: User, *, at_once: bool, now: dt.datetime) -> None:
    """Ends the account at once, or in seven days; where a day is set already, that stays. Its owner gets a mail."""
    if at_once:
        _end(user.pk, now=now)
    else:
        _set_day(user, now)


@transaction.atomic
def _set_day(user: User, now: dt.datetime) -> None:
    if not User.objects.filter(pk=user.pk, delete_at__isnull=True).update(delete_at=now + WAIT):
        return
    event = events.record(Verb.DELETION_SET, owner=user.ref, now=now)
    letters.post(
        _("Your account will be deleted in seven days, as was asked on the settings page."),
        _("If you change your mind, or did not ask for that: sign in before then and take it back on that page."),
        kind="deletion set",
        key=f"deletion-set:{event.pk}",
        to=user.email,
        to_user=user,
        subject=_("your account"),
        now=now,
    )


@transaction.atomic
def take_back(user: User, *, now: dt.datetime) -> bool:
    """The account stays; False where nothing was set."""
    if not User.objects.filter(pk=user.pk, delete_at__isnull=False).update(delete_at=None):
        return False
    events.record(Verb.DELETION_UNSET, owner=user.ref, now=now)
    return True


def delete_due(now: dt.datetime) -> int:
    """Ends the accounts whose day has come; says how many. Safe to run twice at once."""
    due = User.objects.filter(delete_at__lte=now).values_list("pk", flat=True)
    return sum(_end(pk, now=now, only_if_due=True) for pk in list(due))


def tell_of_restore(now: dt.datetime) -> int:
    """Tells whoever is to go, after a restore gave them time; says how many. `tick` sends the mails."""
    people = User.objects.filter(delete_at__isnull=False)
    for user in people:
        with override(user.language), timezone.override(user.zone):
            day = date_format(timezone.localtime(user.delete_at), "F j, Y")
            letters.post(
                _("This site was brought back from a copy, which says that your account is to be deleted."),
                _("That will be on %(day)s.") % {"day": day},
                _("To keep it, sign in by then and take that back on the settings page, also if you did so before."),
                kind="deletion moved",
                key=f"deletion-moved:{uuid.uuid4()}",
                to=user.email,
                to_user=user,
                subject=_("your account"),
                now=now,
                soon=False,
            )
    return len(people)


@transaction.atomic
def end_again(ref: uuid.UUID, *, now: dt.datetime) -> bool:
    """Ends an account that a restored backup brought back: its owner was told before. False where it is gone."""
    pk = User.objects.filter(ref=ref).values_list("pk", flat=True).first()
    if pk is not None:
        wait_for_saves(pk)
    user = User.objects.select_for_update().filter(ref=ref).first()
    if user is None:
        return False
    _delete_or_close(user, now)
    return True


def _delete_or_close(user: User, now: dt.datetime) -> bool:
    """Whether all of it is gone. Either way nothing of their journal is left, and that is written down."""
    destroy_journal(user, now=now)
    destroyed.write_down(What.ACCOUNT, user.ref, at=now)
    if not user.is_staff and _delete(user):
        return True
    _close(user)
    return False


@transaction.atomic
def _end(pk: int, *, now: dt.datetime, only_if_due: bool = False) -> bool:
    wait_for_saves(pk)
    # Of several, one gets the row; and whoever took the deletion back before that has taken it back.
    rows = User.objects.select_for_update().filter(pk=pk)
    user = (rows.filter(delete_at__lte=now) if only_if_due else rows).first()
    if user is None:
        return False
    ref, address = user.ref, user.email
    gone = _delete_or_close(user, now)
    event = events.record(Verb.DELETED if gone else Verb.CLOSED, owner=ref, now=now)
    letters.post(
        _("Your account was deleted, as was asked on the settings page. It cannot be brought back.")
        if gone
        else _("Your account was closed, as was asked on the settings page. Your name stays on what you signed."),
        kind="account ended",
        key=f"account-ended:{event.pk}",
        to=address,
        subject=_("your account"),
        now=now,
    )
    return True


def _delete(user: User) -> bool:
    """False where a row that must stay depends on the account; then nothing is gone."""
    address = user.email
    try:
        user.delete()
    except ProtectedError:
        return False
    Invitation.objects.filter(email=address, used_at__isnull=False).delete()
    return True


def _close(user: User) -> None:
    """Nobody can sign in with it any more, and every browser is signed out."""
    Authenticator.objects.filter(user=user).delete()
    WebSession.objects.filter(owner=user).delete()
    user.set_unusable_password()
    user.is_active, user.delete_at = False, None
    user.save(update_fields=["password", "is_active", "delete_at"])
