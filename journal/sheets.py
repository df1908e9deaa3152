"""A place to write in, with what it asks: the card of a day, the boxes before a session, a note and its shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from journal.cards import Card, Day, days_after
from journal.forms import FORMS, EntryForm
from journal.history import History, Sitting
from journal.models import Entry, Kind, Treatment
from journal.tokens import Place
from journal.words import SINCE, Shape, Words
from ketcare.site.models import Prompt
from ketcare.site.prompts import prompt, prompts


@dataclass(frozen=True)
class Sheet:
    """`questions` are what may be asked there, the one that is asked first; `hints` those of questions that have one of
    their own; `fills` what begins a text when it is tapped."""

    place: Place
    heading: str
    hint: str = ""
    note: str = ""
    entry: Entry | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    turn: int = 0
    card: int = 0
    day: Day | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)

    @property
    def next_turn(self) -> int:
        return self.turn + 1

    @property
    def question(self) -> str:
        return self.questions[0] if self.questions else ""

    def form(self, posted: Any = None, initial: Mapping[str, Any] | None = None) -> EntryForm:
        """Its boxes, labeled as the desk has it. A question is the label, and its hint the box's own."""
        form = FORMS[self.place.kind](posted, initial={**(initial or {}), **self.initial})
        if self.question:
            form.fields["text"].label = self.question
            form.fields["text"].help_text = self.hints.get(self.question, self.hint)
        if self.is_about_step and self.note:
            form.fields["then"].help_text = self.note
        for name, label in self.labels.items():
            form.fields[name].label = label
        return form

    @property
    def is_about_step(self) -> bool:
        """Whether its boxes for a small step stand open: its note is theirs then."""
        return self.place.kind == Kind.STEP or self.card == Card.STEP

    @property
    def other_cards(self) -> list[tuple[int, str]]:
        """The cards of the week that are not this one, by number and name."""
        return [(int(card), prompt(f"day-{card}").heading) for card in Card if card != self.card] if self.card else []

    def asking(self, number: int) -> "Sheet":
        """The same, with the question of that number first."""
        turn = number % len(self.questions) if self.questions else 0
        return replace(self, questions=self.questions[turn:] + self.questions[:turn], turn=turn)

    def as_asked(self, question: str) -> "Sheet":
        """The same, with that question first, though the desk may have changed it since."""
        if not question or not self.questions:
            return self
        if question in self.questions:
            return self.asking(self.questions.index(question))
        return replace(self, questions=(question, *self.questions))


def note(treatment: Treatment | None = None, entry: Entry | None = None, words: Words | None = None) -> Sheet:
    shape = (words or {}).get("shape")
    if shape == Shape.SINCE:
        return since(treatment, entry)
    if shape == Shape.MEANING and treatment is not None:
        return meaning(treatment, entry)
    heading = str(Shape(shape).label) if shape in Shape.values else _("A note")
    return Sheet(Place.of(Kind.NOTE, treatment), heading, entry=entry)


def since(treatment: Treatment | None = None, entry: Entry | None = None) -> Sheet:
    """Three lines of whoever comes every few weeks."""
    asked = prompts(*(f"maintenance-{number}" for number in range(1, 4)))
    first, *_rest = asked.values()
    return Sheet(
        Place.of(Kind.NOTE, treatment),
        _("Since last time"),
        first.hint,
        first.note,
        entry,
        {"shape": str(Shape.SINCE)},
        labels=dict(zip(SINCE, (one.heading for one in asked.values()), strict=True)),
    )


def meaning(treatment: Treatment, entry: Entry | None = None) -> Sheet:
    """What the notes of a session might mean, some days later."""
    asked = prompt("meaning")
    place, initial = Place.of(Kind.NOTE, treatment), {"shape": str(Shape.MEANING)}
    return Sheet(place, asked.question, asked.hint, asked.note, entry, initial)


def intentions(treatment: Treatment | None, entry: Entry | None = None, *, brought: str = "") -> Sheet:
    """`brought` is what somebody wanted to bring along (`journal.bringing`): the first of what can be tapped."""
    asked = prompt("before")
    place = Place.of(Kind.INTENTION, treatment)
    fills = tuple(filter(None, (brought, *asked.chips)))
    return Sheet(place, asked.heading, asked.hint, asked.note, entry, fills=fills)


def plan(entry: Entry | None = None) -> Sheet:
    hint = _("Fill in what you can today. The rest can wait.")
    return Sheet(Place.of(Kind.PLAN), _("My safety plan"), hint, entry=entry)


def step(entry: Entry | None = None) -> Sheet:
    asked = prompt("day-4")
    return Sheet(Place.of(Kind.STEP, entry.treatment if entry else None), asked.heading, note=asked.note, entry=entry)


def day(
    treatment: Treatment | None,
    number: int,
    entry: Entry | None = None,
    *,
    card: int = 0,
    offered: Day | None = None,
) -> Sheet:
    """A day after a session, with the card that is asked for, else the one that the gap offers."""
    number_of_card = card or (int(offered.card) if offered else number)
    asked, along = prompts(f"day-{number_of_card}", "bring-along").values()
    swaps, hint = asked.swaps, asked.hint or _("A line is enough.")
    if offered is not None and offered.bring_along and number_of_card == offered.card:
        swaps, hint = [along.question, *swaps], _("Keep it small today.")
    return Sheet(
        Place.of(Kind.REFLECTION, treatment, number),
        asked.heading,
        hint,
        asked.note,
        entry,
        {"card": str(number_of_card)},
        tuple(filter(None, (asked.question, *swaps))),
        tuple(asked.chips),
        card=number_of_card,
        day=offered,
        hints={along.question: along.hint},
    )


def of_entry(entry: Entry, words: Words) -> Sheet:
    """The sheet on which it was written."""
    if entry.kind == Kind.PLAN:
        return plan(entry)
    if entry.kind == Kind.STEP:
        return step(entry)
    if entry.kind == Kind.INTENTION:
        return intentions(entry.treatment, entry)
    if entry.kind != Kind.REFLECTION:
        return note(entry.treatment, entry, words)
    card = str(words.get("card", ""))
    sheet = day(entry.treatment, entry.day, entry, card=int(card) if card.isdigit() else 0)
    return sheet.as_asked(words.get("question", ""))


# What a day offers ------------------------------------------------------------------------------------------------


def following(history: History, treatment: Treatment) -> Sitting | None:
    """The session that comes after that one, planned or past."""
    later = [one for one in history.sittings if one.number and one.treatment.date > treatment.date]
    return later[0] if later else None


def offered_on(history: History, treatment: Treatment, number: int) -> Day | None:
    """What the gap rule offers on that day after a session; None on a day that belongs to the next one."""
    after = following(history, treatment)
    days = days_after(treatment.date, after.treatment.date if after else None, treatment.date)
    return next((one for one in days if one.number == number), None)


def leads_to_help(words: Mapping[str, Any], asked: Prompt | None = None) -> bool:
    """Whether a short answer says that nothing is better: "If you don't feel better" is one tap away then."""
    card, chip = words.get("card"), words.get("chip")
    if not card or not chip:
        return False
    return chip in (asked or prompt(f"day-{card}")).no_better
