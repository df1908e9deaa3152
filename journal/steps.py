"""Small steps, carried on from window to window: tried, kept, let go. None of these is a failure.

A step stands in the reflection in which it was thought of, or by itself. What became of one of the first kind is an
entry of its own, whose ref follows from the reflection's: so there is one, whoever presses twice. It is shown with the
step, and nowhere by itself.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from journal import reading, writing
from journal.models import Entry, Kind
from journal.reading import Shown
from journal.sealed import Journal
from journal.tokens import FormToken, Place
from journal.words import VERSION, State, only_settles
from ketcare.accounts.models import User

CHUNK: Final = 200


@dataclass(frozen=True)
class Step:
    """`source` is the entry in which it stands; `state` is empty while nothing became of it."""

    source: Entry
    when: str
    then: str
    state: str

    @property
    def state_label(self) -> str:
        return str(State(self.state).label) if self.state in State.values else ""


def steps_of(owner: User, journal: Journal) -> list[Step]:
    """All of them, the newest first; those that were let go come last."""
    kinds = [Kind.REFLECTION, Kind.STEP]
    rows = Entry.objects.filter(owner=owner, kind__in=kinds, trashed_at__isnull=True).order_by("-written_at", "-id")
    found, states = [], {}
    for row in rows.iterator(chunk_size=CHUNK):
        words = reading.opened(journal, row) or {}
        if words.get("of"):
            states[words["of"]] = words.get("state", "")
        if step := words.get("step"):
            found.append(Step(row, step.get("when", ""), step.get("then", ""), str(words.get("state", ""))))
    told = [replace(step, state=step.state or states.get(str(step.source.ref), "")) for step in found]
    return sorted(told, key=lambda step: step.state == State.LET_GO)


def became(owner: User, journal: Journal, sources: Iterable[Entry] | None = None) -> dict[str, str]:
    """The states of the steps that stand in these entries, or in any, by the refs of the entries: where one was told
    by itself."""
    rows = Entry.objects.filter(owner=owner, kind=Kind.STEP)
    if sources is not None:
        rows = rows.filter(ref__in=[source.outcome_ref for source in sources])
    opened = (reading.opened(journal, row) or {} for row in rows.iterator(chunk_size=CHUNK))
    return {words["of"]: words.get("state", "") for words in opened if words.get("of")}


def with_states(owner: User, journal: Journal, listed: Iterable[Shown]) -> list[Shown]:
    """What is to be read of these: each step with its state, and nothing that only tells the state of another."""
    read = [shown for shown in listed if not only_settles(shown.words or {})]
    sources = [shown.entry for shown in read if (shown.words or {}).get("step")]
    states = became(owner, journal, sources) if sources else {}
    return [replace(shown, became=states.get(str(shown.entry.ref), "")) for shown in read]


def settle(owner: User, journal: Journal, source: Entry, state: State, *, now: dt.datetime) -> None:
    """Writes down what became of a step; the last word counts. Raises writing.Conflict."""
    words = reading.opened(journal, source) or {}
    if source.kind == Kind.STEP:
        token = FormToken.for_old(owner, Place.of(Kind.STEP, source.treatment), source.ref, source.version)
        writing.save(owner, journal, token, {**words, "state": str(state)}, now=now)
        return
    ref = source.outcome_ref
    held = Entry.objects.filter(owner=owner, ref=ref).first()
    token = FormToken.for_old(owner, Place.of(Kind.STEP, source.treatment), ref, held.version if held else 0)
    told = {"v": VERSION, "state": str(state), "of": str(source.ref)}
    writing.save(owner, journal, token, told, now=now)
