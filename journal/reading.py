"""An entry as a page shows it: opened, with the words for its place. One that does not open says so, and no more."""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from journal import window
from journal.forms import NoteForm, PlanForm
from journal.models import Entry, EntryVersion, Kind, Treatment
from journal.sealed import Journal
from journal.words import CAPTURED, PERSON, PLAN, SINCE, Answer, Mood, Shape, State, Words
from ketcare.sealing import CannotOpen

log = logging.getLogger("journal")


@dataclass(frozen=True)
class Opened:
    """Sealed words as a page shows them; `words` are None where they do not open."""

    words: Words | None

    @property
    def mood(self) -> str:
        return _label(Mood, self.words, "mood")

    @property
    def answer(self) -> str:
        return _label(Answer, self.words, "answer")

    @property
    def intentions(self) -> list[str]:
        return [text for text in (self.words or {}).get("intentions", []) if text]

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """What stands in boxes of their own, each with its label."""
        labels = {name: field.label for form in (NoteForm, PlanForm) for name, field in form.base_fields.items()}
        words = self.words or {}
        return [(str(labels[name]), words[name]) for name in (*CAPTURED, *SINCE, *PERSON, *PLAN) if words.get(name)]

    @property
    def state(self) -> str:
        """What became of its small step."""
        return _label(State, self.words, "state")

    @property
    def is_kept(self) -> bool:
        return bool((self.words or {}).get("keep"))


@dataclass(frozen=True)
class Shown(Opened):
    """`became` is the state of its small step, where an entry of its own tells that (`journal.steps`)."""

    entry: Entry
    became: str = ""

    @property
    def label(self) -> str:
        if self.entry.kind == Kind.REFLECTION:
            return _("Day %(day)d after") % {"day": self.entry.day}
        if shape := _label(Shape, self.words, "shape"):
            return shape
        return str(Kind(self.entry.kind).label)

    @property
    def state(self) -> str:
        return super().state or _label(State, {"state": self.became}, "state")

    def was_written_later(self, zone: dt.tzinfo) -> bool:
        """Whether a day was written after it was over."""
        treatment = self.entry.treatment
        if self.entry.kind != Kind.REFLECTION or treatment is None:
            return False
        return window.was_written_later(
            self.entry.day, self.entry.written_at, treatment.date, zone=zone, began=treatment.began
        )


@dataclass(frozen=True)
class Earlier(Opened):
    """What an entry said before."""

    version: EntryVersion


def _label(choices: Any, words: Words | None, name: str) -> str:
    value = (words or {}).get(name, "")
    return str(choices(value).label) if value in choices.values else ""


def opened(journal: Journal, entry: Entry | EntryVersion) -> Words | None:
    """The words, or None where they do not open: then the log names the row, and nothing of what it holds."""
    try:
        return journal.words_of(entry)
    except CannotOpen as problem:
        log.error("%s %s does not open: %s", type(entry).__name__, entry, problem)
        return None


def notes(journal: Journal, treatment: Treatment) -> str | None:
    """The notes on a session, empty where none were made; None where they do not open."""
    try:
        return str(journal.notes_of(treatment).get("text", ""))
    except CannotOpen as problem:
        log.error("The notes of Treatment %s do not open: %s", treatment, problem)
        return None


def shown(journal: Journal, entries: Iterable[Entry]) -> list[Shown]:
    return [Shown(opened(journal, entry), entry) for entry in entries]
