"""A person's sessions in the order of their dates: which number each has, which come, whose windows are open."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from journal import window
from journal.models import Phase, Treatment

# Induction has a session every few days; whoever comes after longer gaps keeps something going.
INDUCTION_GAP: Final = dt.timedelta(days=10)
MAINTENANCE_GAP: Final = dt.timedelta(days=14)
INDUCTION_SESSIONS: Final = 6


@dataclass(frozen=True)
class Sitting:
    """A session with its number (None where it was called off) and its day at the moment that was asked about."""

    treatment: Treatment
    number: int | None
    day: int

    @property
    def is_open(self) -> bool:
        return self.number is not None and window.is_open(self.day)

    @property
    def is_ahead(self) -> bool:
        return self.number is not None and self.day < 0


@dataclass(frozen=True)
class History:
    """All sessions of one person, oldest first."""

    sittings: tuple[Sitting, ...]

    @classmethod
    def at(cls, treatments: Iterable[Treatment], *, now: dt.datetime, zone: dt.tzinfo) -> "History":
        """Those who told no number of a session have it one higher than the one before it."""
        found, last = [], 0
        for treatment in sorted(treatments, key=_order):
            number = None
            if treatment.cancelled_at is None:
                number = last = treatment.number or last + 1
            day = window.day_at(now, treatment.date, zone=zone, began=treatment.began)
            found.append(Sitting(treatment, number, day))
        return cls(tuple(found))

    def of(self, treatment: Treatment) -> Sitting:
        return next(sitting for sitting in self.sittings if sitting.treatment == treatment)

    @property
    def next(self) -> Sitting | None:
        """The next session that is planned."""
        return next((sitting for sitting in self.sittings if sitting.is_ahead), None)

    @property
    def open(self) -> list[Sitting]:
        """Those in whose window the moment is, the newest first: the others are still within reach."""
        return [sitting for sitting in reversed(self.sittings) if sitting.is_open]

    @property
    def called_off(self) -> list[Sitting]:
        return [sitting for sitting in self.sittings if sitting.number is None]

    def before(self, date: dt.date) -> Sitting | None:
        """The last one that took place, or is to, before that date."""
        earlier = [sitting for sitting in self.sittings if sitting.number and sitting.treatment.date < date]
        return earlier[-1] if earlier else None

    def suggested_phase(self, date: dt.date, number: int | None = None) -> Phase:
        """Where in the treatment a session on that date seems to stand; `number` as its owner told it."""
        last = self.before(date)
        if last is None:
            return Phase.MAINTENANCE if (number or 1) > INDUCTION_SESSIONS else Phase.INDUCTION
        gap = date - last.treatment.date
        if gap >= MAINTENANCE_GAP:
            return Phase.MAINTENANCE
        if gap <= INDUCTION_GAP and last.treatment.phase != Phase.MAINTENANCE:
            return Phase.INDUCTION
        return Phase(last.treatment.phase)


def _order(treatment: Treatment) -> tuple[dt.date, dt.time, int]:
    return (treatment.date, treatment.time or dt.time(12), treatment.pk or 0)
