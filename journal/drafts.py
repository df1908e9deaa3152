"""Words that are no entry yet, kept for their owner: while they type, and when their web session is gone."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from journal import reading, sealed
from journal.forms import FORMS
from journal.models import Draft, Entry
from journal.sealed import Journal
from journal.texts import as_kept
from journal.tokens import FIELD, FormToken, Place
from journal.words import FROM_THE_PAGE, both
from ketcare.accounts.models import User
from ketcare.sealing import CannotOpen

STALE: Final = dt.timedelta(days=30)  # since it was last typed in
LARGEST: Final = 512 * 1024  # bytes of all that a form holds
# What a form sends besides words.
NO_WORDS: Final = {FIELD, "csrfmiddlewaretoken", "to", "settle"}


class TooLarge(Exception):
    """More than a draft may hold. Nothing was kept."""


@dataclass(frozen=True)
class Unsaved:
    """A draft as its owner finds it again; `fields` are None where it cannot be opened."""

    draft: Draft
    place: Place | None
    fields: dict[str, str] | None


def typed_in(posted: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed or chose in a form; what they left empty is left out."""
    found = {name: as_kept(text) for name, text in posted.items() if name not in NO_WORDS and text.strip()}
    return found if set(found) - FROM_THE_PAGE else {}


@transaction.atomic
def keep(owner: User, journal: Journal, token: FormToken, fields: Mapping[str, str], *, now: dt.datetime) -> None:
    """Keeps what the form holds in place of what it held before; drops it where it holds nothing. Raises TooLarge,
    and sealed.Gone where the journal was deleted meanwhile."""
    journal.hold()
    rows = Draft.objects.filter(owner=owner, ref=token.ref, form=token.form)
    if not fields:
        rows.delete()
        return
    place = token.place
    words = {
        "v": 1,
        "place": {"kind": place.kind, "treatment": str(place.treatment or ""), "day": place.day},
        "fields": dict(fields),
    }
    if len(json.dumps(words, ensure_ascii=False).encode()) > LARGEST:
        raise TooLarge
    columns = {"body": journal.seal_draft(token.ref, token.form, words), "base_version": token.base, "at": now}
    if rows.update(**columns):
        return
    try:
        with transaction.atomic():
            Draft.objects.create(owner=owner, ref=token.ref, form=token.form, **columns)
    except IntegrityError:  # the same form, twice at once
        rows.update(**columns)


def keep_typed(owner: User, journal: Journal, token: FormToken, posted: Mapping[str, str], *, now: dt.datetime) -> None:
    """Keeps what somebody typed in that form, unless it is saved already. Raises TooLarge."""
    fields = typed_in(posted)
    keep(owner, journal, token, {} if _is_saved(owner, journal, token, fields) else fields, now=now)


def _is_saved(owner: User, journal: Journal, token: FormToken, fields: Mapping[str, str]) -> bool:
    """Whether nothing was changed in the form, or all that it holds was saved since, as when it arrives after that."""
    entry = Entry.objects.filter(owner=owner, ref=token.ref, version__gte=token.base).first()
    if entry is None or token.place.kind not in FORMS:
        return False
    form = FORMS[token.place.kind](fields)
    words = reading.opened(journal, entry)
    if words is None or not form.is_valid():
        return False
    mine = form.words()
    return words == (mine if entry.version == token.base else both(words, mine))


def unsaved_of(owner: User, journal: Journal) -> list[Unsaved]:
    """The owner's unsaved texts, newest first."""
    return [opened(journal, draft) for draft in Draft.objects.filter(owner=owner)]


def unsaved(owner: User, form: uuid.UUID) -> Unsaved | None:
    """The owner's draft of that form."""
    draft = Draft.objects.filter(owner=owner, form=form).first()
    return opened(sealed.to_read(owner), draft) if draft else None


def token_of(owner: User, found: Unsaved) -> FormToken:
    """The token with which the form goes on from where it stopped."""
    if found.place is None:
        raise CannotOpen("A draft that does not open has no place.")
    draft = found.draft
    return FormToken(owner.ref, found.place, draft.ref, draft.form, draft.base_version)


def opened(journal: Journal, draft: Draft) -> Unsaved:
    try:
        words: dict[str, Any] = journal.draft_of(draft)
    except CannotOpen:
        return Unsaved(draft, None, None)
    place = words["place"]
    treatment = uuid.UUID(place["treatment"]) if place["treatment"] else None
    return Unsaved(draft, Place(place["kind"], treatment, place["day"]), words["fields"])


def over(now: dt.datetime) -> Q:
    """Which drafts nobody has come back to for their time."""
    return Q(at__lte=now - STALE)
