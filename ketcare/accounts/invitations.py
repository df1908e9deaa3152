"""Invitations: leave to make an account, by a link that works once and for a while. Only its hash is kept."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.events import Verb
from ketcare.site.models import Invitation

WORKS_FOR = dt.timedelta(days=7)
# The link that `up` prints, which lies in a terminal.
FIRST_WORKS_FOR = dt.timedelta(hours=24)
IN_SESSION = "invitation"
# Groups that a migration makes, with what each may do on the desk.
ROLES = ("editor", "reviewer", "manager")


def hash_of(token: str) -> str:
    return hashlib.sha256(b"ketcare invitation " + token.encode()).hexdigest()


@transaction.atomic
def invite(
    *,
    email: str,
    for_staff: bool,
    by: User | None,
    now: dt.datetime,
    works_for: dt.timedelta = WORKS_FOR,
    roles: Sequence[str] = (),
) -> tuple[Invitation, str]:
    """An invitation and its link, which is told this once. `roles`: the groups that a staff account enters."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_hash=hash_of(token),
        email=email.strip().lower(),
        for_staff=for_staff,
        roles=list(roles),
        invited_by=by,
        made_at=now,
        expires_at=now + works_for,
    )
    events.record(Verb.INVITED, owner=by.ref if by else None, object_ref=str(invitation.ref), now=now)
    return invitation, settings.SITE_URL + reverse("invitation", args=[token])


@transaction.atomic
def revoke(invitation: Invitation, *, by: User | None, now: dt.datetime) -> bool:
    """Takes back one that nobody used; False where somebody did."""
    taken_back = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True)
    if not taken_back.update(revoked_at=now):
        return False
    events.record(Verb.INVITATION_REVOKED, owner=by.ref if by else None, object_ref=str(invitation.ref), now=now)
    return True


def first_link(now: dt.datetime) -> str | None:
    """A new link for the very first clinician, while nobody works on the desk; the one before it dies."""
    if User.objects.filter(is_staff=True).exists():
        return None
    before = Invitation.objects.filter(for_staff=True, email="", invited_by__isnull=True)
    for invitation in before.filter(used_at__isnull=True, revoked_at__isnull=True):
        revoke(invitation, by=None, now=now)
    return invite(email="", for_staff=True, by=None, now=now, works_for=FIRST_WORKS_FOR, roles=ROLES)[1]


def with_token(token: str, now: dt.datetime) -> Invitation | None:
    """The invitation of that link, while it works."""
    found = Invitation.objects.filter(token_hash=hash_of(token)).first()
    return found if found is not None and found.works(now) else None


def brought_by(request: HttpRequest) -> Invitation | None:
    """The invitation with which somebody came to sign up, while it works."""
    ref = request.session.get(IN_SESSION)
    found = Invitation.objects.filter(ref=ref).first() if ref else None
    return found if found is not None and found.works(timezone.now()) else None


def prepare(user: User, invitation: Invitation) -> None:
    """Gives a new account, before it is saved, what the invitation is for."""
    user.is_staff = invitation.for_staff
    # The very first has no inviter: somebody has to be able to invite the next.
    user.is_superuser = invitation.is_first


@transaction.atomic
def use(request: HttpRequest, invitation: Invitation, *, by: User, now: dt.datetime) -> bool:
    """Marks it as used by that account, which enters the groups of what it is for. False where it works no more."""
    working = Invitation.objects.filter(
        pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    )
    # Of several who come at once, the database lets one change it.
    if not working.update(used_at=now):
        return False
    if invitation.for_staff:
        by.groups.set(Group.objects.filter(name__in=invitation.roles))
    events.record(Verb.INVITATION_USED, owner=by.ref, object_ref=str(invitation.ref), now=now)
    request.session.pop(IN_SESSION, None)
    return True
