"""Which card each day after a session offers: by the real gap to the next session, so that nothing that matters falls
into the next session's days. Dates only; knows no model.

Seven cards, by their number: body and rest, feelings, people, one small thing, sleep food movement, hard moments,
keeping one thing. Sessions that come every 3 or 4 days leave no room for seven. The small step and "keep one thing" are
what people take along, so a short gap gives up others first. Those wait under "More cards", and nothing counts them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final


class Card(IntEnum):
    """The number is the day whose card it is where there is room for all."""

    BODY = 1
    FEELINGS = 2
    PEOPLE = 3
    STEP = 4
    BASICS = 5
    HARD = 6
    KEEPING = 7


class When(StrEnum):
    PAST = "past"
    TODAY = "today"
    TO_COME = "to come"


LAST_DAY: Final = 7
MEANING_DAYS: Final = (2, 3)

ALL: Final = tuple(Card)
# How many days lie between a session and the next, exclusive, and the cards of these days.
BY_ROOM: Final[dict[int, tuple[Card, ...]]] = {
    0: (),  # the next day is a session again: its own days have all
    1: (Card.STEP,),
    2: (Card.BODY, Card.STEP),
    3: (Card.BODY, Card.FEELINGS, Card.STEP),
    4: (Card.BODY, Card.FEELINGS, Card.STEP, Card.KEEPING),
    5: (Card.BODY, Card.FEELINGS, Card.STEP, Card.BASICS, Card.KEEPING),
    # Weekly sessions: the seventh day belongs to the next one.
    6: (Card.BODY, Card.FEELINGS, Card.PEOPLE, Card.STEP, Card.BASICS, Card.KEEPING),
}
# With so little room the last card is a small one, and one thing is brought along instead of kept.
SMALL_ROOM: Final = 3


@dataclass(frozen=True)
class Day:
    """A day after a session, 1 to 7, and what it offers.

    `small`: the card asks for less than usual. `bring_along`: what is written there may begin the next intention, if
    its owner says so. `meaning_later`: the notes of the session wait here, closed. `more`: the other cards.
    """

    number: int
    date: dt.date
    when: When
    card: Card
    small: bool
    bring_along: bool
    meaning_later: bool

    @property
    def more(self) -> tuple[Card, ...]:
        return tuple(card for card in ALL if card != self.card)


def days_after(session: dt.date, next_session: dt.date | None, today: dt.date) -> tuple[Day, ...]:
    """The days between a session and the next (none where nothing is planned), seven at most, in their order.

    Raises ValueError where the next session does not come after this one.
    """
    if next_session is None:
        room = LAST_DAY
    elif next_session <= session:
        raise ValueError("the next session comes after this one")
    else:
        room = min((next_session - session).days - 1, LAST_DAY)
    cards = BY_ROOM.get(room, ALL)
    short = room <= SMALL_ROOM
    return tuple(
        Day(
            number=number,
            date=(date := session + dt.timedelta(days=number)),
            when=When.PAST if date < today else When.TODAY if date == today else When.TO_COME,
            card=card,
            small=short and number == room,
            bring_along=short and number == room,
            meaning_later=number in MEANING_DAYS,
        )
        for number, card in enumerate(cards, 1)
    )


def around(sessions: Iterable[dt.date], today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The session that today belongs to, and the next: the last one that has begun, and the first that has not.

    Where windows overlap, a day belongs to the later session.
    """
    known = sorted(set(sessions))
    begun = [date for date in known if date <= today]
    to_come = [date for date in known if date > today]
    return (begun[-1] if begun else None), (to_come[0] if to_come else None)


def day_of(session: dt.date, next_session: dt.date | None, today: dt.date) -> Day | None:
    """What today offers after that session; None on the session's own day and once its days are over."""
    return next((day for day in days_after(session, next_session, today) if day.when is When.TODAY), None)
