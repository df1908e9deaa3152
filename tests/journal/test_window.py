"""Days of a window: no day is skipped and none is doubled, wherever the clocks change."""

import datetime as dt
import os
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from journal.window import LAST_DAY, date_of, day_at, is_open, was_written_later

NEW_YORK, APIA, TOKYO, HONOLULU = (
    ZoneInfo(name) for name in ("America/New_York", "Pacific/Apia", "Asia/Tokyo", "Pacific/Honolulu")
)
SESSION = dt.date(2026, 11, 2)  # a Monday
HOUR = dt.timedelta(hours=1)
FIRST_YEAR, YEARS = 2017, 10


def local(text: str, zone: ZoneInfo = NEW_YORK) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def day(text: str, **options: object) -> int:
    return day_at(local(text), SESSION, **{"zone": NEW_YORK, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-10-26T12:00", -7),
        ("2026-11-01T23:59", -1),
        ("2026-11-02T08:00", 0),
        ("2026-11-02T23:59", 0),
        ("2026-11-03T08:00", 1),
        ("2026-11-03T23:59", 1),
        ("2026-11-04T00:00", 2),
        ("2026-11-09T23:59", 7),
        ("2026-11-10T00:00", 8),
        ("2027-11-02T12:00", 365),
    ],
)
def test_days_are_dates(at: str, expected: int):
    assert day(at) == expected
    assert is_open(day(at)) == (0 <= expected <= 7)


@pytest.mark.parametrize(("at", "expected"), [("T00:00", 0), ("T04:59", 0), ("T05:00", 1)])
def test_the_night_after_the_session_belongs_to_it(at: str, expected: int):
    assert day("2026-11-03" + at) == expected


@pytest.mark.parametrize(("at", "expected"), [("T00:00", -1), ("T04:59", -1), ("T05:00", 0)])
def test_the_night_before_does_not(at: str, expected: int):
    assert day("2026-11-02" + at) == expected


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-11-03T05:00", 0), ("2026-11-03T10:59", 0), ("2026-11-03T11:00", 1)]
)
def test_for_eighteen_hours_after_a_late_session_it_is_still_its_day(at: str, expected: int):
    assert day(at, began=local("2026-11-02T17:00")) == expected


def test_a_morning_session_keeps_its_night_too():
    assert day("2026-11-03T04:59", began=local("2026-11-02T08:00")) == 0
    assert day("2026-11-03T05:00", began=local("2026-11-02T08:00")) == 1


def test_of_two_sessions_on_following_days_the_night_belongs_to_the_first():
    at = local("2026-11-03T02:00")
    assert day_at(at, SESSION, zone=NEW_YORK) == 0
    assert day_at(at, SESSION + dt.timedelta(days=1), zone=NEW_YORK) == -1


def test_windows_overlap():
    """With sessions on Monday and Thursday, Friday is in both windows."""
    friday = local("2026-11-06T12:00")
    assert [day_at(friday, date, zone=NEW_YORK) for date in (SESSION, dt.date(2026, 11, 5))] == [4, 1]


def test_a_day_can_be_written_later():
    assert not was_written_later(1, local("2026-11-03T20:00"), SESSION, zone=NEW_YORK)
    assert was_written_later(1, local("2026-11-05T20:00"), SESSION, zone=NEW_YORK)
    assert not was_written_later(0, local("2026-11-03T02:00"), SESSION, zone=NEW_YORK)


def test_a_traveler_lives_by_the_clock_of_where_they_are():
    session_in_tokyo = local("2026-11-02T15:00", TOKYO)
    landed = local("2026-11-02T09:00", HONOLULU)  # 19 hours later, and still the same date
    assert day_at(landed, SESSION, zone=HONOLULU) == 0
    in_the_air = local("2026-11-01T23:00", HONOLULU)  # 3 hours after the session, and the date before
    assert day_at(in_the_air, SESSION, zone=HONOLULU, began=session_in_tokyo) == 0


