"""Taking away the second factors of somebody who lost them all: by two colleagues and a day, or from the command line.

It opens nothing by itself: the password stays as it is, and the desk asks for a new factor first.
"""

import datetime as dt
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ketcare.accounts import letters
from ketcare.accounts.models import FactorReset, User, WebSession
from ketcare.site import events
from ketcare.site.events import Verb

WAIT = dt.timedelta(hours=24)


class Refused(Exception):
    """What was asked for may not be done; the message says why."""


def hash_of(token: str) -> str:
    return hashlib.sha256(b"ketcare stop of a factor reset " + token.encode()).hexdigest()


def _open() -> "models.QuerySet[FactorReset]":
    return FactorReset.objects.filter(stopped_at__isnull=True, done_at__isnull=True)


def see_that_it_may_be_asked(owner: User, *, by: User) -> None:
    """Raises Refused where `by` may not ask for that person, or nobody may now."""
    if owner == by:
        raise Refused(_("Somebody else has to ask for you."))
    if not owner.is_staff or not owner.is_active:
        raise Refused(_("This is for people who work on the desk. For others there is the command line."))
    if _open().filter(owner=owner).exists():
        raise Refused(_("Somebody asked for this person already."))


@transaction.atomic
def ask(owner: User, *, by: User, reason: str, now: dt.datetime) -> FactorReset:
    """Begins it for a colleague, who is told at once. Raises Refused."""
    see_that_it_may_be_asked(owner, by=by)
    token = secrets.token_urlsafe(32)
    reset = FactorReset.objects.create(owner=owner, asked_by=by, reason=reason, asked_at=now, stop_hash=hash_of(token))
    events.record(Verb.RESET_ASKED, owner=owner.ref, object_ref=str(by.ref), now=now)
    letters.post(
        _("Somebody who works with you asked to take away the second step of your sign-in, because you lost it."),
        _("If that is so, there is nothing to do. It happens a day after a second colleague agrees."),
        _("If it is not, stop it here:"),
        settings.SITE_URL + reverse("stop_factor_reset", args=[token]),
        kind="factor reset asked",
        key=f"factor-reset-asked:{reset.ref}",
        to=owner.email,
        to_user=owner,
        subject=_("about your sign-in"),
        now=now,
    )
    return reset


@transaction.atomic
def agree(reset: FactorReset, *, by: User, now: dt.datetime) -> None:
    """The second colleague's word, from which the day counts. Raises Refused."""
    reset = FactorReset.objects.select_for_update().get(pk=reset.pk)
    if not reset.is_open or reset.due_at is not None:
        raise Refused(_("There is nothing to agree to any more."))
    if by in {reset.owner, reset.asked_by}:
        raise Refused(_("Two others have to agree: whoever asked, and one more."))
    reset.agreed_by, reset.due_at = by, now + WAIT
    reset.save(update_fields=["agreed_by", "due_at"])
    events.record(Verb.RESET_AGREED, owner=reset.owner.ref, object_ref=str(by.ref), now=now)
    letters.post(
        _("A second colleague agreed to take away the second step of your sign-in. It happens in 24 hours."),
        _("The mail before this one has a link that stops it."),
        kind="factor reset agreed",
        key=f"factor-reset-agreed:{reset.ref}",
        to=reset.owner.email,
        to_user=reset.owner,
        subject=_("about your sign-in"),
        now=now,
    )


def with_token(token: str) -> FactorReset | None:
    """The one that the link in the mail stops, while it can be stopped."""
    return _open().filter(stop_hash=hash_of(token)).first()


@transaction.atomic
def stop(reset: FactorReset, *, by: User, now: dt.datetime) -> bool:
    """Ends it without a deed; False where it was over already."""
    if not _open().filter(pk=reset.pk).update(stopped_at=now):
        return False
    events.record(Verb.RESET_STOPPED, owner=reset.owner.ref, object_ref=str(by.ref), now=now)
    return True


def carry_out(now: dt.datetime) -> int:
    """Does what is due, and says how many that were. Safe to run twice at once."""
    done = 0
    for reset in _open().filter(due_at__lte=now).select_related("owner", "asked_by", "agreed_by"):
        if not all(each and each.is_staff and each.is_active for each in (reset.asked_by, reset.agreed_by)):
            continue  # the word of somebody who was shut out meanwhile counts no more
        with transaction.atomic():
            # Whoever changes the row does the deed, and a stop that came before leaves nothing to change.
            if _open().filter(pk=reset.pk, due_at__lte=now).update(done_at=now):
                take_away(reset.owner, now=now, object_ref=str(reset.ref))
                done += 1
    return done


@transaction.atomic
def take_away(owner: User, *, now: dt.datetime, object_ref: str) -> None:
    """Removes factors and recovery codes, signs all browsers out, and tells the owner. The password stays."""
    Authenticator.objects.filter(user=owner).delete()
    # What is asked for is done: the new factor is not to follow the old one.
    _open().filter(owner=owner).update(stopped_at=now)
    WebSession.objects.filter(owner=owner).delete()
    event = events.record(Verb.RESET_DONE, owner=owner.ref, object_ref=object_ref, now=now)
    letters.post(
        _("The second step of your sign-in was taken away, and every browser was signed out."),
        _("Sign in with your password and set up a new one. If you did not ask for this, call us now."),
        kind="factor reset done",
        key=f"factor-reset-done:{event.pk}",
        to=owner.email,
        to_user=owner,
        subject=_("about your sign-in"),
        now=now,
    )
