"""Saving an entry, so that no word is lost: neither to a double press, nor to a second tab, nor to the trash.

Each save names the version that it started from (`FormToken.base`). What was saved over stays as an earlier version.
"""

import datetime as dt
import uuid
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from journal.models import Draft, Entry, EntryVersion, Treatment
from journal.sealed import Journal
from journal.tokens import FormToken
from journal.words import Words
from ketcare.accounts.models import User
from ketcare.sealing import CannotOpen

TRASH: Final = dt.timedelta(days=30)


class Conflict(Exception):
    """Something else was saved there since the form was opened. Nothing was written."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


@transaction.atomic
def save(owner: User, journal: Journal, token: FormToken, words: Words, *, now: dt.datetime) -> Entry:
    """Saves the words at the token's place, and drops the draft of its form. Raises Conflict, and
    sealed.Gone where the journal was deleted meanwhile.

    The same post again, at the same moment or later, changes nothing and gives the same entry.
    """
    journal.hold()
    entry = _row(owner, token.ref)
    if entry is None:
        entry = _created(owner, journal, token, words, now) or _row(owner, token.ref)
        if entry is None:
            raise Conflict(_in_the_way(owner, token))
    if not holds(journal, entry, token, words) and not _changed(journal, entry, token, words, now):
        entry.refresh_from_db()
        if not holds(journal, entry, token, words):  # nor did the same post do it at the same moment
            raise Conflict(entry)
    Draft.objects.filter(owner=owner, form=token.form).delete()
    return entry


def _row(owner: User, ref: uuid.UUID) -> Entry | None:
    return Entry.objects.filter(owner=owner, ref=ref).first()


def _created(owner: User, journal: Journal, token: FormToken, words: Words, now: dt.datetime) -> Entry | None:
    """The new entry, or None where another is in its place. With a base, it was deleted while the form was open."""
    place, version = token.place, token.base + 1
    entry = Entry(owner=owner, ref=token.ref, kind=place.kind, day=place.day, version=version)
    entry.treatment = treatment_at(owner, token)
    entry.body = journal.seal_entry(entry.ref, version, words)
    entry.written_at = entry.saved_at = now
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return None
    return entry


def version_of(owner: User, ref: uuid.UUID, version: int) -> Entry | EntryVersion | None:
    """What that entry is now, or was before, in that version."""
    if entry := Entry.objects.filter(owner=owner, ref=ref, version=version).first():
        return entry
    earlier = EntryVersion.objects.filter(entry__owner=owner, entry__ref=ref, version=version)
    return earlier.select_related("entry").first()


def treatment_at(owner: User, token: FormToken) -> Treatment | None:
    """The session that the form is about; None where it is about none, or that one is gone."""
    ref = token.place.treatment
    return Treatment.objects.filter(owner=owner, ref=ref).first() if ref else None


def _in_the_way(owner: User, token: FormToken) -> Entry:
    """What already stands where only one may: that day's reflection, or the session's intentions."""
    place = token.place
    standing = Entry.objects.filter(owner=owner, kind=place.kind, day=place.day, trashed_at__isnull=True)
    return standing.get(treatment=treatment_at(owner, token))


def holds(journal: Journal, entry: Entry, token: FormToken, words: Words) -> bool:
    """Whether this very post was saved before: its version says what it says."""
    version = token.base + 1
    if entry.version < version:
        return False
    kept: Entry | EntryVersion | None = entry
    if entry.version > version:
        kept = EntryVersion.objects.filter(entry=entry, version=version).first()
    try:
        return kept is not None and journal.words_of(kept) == words
    except CannotOpen:
        return False


def _changed(journal: Journal, entry: Entry, token: FormToken, words: Words, now: dt.datetime) -> bool:
    """Writes the next version; False where another was faster. What lay in the trash is out of it again."""
    if entry.version != token.base:
        return False
    before = EntryVersion(entry=entry, version=entry.version, body=entry.body, at=entry.saved_at)
    entry.version, entry.saved_at, entry.trashed_at = token.base + 1, max(now, entry.saved_at), None
    entry.body = journal.seal_entry(entry.ref, entry.version, words)
    changes = {name: getattr(entry, name) for name in ("version", "saved_at", "trashed_at", "body")}
    try:
        with transaction.atomic():
            if not Entry.objects.filter(pk=entry.pk, version=token.base).update(**changes):
                return False
            before.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_in_the_way(entry.owner, token)) from None
    return True


# Trash ------------------------------------------------------------------------------------------------------------


def put_in_trash(entry: Entry, *, now: dt.datetime) -> None:
    """Out of sight, and for 30 days to be had back."""
    _with_outcome(entry).filter(trashed_at__isnull=True).update(trashed_at=now)


def take_out_of_trash(entry: Entry) -> bool:
    """False where another has taken its place meanwhile: there is one reflection a day."""
    try:
        with transaction.atomic():
            _with_outcome(entry).update(trashed_at=None)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def delete_for_good(entry: Entry) -> None:
    """The entry with its earlier versions and drafts."""
    Draft.objects.filter(owner=entry.owner_id, ref=entry.ref).delete()
    _with_outcome(entry).delete()


def _with_outcome(entry: Entry) -> QuerySet[Entry]:
    """The entry, and what became of its small step, which goes with it."""
    return Entry.objects.filter(owner=entry.owner_id, ref__in=[entry.ref, entry.outcome_ref])


def over(now: dt.datetime) -> Q:
    """Which entries have lain in the trash for their time."""
    return Q(trashed_at__lte=now - TRASH)
