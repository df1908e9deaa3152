"""Sessions in the order of their dates: numbers, windows and what phase the dates suggest."""

import datetime as dt

import pytest

from journal.history import History
from journal.models import Phase, Treatment
from tests.conftest import NOW

TODAY = NOW.date()


def on(days: int, **columns: object) -> Treatment:
    """A session so many days after today."""
    return Treatment(date=TODAY + dt.timedelta(days=days), zone="UTC", **columns)


def history(*treatments: Treatment) -> History:
    for number, treatment in enumerate(treatments, 1):
        treatment.pk = number
    return History.at(treatments, now=NOW, zone=dt.UTC)


def numbers(*treatments: Treatment) -> list[int | None]:
    return [sitting.number for sitting in history(*treatments).sittings]


def test_sessions_are_counted_by_their_dates():
    assert numbers(on(7), on(0), on(3)) == [1, 2, 3]


def test_whoever_comes_in_the_middle_is_counted_on_from_there():
    assert numbers(on(-9, number=7), on(-2), on(5)) == [7, 8, 9]


def test_a_session_that_was_called_off_has_no_number():
    assert numbers(on(0), on(3, cancelled_at=NOW), on(7)) == [1, None, 2]


def test_the_newest_open_window_comes_first():
    found = history(on(-9), on(-4), on(-1), on(3))
    assert [(sitting.number, sitting.day) for sitting in found.open] == [(3, 1), (2, 4)]
    assert found.next is not None
    assert (found.next.number, found.next.day) == (4, -3)


def test_what_was_called_off_opens_no_window():
    found = history(on(-1, cancelled_at=NOW), on(2, cancelled_at=NOW))
    assert (found.open, found.next, len(found.called_off)) == ([], None, 2)


@pytest.mark.parametrize(
    ("earlier", "gap", "number", "expected"),
    [
        ([], 0, None, Phase.INDUCTION),
        ([], 0, 3, Phase.INDUCTION),
        ([], 0, 9, Phase.MAINTENANCE),
        ([Phase.INDUCTION], 3, None, Phase.INDUCTION),
        ([Phase.INDUCTION], 10, None, Phase.INDUCTION),
        ([Phase.INDUCTION], 12, None, Phase.INDUCTION),
        ([Phase.INDUCTION], 14, None, Phase.MAINTENANCE),
        ([Phase.UNSURE], 30, None, Phase.MAINTENANCE),
        ([Phase.MAINTENANCE], 7, None, Phase.MAINTENANCE),
    ],
)
def test_the_dates_suggest_a_phase(earlier: list[Phase], gap: int, number: int | None, expected: Phase):
    found = history(*(on(-gap, phase=phase) for phase in earlier))
    assert found.suggested_phase(TODAY, number) == expected
