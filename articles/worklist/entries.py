"""What one entry of the work list says, and under which heading it stands."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOBODY: Final[frozenset[int]] = frozenset()


class Kind(Enum):
    """The headings, most urgent first."""

    CHECKING = _("Pages that readers cannot see")
    URGENT = _("Urgent changes, live and not signed yet")
    LINES = _("Crisis lines to verify")
    OVERDUE = _("Yearly check is late")
    SOURCES = _("Sources that changed")
    TO_SIGN = _("To sign")
    CHANGES = _("Changes asked for")
    DUE_TODAY = _("Due today")
    CREDENTIALS = _("Credentials that run out")
    DUE_IN_30 = _("Due within 30 days")
    DUE_IN_60 = _("Due within 60 days")
    SAMPLES = _("Sample guides")
    DRAFTS = _("Drafts")

    @property
    def heading(self) -> Promise:
        return self.value

    @property
    def waits(self) -> bool:
        """Whether it is to be done now, and not only known about."""
        return self not in {Kind.CREDENTIALS, Kind.DUE_IN_30, Kind.DUE_IN_60, Kind.SAMPLES, Kind.DRAFTS}


@dataclass(frozen=True)
class Entry:
    """One thing that waits. `concerns`: the keys of the accounts whose task it is; `due`: the day on which it ends.

    `deed` is where those do it, `look` where everybody else reads about it.
    """

    kind: Kind
    title: str
    why: str
    when: dt.datetime | dt.date | None
    deed: str
    look: str
    concerns: frozenset[int] = NOBODY
    due: dt.date | None = None
    hide: str = ""
