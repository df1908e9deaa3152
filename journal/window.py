"""Which day of a session's window a moment belongs to: 0 is the day of the session, 1 to 7 are the days after.

Days are dates of the patient's calendar, in the zone where they are now; a traveler's day is the one on their own
clock. Two things make day 0 longer than its date: whoever still writes before 05:00 is in the same night, and where
the time of the session is known, 18 hours after it count as the same day. Knows no model; the zone is passed in.
"""

import datetime

LAST_DAY = 7
NIGHT_ENDS = datetime.time(5)
SESSION_ECHOES = datetime.timedelta(hours=18)
_NOON = datetime.time(12)
_DAY = datetime.timedelta(days=1)


def day_at(
    moment: datetime.datetime,
    session: datetime.date,
    *,
    zone: datetime.tzinfo,
    began: datetime.datetime | None = None,
) -> int:
    """The day at that moment: below 0 before the session, 0 to 7 in its window, above 7 afterwards.

    `began` is the moment of the session, where its time of day is known. `moment` and `began` are aware.
    """
    if began is not None and began <= moment < began + SESSION_ECHOES:
        return 0
    local = moment.astimezone(zone)
    day = _days_between(session, local.date(), zone)
    if local.time() < NIGHT_ENDS and (day == 1 or (day == 0 and began is None)):
        # The night after the session still belongs to it; the night before does not yet.
        return day - 1
    return day


def date_of_today(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.date:
    """The date of a session that somebody says they had today: at night that is the day before."""
    local = moment.astimezone(zone)
    return local.date() - _DAY if local.time() < NIGHT_ENDS else local.date()


def date_of(day: int, session: datetime.date, *, zone: datetime.tzinfo) -> datetime.date:
    """The date on which that day (0 to 7) falls: a date that a zone left out of its calendar is not counted."""
    date = session
    for _ in range(day):
        date += _DAY
        while not _exists(date, zone):
            date += _DAY
    return date


def is_open(day: int) -> bool:
    """Whether that day is in a window."""
    return 0 <= day <= LAST_DAY


def was_written_later(
    day: int,
    written: datetime.datetime,
    session: datetime.date,
    *,
    zone: datetime.tzinfo,
    began: datetime.datetime | None = None,
) -> bool:
    """Whether what is about that day was written on a later one."""
    return day_at(written, session, zone=zone, began=began) > day


def _days_between(first: datetime.date, last: datetime.date, zone: datetime.tzinfo) -> int:
    days = (last - first).days
    if not 0 < days <= LAST_DAY + 1:
        return days
    return days - sum(not _exists(first + _DAY * ahead, zone) for ahead in range(1, days))


def _exists(date: datetime.date, zone: datetime.tzinfo) -> bool:
    """Whether that date occurs there. Samoa had no December 30 in 2011: it changed sides of the date line."""
    noon = datetime.datetime.combine(date, _NOON, zone)
    return noon.astimezone(datetime.UTC).astimezone(zone).date() == date
