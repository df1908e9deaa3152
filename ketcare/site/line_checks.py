"""Who checked which crisis line, and when: the desk's own checks beside the dates of the file.

A check is of exactly what the file says of a line. It makes none public: without a date in the file a line is hidden.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ketcare import crisis
from ketcare.accounts.models import User
from ketcare.crisis import VERIFY_AGAIN_AFTER, Line
from ketcare.site import events
from ketcare.site.events import Verb
from ketcare.site.models import LineCheck


class Refused(Exception):
    """A check that may not be written down; the message says why."""


@dataclass(frozen=True)
class Standing:
    """A line of the file with the desk's newest check of it, whatever it said then."""

    line: Line
    check: LineCheck | None

    @property
    def is_of_these_words(self) -> bool:
        """Whether the check is of what the file says now."""
        return self.check is not None and self.check.digest == self.line.digest

    @property
    def looked_at(self) -> dt.date | None:
        """The newest day on which somebody found the line to be as it stands now."""
        days = [self.line.verified]
        if self.check is not None and self.is_of_these_words:
            days.append(self.check.at.date())
        return max((day for day in days if day is not None), default=None)

    @property
    def was_changed(self) -> bool:
        """Whether it says something else than at the desk's last check, and the file names no later day."""
        if self.check is None or self.is_of_these_words:
            return False
        return self.line.verified is None or self.line.verified <= self.check.at.date()

    def why_asked(self, today: dt.date) -> str:
        """Why somebody should call it or look it up; nothing where nobody has to."""
        if self.line.verified is None:
            return ""  # readers do not see it
        if self.was_changed:
            return _("It was changed since somebody checked it.")
        if self.looked_at is None or today - self.looked_at > VERIFY_AGAIN_AFTER:
            return _("Last checked on %(day)s.") % {"day": date_format(self.looked_at or self.line.verified)}
        return ""


def standings(lines: tuple[Line, ...]) -> list[Standing]:
    """The lines, each with its newest check. Asks the database once."""
    newest: dict[str, LineCheck] = {}
    checks = LineCheck.objects.filter(line__in=[line.key for line in lines]).select_related("by")
    for check in checks.order_by("at", "pk"):
        newest[check.line] = check
    return [Standing(line, newest.get(line.key)) for line in lines]


def as_checked(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines, each with the newest day on which somebody found it as it is, in the file or on the desk.

    One that nobody verified in the file stays so.
    """
    return tuple(
        replace(standing.line, verified=standing.looked_at) if standing.line.verified else standing.line
        for standing in standings(lines)
    )


def asked_for(now: dt.datetime) -> Iterator[tuple[Line, str]]:
    """The lines of this site's region that somebody should call or look up, each with the reason."""
    for standing in standings(crisis.region().lines):
        if why := standing.why_asked(now.date()):
            yield standing.line, why


@transaction.atomic
def check(key: str, *, digest: str, called: bool, by: User, now: dt.datetime) -> LineCheck:
    """Writes down that somebody called the line, or looked it up, and found what the file says. Raises Refused.

    `digest` is of what they had before them.
    """
    region = crisis.region()
    line = next((line for line in (*region.lines, *region.unverified) if line.key == key), None)
    if line is None:
        raise Refused(_("There is no such line any more."))
    if line.digest != digest:
        raise Refused(_("This line was changed meanwhile. Look at it again."))
    events.record(Verb.LINE_CALLED if called else Verb.LINE_LOOKED_UP, owner=by.ref, object_ref=line.key, now=now)
    return LineCheck.objects.create(line=line.key, digest=line.digest, by=by, at=now)
