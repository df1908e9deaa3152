"""Where somebody is in their treatment just now: what the first page of their journal answers."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from journal.history import History, Sitting
from journal.models import Phase

# A session that is further away is not what today is about.
SOON: Final = 14  # days
AWAY: Final = dt.timedelta(days=60)


class Moment(StrEnum):
    FIRST_USE = "first-use"
    SESSION_DAY = "session-day"
    AFTER = "after"
    BEFORE = "before"
    BETWEEN = "between"
    KEEPING = "keeping"
    RETURN = "return"


@dataclass(frozen=True)
class Now:
    """The moment, the session that it is about where there is one, and whether another is tomorrow."""

    moment: Moment
    sitting: Sitting | None
    eve: Sitting | None


def now_in(history: History, *, last_written: dt.datetime | None, now: dt.datetime) -> Now:
    """`last_written`: when anything was last written; None where nothing ever was."""
    ahead = history.next
    eve = ahead if ahead is not None and ahead.day == -1 else None
    if history.open:
        latest = history.open[0]
        return Now(Moment.AFTER if latest.day else Moment.SESSION_DAY, latest, eve)
    if ahead is not None and ahead.day >= -SOON:
        return Now(Moment.BEFORE, ahead, eve)
    past = [sitting for sitting in history.sittings if sitting.number and sitting.day > 0]
    if not past and ahead is None and last_written is None:
        return Now(Moment.FIRST_USE, None, None)
    signs = [sign for sign in (last_written, _noon_of(past[-1]) if past else None) if sign is not None]
    if ahead is None and signs and now - max(signs) > AWAY:
        return Now(Moment.RETURN, None, None)
    if past and past[-1].treatment.phase == Phase.MAINTENANCE:
        return Now(Moment.KEEPING, past[-1], None)
    return Now(Moment.BETWEEN, past[-1] if past else None, None)


def _noon_of(sitting: Sitting) -> dt.datetime:
    return dt.datetime.combine(sitting.treatment.date, dt.time(12), dt.UTC)
