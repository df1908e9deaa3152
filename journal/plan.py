"""A person's safety plan in their own words, and the one they would call."""

from dataclasses import dataclass

from journal import sealed
from journal.models import Entry, Kind
from journal.reading import opened
from journal.words import Words
from ketcare.accounts.models import User
from ketcare.crisis import dialled
from ketcare.sealing import CannotOpen


@dataclass(frozen=True)
class Person:
    """Whom somebody would call."""

    name: str
    phone: str

    @property
    def tel(self) -> str:
        return dialled(self.phone)


def plan_entry(owner: User) -> Entry | None:
    """The entry that holds the plan."""
    return Entry.objects.filter(owner=owner, kind=Kind.PLAN, trashed_at__isnull=True).order_by("-written_at").first()


def person_in(words: Words) -> Person | None:
    name, phone = (str(words.get(key, "")).strip() for key in ("person_name", "person_phone"))
    return Person(name, phone) if name or phone else None


def person_of(owner: User) -> Person | None:
    """The person of somebody's plan; None where there is none, or it does not open: the page has to stand."""
    entry = plan_entry(owner)
    try:
        words = opened(sealed.to_read(owner), entry) if entry else None
    except CannotOpen:
        return None
    return person_in(words) if words else None
