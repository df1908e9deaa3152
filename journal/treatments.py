"""Adding, moving and calling off sessions. What was written about one stays with it, whatever happens to its date."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from journal.models import Draft, Treatment
from journal.sealed import Journal
from journal.tokens import FormToken
from journal.words import VERSION
from ketcare.accounts.models import User
from ketcare.sealing import CannotOpen

FIELDS = ("date", "time", "phase", "number")


class Changed(Exception):
    """The session was changed since the form was opened. Nothing was written."""

    def __init__(self, treatment: Treatment) -> None:
        super().__init__()
        self.treatment = treatment


@transaction.atomic
def save(owner: User, journal: Journal, token: FormToken, told: Mapping[str, Any], *, now: dt.datetime) -> Treatment:
    """Saves what the form told (`FIELDS` and the text of `notes`), and drops its draft. Raises Changed, and sealed.Gone
    where the journal was deleted meanwhile.

    The same post again changes nothing and gives the same session.
    """
    journal.hold()
    treatment = _row(owner, token.ref)
    if treatment is None:
        treatment = _created(owner, journal, token, told) or Treatment.objects.get(owner=owner, ref=token.ref)
    if not _holds(journal, treatment, token, told) and not _changed(owner, journal, treatment, token, told):
        treatment.refresh_from_db()
        if not _holds(journal, treatment, token, told):
            raise Changed(treatment)
    Draft.objects.filter(owner=owner, form=token.form).delete()
    return treatment


def _row(owner: User, ref: uuid.UUID) -> Treatment | None:
    return Treatment.objects.filter(owner=owner, ref=ref).first()


def _sealed_notes(journal: Journal, ref: uuid.UUID, version: int, text: str) -> bytes:
    return journal.seal_notes(ref, version, {"v": VERSION, "text": text}) if text else b""


def _created(owner: User, journal: Journal, token: FormToken, told: Mapping[str, Any]) -> Treatment | None:
    version = token.base + 1
    treatment = Treatment(owner=owner, ref=token.ref, zone=owner.time_zone, version=version)
    for name in FIELDS:
        setattr(treatment, name, told[name])
    treatment.notes = _sealed_notes(journal, token.ref, version, told["notes"])
    try:
        with transaction.atomic():
            treatment.save(force_insert=True)
    except IntegrityError:
        return None
    return treatment


def _holds(journal: Journal, treatment: Treatment, token: FormToken, told: Mapping[str, Any]) -> bool:
    """Whether this very post was saved before."""
    if treatment.version != token.base + 1 or any(getattr(treatment, name) != told[name] for name in FIELDS):
        return False
    try:
        return bool(journal.notes_of(treatment).get("text", "") == told["notes"])
    except CannotOpen:
        return False


def _changed(owner: User, journal: Journal, treatment: Treatment, token: FormToken, told: Mapping[str, Any]) -> bool:
    """Writes the next version, in the zone where its owner is now if the date or time moved."""
    if treatment.version != token.base:
        return False
    changes: dict[str, Any] = {name: told[name] for name in FIELDS}
    if (told["date"], told["time"]) != (treatment.date, treatment.time):
        changes["zone"] = owner.time_zone
    changes["version"] = token.base + 1
    changes["notes"] = _sealed_notes(journal, treatment.ref, token.base + 1, told["notes"])
    if not Treatment.objects.filter(pk=treatment.pk, version=token.base).update(**changes):
        return False
    treatment.refresh_from_db()
    return True


def call_off(treatment: Treatment, *, now: dt.datetime) -> None:
    Treatment.objects.filter(pk=treatment.pk, cancelled_at__isnull=True).update(cancelled_at=now)


def take_place_after_all(treatment: Treatment) -> None:
    Treatment.objects.filter(pk=treatment.pk).update(cancelled_at=None)
