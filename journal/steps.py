"""Small steps, carried on from window to window: tried, kept, let go. None of these is a failure.

A step stands in the reflection in which it was thought of, or by itself. What became of one of the first kind is an
entry of its own, whose ref follows from the reflection's: so there is one, whoever presses twice.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Final

from journal import reading, writing
from journal.models import Entry, Kind
from journal.sealed import Journal
from journal.tokens import FormToken, Place
from journal.words import VERSION, State
from ketcare.accounts.models import User

CHUNK: Final = 200
NAMESPACE: Final = uuid.UUID("6c3f6d0a-0f0e-4d55-9d3b-5f2f5f1f7a10")


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


def settle(owner: User, journal: Journal, source: Entry, state: State, *, now: dt.datetime) -> None:
    """Writes down what became of a step; the last word counts. Raises writing.Conflict."""
    words = reading.opened(journal, source) or {}
    if source.kind == Kind.STEP:
        token = FormToken.for_old(owner, Place.of(Kind.STEP, source.treatment), source.ref, source.version)
        writing.save(owner, journal, token, {**words, "state": str(state)}, now=now)
        return
    ref = uuid.uuid5(NAMESPACE, str(source.ref))
    held = Entry.objects.filter(owner=owner, ref=ref).first()
    token = FormToken.for_old(owner, Place.of(Kind.STEP, source.treatment), ref, held.version if held else 0)
    told = {"v": VERSION, "state": str(state), "of": str(source.ref)}
    writing.save(owner, journal, token, told, now=now)
