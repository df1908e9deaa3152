"""The signed token in every form of the journal: whose it is, what it writes, and from which version it started.

With it, what somebody sends is theirs even when their web session is gone by then. It opens nothing: it only says to
whom the words belong. Nothing of it is secret from the person whose page holds it.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django.core import signing
from django.utils.translation import gettext_lazy as _

from journal.models import Kind, Treatment
from ketcare.accounts.models import User

LIFE: Final = dt.timedelta(hours=24)
SALT: Final = "journal.form"
FIELD: Final = "token"  # its name in a form
SESSION: Final = "session"  # the form of a treatment, beside the kinds of entries


@dataclass(frozen=True)
class Place:
    """What a form writes: a kind of entry (or a session), and of which session and day."""

    kind: str
    treatment: uuid.UUID | None = None
    day: int = 0

    @classmethod
    def of(cls, kind: str, treatment: Treatment | None = None, day: int = 0) -> Self:
        return cls(str(kind), treatment.ref if treatment else None, day)

    @property
    def label(self) -> str:
        """What it is called where several are listed."""
        return str(_("Session")) if self.kind == SESSION else str(Kind(self.kind).label)


@dataclass(frozen=True)
class FormToken:
    """`form` names this one opening of the form; `base` is the version it started from, 0 for something new."""

    owner: uuid.UUID
    place: Place
    ref: uuid.UUID
    form: uuid.UUID
    base: int = 0

    @classmethod
    def for_new(cls, owner: User, place: Place) -> Self:
        return cls(owner.ref, place, uuid.uuid4(), uuid.uuid4())

    @classmethod
    def for_old(cls, owner: User, place: Place, ref: uuid.UUID, version: int) -> Self:
        return cls(owner.ref, place, ref, uuid.uuid4(), version)

    def moved_to(self, ref: uuid.UUID, version: int) -> "FormToken":
        """The same form, to be saved over that version."""
        return replace(self, ref=ref, base=version)

    def signed(self) -> str:
        place = self.place
        return signing.dumps(
            {
                "owner": self.owner.hex,
                "kind": place.kind,
                "treatment": place.treatment.hex if place.treatment else "",
                "day": place.day,
                "ref": self.ref.hex,
                "form": self.form.hex,
                "base": self.base,
            },
            salt=SALT,
        )


def read(text: str, *, still_alive: bool = True) -> FormToken | None:
    """The token, if this site signed it; with `still_alive`, only if that was within its life."""
    try:
        told: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LIFE if still_alive else None)
    except signing.BadSignature:
        return None
    treatment = uuid.UUID(told["treatment"]) if told["treatment"] else None
    return FormToken(
        owner=uuid.UUID(told["owner"]),
        place=Place(told["kind"], treatment, told["day"]),
        ref=uuid.UUID(told["ref"]),
        form=uuid.UUID(told["form"]),
        base=told["base"],
    )
