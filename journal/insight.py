"""What can be seen across entries: those that hold a word, those that are kept, and the line of somebody's mood.

Entries are opened one by one and let go again, however long the journal is. Never a verdict.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.db.models import QuerySet

from journal.models import Entry, Treatment
from journal.reading import Shown, notes, opened
from journal.sealed import Journal
from journal.words import Mood, texts_in

CHUNK: Final = 200
MOST_DAYS: Final = 200

# The drawing, in units of its own.
WIDTH: Final = 640
STEP: Final = 40
LEFT: Final = 8
RIGHT: Final = 8
MOODS: Final = [Mood.VERY_LOW, Mood.LOW, Mood.BETWEEN, Mood.OKAY, Mood.GOOD]


def each(journal: Journal, rows: QuerySet[Entry]) -> Iterator[Shown]:
    for row in rows.select_related("treatment").iterator(chunk_size=CHUNK):
        yield Shown(opened(journal, row), row)


def holding(asked: str, journal: Journal, rows: QuerySet[Entry], *, most: int) -> list[Shown]:
    """The first entries that hold these words, in any case."""
    wanted = asked.casefold()
    found = (
        shown for shown in each(journal, rows) if any(wanted in text.casefold() for text in texts_in(shown.words or {}))
    )
    return list(islice(found, most))


def noting(asked: str, journal: Journal, rows: QuerySet[Treatment], *, most: int) -> list[tuple[Treatment, str]]:
    """The first sessions whose notes hold these words, in any case, with these notes."""
    wanted = asked.casefold()
    opened_each = ((row, notes(journal, row) or "") for row in rows.exclude(notes=b"").iterator(chunk_size=CHUNK))
    return list(islice(((row, text) for row, text in opened_each if wanted in text.casefold()), most))


def kept(journal: Journal, rows: QuerySet[Entry]) -> list[Shown]:
    """Those that are marked for the therapist."""
    return [shown for shown in each(journal, rows) if shown.is_kept]


# Mood ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    date: dt.date
    day: int
    label: str
    x: float
    y: int


@dataclass(frozen=True)
class Line:
    """A drawing of moods by date: points, joined within the days of one session; and where sessions stood."""

    points: list[Point]
    paths: list[str]
    sessions: list[float]
    levels: list[tuple[int, str]]
    width: int = WIDTH
    height: int = STEP * (len(MOODS) - 1) + 2 * STEP // 2


def mood_line(listed: Iterable[Shown]) -> Line | None:
    """Of the reflections that tell a mood; None where fewer than two do."""
    told = [
        (shown.entry.treatment, shown.entry.day, Mood(shown.words["mood"]))
        for shown in listed
        if shown.words and shown.entry.treatment and shown.words.get("mood") in Mood.values
    ]
    dated = sorted(
        ((treatment.date + dt.timedelta(days=day), day, mood, treatment.date) for treatment, day, mood in told),
        key=lambda one: one[:2],
    )
    if len(dated) < 2:
        return None
    first = min(session for *_rest, session in dated)
    span = max((dated[-1][0] - first).days, 1)

    def across(date: dt.date) -> float:
        return round(LEFT + (date - first).days * (WIDTH - LEFT - RIGHT) / span, 1)

    points = [Point(date, day, str(mood.label), across(date), _height(mood)) for date, day, mood, _session in dated]
    sessions = sorted({session for *_rest, session in dated})
    paths = []
    for session in sessions:
        own = [point for point, (*_rest, of) in zip(points, dated, strict=True) if of == session]
        paths.append(" ".join(f"{point.x},{point.y}" for point in own))
    levels = [(_height(mood), str(mood.label)) for mood in reversed(MOODS)]
    return Line(points, paths, [across(session) for session in sessions], levels)


def _height(mood: Mood) -> int:
    return STEP // 2 + STEP * (len(MOODS) - 1 - MOODS.index(mood))
