"""Cards by the gap between two sessions. Alice's session is on Monday, November 2, 2026."""

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.cards import ALL, Card, When, around, day_of, days_after

MONDAY = dt.date(2026, 11, 2)


def after(days: int) -> dt.date:
    return MONDAY + dt.timedelta(days=days)


def cards_of(gap: int | None) -> list[int]:
    return [int(day.card) for day in days_after(MONDAY, None if gap is None else after(gap), MONDAY)]


@pytest.mark.parametrize(
    ("gap", "cards"),
    [
        (1, []),
        (2, [4]),
        (3, [1, 4]),
        (4, [1, 2, 4]),
        (5, [1, 2, 4, 7]),
        (6, [1, 2, 4, 5, 7]),
        (7, [1, 2, 3, 4, 5, 7]),
        (8, [1, 2, 3, 4, 5, 6, 7]),
        (30, [1, 2, 3, 4, 5, 6, 7]),
        (None, [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_cards_follow_the_gap_to_the_next_session(gap, cards):
    assert cards_of(gap) == cards


@pytest.mark.parametrize("gap", [2, 3, 4])
def test_before_a_near_session_the_last_card_is_small_and_brings_one_thing_along(gap):
    *others, last = days_after(MONDAY, after(gap), MONDAY)
    assert (last.card, last.small, last.bring_along) == (Card.STEP, True, True)
    assert not any(day.small or day.bring_along for day in others)


@pytest.mark.parametrize("gap", [5, 6, 7, 8, None])
def test_with_more_room_no_card_is_small(gap):
    days = days_after(MONDAY, after(gap) if gap else None, MONDAY)
    assert not any(day.small or day.bring_along for day in days)


@pytest.mark.parametrize(("gap", "days"), [(2, []), (3, [2]), (4, [2, 3]), (7, [2, 3]), (None, [2, 3])])
def test_the_notes_wait_on_the_second_and_the_third_day(gap, days):
    found = days_after(MONDAY, after(gap) if gap else None, MONDAY)
    assert [day.number for day in found if day.meaning_later] == days


def test_the_other_cards_wait_under_more():
    (day,) = days_after(MONDAY, after(2), after(1))
    assert day.more == (1, 2, 3, 5, 6, 7)


def test_a_day_says_whether_it_is_past_today_or_to_come():
    days = days_after(MONDAY, None, after(3))
    assert [day.when for day in days] == [When.PAST] * 2 + [When.TODAY] + [When.TO_COME] * 4
    assert days[2].date == dt.date(2026, 11, 5)


def test_the_day_of_a_session_offers_no_card():
    assert day_of(MONDAY, None, MONDAY) is None


def test_after_the_seventh_day_no_card_is_offered():
    assert day_of(MONDAY, None, after(8)) is None


def test_a_session_on_the_next_day_leaves_all_to_its_own_days():
    assert day_of(MONDAY, after(1), after(1)) is None
    assert day_of(after(1), None, after(2)) is not None


@pytest.mark.parametrize("gap", [0, -1])
def test_the_next_session_comes_after_this_one(gap):
    with pytest.raises(ValueError, match="comes after"):
        days_after(MONDAY, after(gap), MONDAY)


def test_a_day_belongs_to_the_later_of_two_sessions():
    sessions = [after(3), MONDAY, after(7)]
    assert around(sessions, after(2)) == (MONDAY, after(3))
    assert around(sessions, after(3)) == (after(3), after(7))
    assert around(sessions, after(5)) == (after(3), after(7))
    assert around(sessions, after(20)) == (after(7), None)
    assert around([after(3)], MONDAY) == (None, after(3))
    assert around([], MONDAY) == (None, None)


def test_a_session_that_is_planned_meanwhile_brings_the_small_step_forward():
    """Until Wednesday nothing was planned; then somebody offers Friday."""
    unplanned, planned = day_of(MONDAY, None, after(3)), day_of(MONDAY, after(4), after(3))
    assert unplanned is not None
    assert planned is not None
    assert (unplanned.card, planned.card) == (Card.PEOPLE, Card.STEP)


gaps = st.lists(st.integers(2, 40), min_size=1, max_size=12)


def dates(gaps: list[int]) -> list[dt.date]:
    found = [MONDAY]
    for gap in gaps:
        found.append(found[-1] + dt.timedelta(days=gap))
    return found


@given(gaps)
def test_nobody_misses_the_small_step_or_keeping_one_thing(gaps):
    sessions = dates(gaps)
    for session, following in zip(sessions, [*sessions[1:], None], strict=True):
        days = days_after(session, following, session)
        offered = {day.card for day in days}
        assert Card.STEP in offered
        assert Card.KEEPING in offered or any(day.bring_along for day in days)


@given(gaps, st.integers(0, 500))
def test_every_day_belongs_to_one_session_and_has_one_card_at_most(gaps, later):
    sessions, today = dates(gaps), MONDAY + dt.timedelta(days=later)
    session, following = around(sessions, today)
    assert session is not None
    offering = [
        one for one, other in zip(sessions, [*sessions[1:], None], strict=True) if day_of(one, other, today) is not None
    ]
    assert offering in ([], [session])
    since = (today - session).days
    assert bool(offering) == (1 <= since <= 7)
    day = day_of(session, following, today)
    assert day is None or day.number == since


@given(st.one_of(st.none(), st.integers(1, 60)))
def test_days_are_in_order_and_every_card_is_within_reach(gap):
    days = days_after(MONDAY, after(gap) if gap else None, MONDAY)
    assert [day.number for day in days] == list(range(1, len(days) + 1))
    assert [day.card for day in days] == sorted({day.card for day in days})
    assert all({day.card, *day.more} == set(ALL) for day in days)
    assert all(gap is None or day.date < after(gap) for day in days)


def test_it_imports_nothing_of_the_site():
    asked = (
        "import sys, journal.cards; print([n for n in sys.modules if n.startswith(('django', 'ketcare', 'articles'))])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
