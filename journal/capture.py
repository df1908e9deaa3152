"""The page for the hours after a session: prepared on one device, good until 18 hours after it, without sign-in.

Its cookie is sent to this one address. It says whose words they are and which fragment is being written; with it one
can add to that fragment and see it again, and read nothing else. “Done for now” begins a new fragment, and the one
before is closed to the page for good.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from journal import reading, writing
from journal.models import Entry, EntryVersion, Kind, Treatment
from journal.sealed import Journal
from journal.texts import as_kept
from journal.tokens import FormToken, Place
from journal.words import CAPTURED, VERSION, Shape, Words, merged
from ketcare.accounts.models import User

LIFE: Final = dt.timedelta(hours=18)
SALT: Final = "journal.capture"
PATH: Final = "/journal/capture/"
# `__Host-` would send it to every address of the site.
COOKIE: Final = "__Secure-capture" if settings.HTTPS else "capture"
TRIES: Final = 5


@dataclass(frozen=True)
class Pass:
    """What the cookie says: whose page it is, of which session, which fragment is open, and until when."""

    owner: uuid.UUID
    treatment: uuid.UUID | None
    fragment: uuid.UUID
    until: int

    @classmethod
    def made(cls, owner: User, treatment: Treatment | None, *, now: dt.datetime) -> Self:
        until = int(over_at(treatment, now=now).timestamp())
        return cls(owner.ref, treatment.ref if treatment else None, uuid.uuid4(), until)

    @classmethod
    def brought_by(cls, request: HttpRequest, *, now: dt.datetime) -> Self | None:
        """That of the request, while it is good."""
        try:
            told: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
        except signing.BadSignature:
            return None
        if told["until"] <= now.timestamp():
            return None
        treatment = uuid.UUID(told["treatment"]) if told["treatment"] else None
        return cls(uuid.UUID(told["owner"]), treatment, uuid.UUID(told["fragment"]), told["until"])

    def with_new_fragment(self) -> "Pass":
        return replace(self, fragment=uuid.uuid4())

    def set_on(self, response: HttpResponseBase, *, now: dt.datetime) -> None:
        told = {
            "owner": self.owner.hex,
            "treatment": self.treatment.hex if self.treatment else "",
            "fragment": self.fragment.hex,
            "until": self.until,
        }
        response.set_cookie(
            COOKIE,
            signing.dumps(told, salt=SALT),
            max_age=max(0, self.until - int(now.timestamp())),
            path=PATH,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )

    def whose(self) -> User | None:
        return User.objects.filter(ref=self.owner, is_active=True).first()

    def token(self, entry: Entry | None) -> FormToken:
        """For the page's form, so that its words find their owner even when the page is over."""
        place = Place(str(Kind.NOTE), self.treatment)
        return FormToken(self.owner, place, self.fragment, uuid.uuid4(), entry.version if entry else 0)


def over_at(treatment: Treatment | None, *, now: dt.datetime) -> dt.datetime:
    """When a page that is made ready now is over: 18 hours from now, or from the session where that is yet to come.

    Where nobody said at what time it is, it is taken for noon, in the time zone of the page.
    """
    if treatment is None:
        return now + LIFE
    noon = dt.datetime.combine(treatment.date, dt.time(12), timezone.get_current_timezone())
    return max(now, treatment.began or noon) + LIFE


def entry_of(owner: User, held: Pass) -> Entry | None:
    """The fragment that is open, once something is written."""
    return Entry.objects.filter(owner=owner, ref=held.fragment, kind=Kind.NOTE, trashed_at__isnull=True).first()


def words_of(journal: Journal, entry: Entry | EntryVersion | None) -> Words:
    return (reading.opened(journal, entry) if entry else None) or {}


def typed_in(posted: Mapping[str, str]) -> Words:
    """What stands in the four boxes."""
    found = {name: as_kept(posted.get(name, "")).replace("\0", "") for name in CAPTURED}
    return {name: text for name, text in found.items() if text.strip()}


def add(owner: User, journal: Journal, held: Pass, typed: Words, *, base: int, now: dt.datetime) -> Entry | None:
    """Saves the four boxes, as changed since that version of the fragment; None where nothing was ever in them.

    What was written into it elsewhere meanwhile stays, and so does whatever else it holds. Raises `writing.Conflict`
    where others are faster again and again.
    """
    for tries_left in reversed(range(TRIES)):
        # Out of the trash, too: whoever writes on in it wants it.
        entry = Entry.objects.filter(owner=owner, ref=held.fragment).first()
        if entry is None and not typed:
            return None
        saved = words_of(journal, entry)
        before = words_of(journal, writing.version_of(owner, held.fragment, base))
        words = {"v": VERSION, "shape": str(Shape.CAPTURE), **merged(before, saved, typed, CAPTURED)}
        if entry and not entry.trashed_at and words == saved:
            return entry
        try:
            return writing.save(owner, journal, held.token(entry), words, now=now)
        except writing.Conflict:
            if not tries_left:
                raise
    return None