def test_a_date_that_samoa_never_had_is_not_counted():
    session = dt.date(2011, 12, 28)
    seen = [day_at(local(f"2011-12-{date}T12:00", APIA), session, zone=APIA) for date in (28, 29, 31)]
    assert seen == [0, 1, 2]
    assert date_of(2, session, zone=APIA) == dt.date(2011, 12, 31)
    assert day_at(local("2012-01-05T12:00", APIA), session, zone=APIA) == 7


def test_in_the_night_after_a_date_that_never_was_it_is_still_the_session_s_day():
    session = dt.date(2011, 12, 29)
    assert day_at(local("2011-12-31T02:00", APIA), session, zone=APIA) == 0
    assert day_at(local("2011-12-31T12:00", APIA), session, zone=APIA) == 1


# Every zone -------------------------------------------------------------------------------------------------------


@cache
def changes_of(name: str) -> tuple[dt.datetime, ...]:
    """The hours, in UTC, in which that zone's clocks change."""
    zone, at = ZoneInfo(name), dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC)
    found, end = [], at.replace(year=FIRST_YEAR + YEARS)
    offset = at.astimezone(zone).utcoffset()
    while at < end:
        later = at + dt.timedelta(days=7)
        if later.astimezone(zone).utcoffset() != offset:
            for hours in range(7 * 24):
                here = (at + HOUR * hours).astimezone(zone).utcoffset()
                there = (at + HOUR * (hours + 1)).astimezone(zone).utcoffset()
                if here != there:
                    found.append(at + HOUR * hours)
            offset = later.astimezone(zone).utcoffset()
        at = later
    return tuple(found)


def sessions_around(changes: tuple[dt.datetime, ...], zone: ZoneInfo) -> Iterator[dt.date]:
    """Each date of a session that has one of the changes in its window, or the night before."""
    for change in changes:
        date = change.astimezone(zone).date()
        yield from (date - dt.timedelta(days=back) for back in range(-1, LAST_DAY + 2))


def check_window(session: dt.date, zone: ZoneInfo, began: dt.datetime | None, *, hours: int = 1) -> None:
    """Every so many hours from the day before to the day after, the day is the same or the next."""
    start = dt.datetime.combine(session, dt.time(12), zone).astimezone(dt.UTC) - dt.timedelta(hours=36)
    moments = (start + HOUR * ahead for ahead in range(0, 24 * 11, hours))
    seen = [number for number, _moments in groupby(day_at(at, session, zone=zone, began=began) for at in moments)]
    assert seen == list(range(seen[0], seen[-1] + 1)), (zone.key, session, began, seen)
    assert seen[0] < 0 < LAST_DAY < seen[-1], (zone.key, session, began, seen)
    for number in range(LAST_DAY + 1):
        noon = dt.datetime.combine(date_of(number, session, zone=zone), dt.time(12), zone)
        assert day_at(noon, session, zone=zone) == number, (zone.key, session, number)


def check_zone(name: str, *, every: int) -> int:
    """How many windows were looked at; of the sessions around changes only one in `every`."""
    zone = ZoneInfo(name)
    dates = sorted({SESSION, *sessions_around(changes_of(name), zone)})[::every]
    for session in dates:
        check_window(session, zone, None)
        check_window(session, zone, dt.datetime.combine(session, dt.time(21), zone))
    return len(dates)


ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


def test_the_zones_with_the_oddest_clocks_skip_and_double_no_day():
    odd = ["Australia/Lord_Howe", "Africa/Casablanca", "America/New_York", "Asia/Gaza", "Pacific/Kiritimati"]
    assert sum(check_zone(name, every=9) for name in odd) > 50


def test_every_zone_has_whole_windows():
    for name in ZONES:
        check_window(SESSION, ZoneInfo(name), None, hours=3)


def test_it_knows_nothing_but_dates():
    """In a Python of its own, importing it brings in no module of ours, and no Django."""
    told = subprocess.run(
        [sys.executable, "-c", "import sys; import journal.window; print([m for m in sys.modules if 'django' in m])"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert told.stdout.strip() == "[]"
