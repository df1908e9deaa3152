"""The audit: what happened to accounts and on the desk, as rows and as log lines. No content, no address.

A person sees their own on their page of events; the lines are for those who run the site.
"""

import datetime as dt
import json
import logging
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ketcare.site.models import Event

log = logging.getLogger("ketcare.events")


class Verb(models.TextChoices):
    """What can happen, in the words that its owner reads."""

    SIGNED_UP = "signed up", _("Account made")
    SIGNED_IN = "signed in", _("Signed in")
    REFUSED = "sign-in refused", _("A sign-in was refused")
    SIGNED_OUT = "signed out", _("Signed out")
    ENDED = "browser signed out", _("A browser was signed out")
    PASSWORD = "password changed", _("Password changed")
    PASSWORD_RESET = "password reset", _("Password set anew by mail")
    EMAIL = "e-mail changed", _("E-mail address changed")
    FACTOR_ADDED = "factor added", _("Second factor or passkey added")
    FACTOR_REMOVED = "factor removed", _("Second factor or passkey removed")
    CODES = "recovery codes made", _("Recovery codes made")
    RECOVERY = "recovery code used", _("A recovery code was used")
    INVITED = "invited", _("Invitation sent")
    INVITATION_REVOKED = "invitation taken back", _("Invitation taken back")
    INVITATION_USED = "invitation used", _("Invitation used")
    DOWNLOADED = "everything downloaded", _("Everything you wrote was downloaded")
    JOURNAL_DELETED = "words deleted", _("Everything you wrote was deleted")
    DELETION_SET = "deletion set", _("Account to be deleted")
    DELETION_UNSET = "deletion taken back", _("Deletion taken back")
    DELETED = "account deleted", _("Account deleted")
    CLOSED = "account closed", _("Account closed")
    ROLES = "roles changed", _("Access to the desk changed")
    REVIEWER = "reviewer profile changed", _("Reviewer profile changed")
    CLINIC = "clinic changed", _("Clinic details changed")
    REGION = "crisis region looked at", _("Crisis numbers looked at")
    LINE_CALLED = "crisis line called", _("Crisis line called and found right")
    LINE_LOOKED_UP = "crisis line looked up", _("Crisis line looked up and found right")
    SOURCE_CHANGED = "source changed", _("Record of a source changed")
    SOURCE_WARNED = "safety notice entered", _("Safety notice about a source entered")
    SOURCE_CLEARED = "changed source cleared", _("Changed source looked at, and noted that the words stand")
    RESET_ASKED = "factor reset asked", _("Somebody asked to take away your second factor")
    RESET_AGREED = "factor reset agreed", _("A colleague agreed to take away your second factor")
    RESET_STOPPED = "factor reset stopped", _("Taking away your second factor was stopped")
    RESET_DONE = "factor reset done", _("Your second factor was taken away")
    HANDED_IN = "guide handed in", _("Guide handed in for review")
    SIGNED = "guide signed", _("Guide signed")
    CORRECTED = "guide corrected", _("Correction of a guide signed")
    URGENT = "guide changed urgently", _("Guide changed urgently")
    CHANGES = "changes asked for", _("Changes to a guide asked for")
    REVOKED = "signature taken back", _("Signature on a guide taken back")
    WITHDRAWN = "guide withdrawn", _("Guide withdrawn")
    BROUGHT_BACK = "guide brought back", _("Guide brought back")
    MOVED = "guide moved", _("Guide moved to another address")
    HIDDEN = "sample hidden", _("Sample guide hidden")
    SOLO_ON = "sole clinician", _("“One clinician writes and signs” switched on")
    SOLO_OFF = "no sole clinician", _("“One clinician writes and signs” switched off")
    MAIL_GIVEN_UP = "mail given up", _("A mail could not be delivered")


def record(verb: Verb, *, owner: UUID | None, object_ref: str = "", now: dt.datetime | None = None) -> Event:
    """Adds the event, and writes its line of JSON. `owner`: the ref of the account that it happened to."""
    at = now or timezone.now()
    event = Event.objects.create(at=at, owner_ref=owner, verb=verb.value, object_ref=object_ref[:60])
    line = {"at": at.isoformat(), "verb": verb.value, "owner": str(owner) if owner else None, "object": object_ref[:60]}
    log.info("%s", json.dumps(line))
    return event
