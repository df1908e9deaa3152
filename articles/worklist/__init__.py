"""What waits on the desk, and for whom: for its first page, for the daily mail and for `reviews_due`."""

import datetime as dt
from dataclasses import dataclass

from articles.models.guide import State
from articles.worklist.entries import Entry, Kind
from articles.worklist.gathering import entries
from articles.worklist.places import hide_all
from articles.worklist.reading import Reading
from ketcare.accounts.models import User

# What somebody has to be allowed to look at, to see that it waits.
PERMISSIONS = {Kind.LINES: "site.view_linecheck", Kind.CREDENTIALS: "articles.view_reviewer"}
GUIDES = "articles.view_guide"


@dataclass(frozen=True)
class Shown:
    """An entry as one person sees it."""

    title: str
    url: str
    why: str
    # By the person's own calendar.
    day: dt.date | None
    hide: str


@dataclass(frozen=True)
class Section:
    """The entries under one heading."""

    kind: Kind
    entries: list[Shown]
    # Under the heading of the samples.
    note: tuple[int, int] | None = None
    hide_all: str = ""

    @property
    def key(self) -> str:
        return self.kind.name.lower()


@dataclass(frozen=True)
class WorkList:
    """What waits for one person, and what waits for others; most urgent first."""

    mine: list[Section]
    others: list[Section]
    # Whether that person has anything to do with guides at all.
    has_a_role: bool

    @property
    def count(self) -> int:
        return sum(len(section.entries) for section in self.mine)


def waiting(read: Reading) -> list[Entry]:
    """Everything that waits, whoever it is for; most urgent first, and under one heading the oldest first."""
    order = {kind: place for place, kind in enumerate(Kind)}
    return sorted(
        entries(read),
        key=lambda entry: (order[entry.kind], entry.when.isoformat() if entry.when else "", entry.title, entry.why),
    )


def for_person(user: User, now: dt.datetime) -> WorkList:
    """What the first page of the desk shows that person."""
    read = Reading(now)
    seen = [entry for entry in waiting(read) if user.has_perm(PERMISSIONS.get(entry.kind, GUIDES))]
    mine = [entry for entry in seen if user.pk in entry.concerns]
    others = [entry for entry in seen if user.pk not in entry.concerns]
    has_a_role = any(map(user.has_perm, [*PERMISSIONS.values(), GUIDES]))
    return WorkList(_sections(read, user, mine, mine=True), _sections(read, user, others, mine=False), has_a_role)


def _sections(read: Reading, user: User, found: list[Entry], *, mine: bool) -> list[Section]:
    may_hide = user.has_perm("articles.withdraw_guide")
    sections = []
    for kind in Kind:
        shown = [
            Shown(
                entry.title,
                entry.deed if mine else entry.look,
                entry.why,
                user.local_day(entry.when) if isinstance(entry.when, dt.datetime) else entry.when,
                entry.hide if may_hide else "",
            )
            for entry in found
            if entry.kind == kind
        ]
        if shown and kind == Kind.SAMPLES:
            sections.append(Section(kind, shown, _signed_of_all(read), hide_all() if may_hide else ""))
        elif shown:
            sections.append(Section(kind, shown))
    return sections


def _signed_of_all(read: Reading) -> tuple[int, int]:
    """Of how many public guides a real clinician signed the words, and how many there are."""
    kinds = [state.kind for state in read.states.values()]
    signed = sum(kind in {State.REVIEWED, State.OVERDUE} for kind in kinds)
    return signed, signed + sum(kind in {State.SAMPLE, State.URGENT, State.CHECKING} for kind in kinds)


__all__ = ["Entry", "Kind", "Reading", "Section", "Shown", "WorkList", "for_person", "waiting"]
