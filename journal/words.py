"""What the sealed JSON of an entry holds, version 1. An export publishes it: names and values here stay.

    {"v": 1, "text": …}                                   a note, a reflection, the notes on a session
    {"v": 1, "intentions": ["…", "…", "…"]}               what somebody goes into a session with, one to three
    "mood", "sleep", "movement", "step": {"when", "then"}  of a reflection, each where it was given
    "answer": one of `Answer`                              a whole answer without a text
    "card": "1" to "7", "question": …, "chip": …           of a reflection: which card, what it asked, a short answer
    "shape": one of `Shape`                                of a note that is more than one text:
        "noticed", "picture", "feeling", "idea"            … captured in the hours after
        "held", "faded", "ask"                             … since the last time
    "signs", "helps", "people", "professionals", "safer"   of a safety plan, with the person to call:
        "person_name", "person_phone"
    "state": one of `State`, "of": the reflection's ref    what became of a small step
    "keep": true                                           kept for the therapist

What was not given is left out.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

VERSION: Final = 1
CAPTURED: Final = ("noticed", "picture", "feeling", "idea")
SINCE: Final = ("held", "faded", "ask")
PLAN: Final = ("signs", "helps", "people", "professionals", "safer")
PERSON: Final = ("person_name", "person_phone")
TEXTS: Final = ("text", "sleep", "movement", *CAPTURED, *SINCE, *PLAN, *PERSON)
# What can be said once only.
CHOSEN: Final = ("mood", "answer", "card", "question", "chip", "shape", "state", "of")
# What the page put into a form, where nobody said anything yet.
FROM_THE_PAGE: Final = frozenset({"v", "keep", "card", "question", "shape"})
MOST_INTENTIONS: Final = 3

Words = dict[str, Any]


class Mood(models.TextChoices):
    VERY_LOW = "very-low", _("Very low")
    LOW = "low", _("Low")
    BETWEEN = "in-between", _("In between")
    OKAY = "okay", _("Okay")
    GOOD = "good", _("Good")


class Answer(models.TextChoices):
    """Whole answers: none is followed by a question why."""

    NOTHING = "nothing", _("Nothing today")
    RATHER_NOT = "rather-not", _("I’d rather not")
    NOT_LOOKING = "not-looking", _("I don’t want to look at this")


class Shape(models.TextChoices):
    """What a note is, where it has boxes of its own."""

    CAPTURE = "capture", _("Hours after")
    SINCE = "since", _("Since last time")
    MEANING = "meaning", _("Meaning later")


class State(models.TextChoices):
    """What became of a small step. None is better than another."""

    TRIED = "tried", _("Tried")
    KEPT = "kept", _("Kept")
    LET_GO = "let-go", _("Let go")


def words_from(given: Mapping[str, Any]) -> Words:
    """The words for what a form has cleaned; an empty one is left out."""
    words: Words = {"v": VERSION}
    for name in (*TEXTS, *CHOSEN):
        if given.get(name):
            words[name] = str(given[name])
    intentions = [given.get(name, "") for name in ("first", "second", "third")]
    if any(intentions):
        while not intentions[-1]:
            intentions.pop()
        words["intentions"] = intentions
    if given.get("when") or given.get("then"):
        words["step"] = {"when": given.get("when", ""), "then": given.get("then", "")}
    if given.get("keep"):
        words["keep"] = True
    return words


def fields_from(words: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form for such words: `words_from` gives the words back."""
    fields = {name: words.get(name, "") for name in (*TEXTS, *CHOSEN)}
    intentions = list(words.get("intentions", []))[:MOST_INTENTIONS]
    for name, text in zip(("first", "second", "third"), intentions, strict=False):
        fields[name] = text
    step = words.get("step", {})
    return {**fields, "when": step.get("when", ""), "then": step.get("then", ""), "keep": bool(words.get("keep"))}


def says_nothing(words: Mapping[str, Any]) -> bool:
    """Whether it holds nothing that anybody said: no text, no answer, no mood."""
    return not set(words) - FROM_THE_PAGE


def only_settles(words: Mapping[str, Any]) -> bool:
    """Whether it says nothing but what became of a step that stands in another entry."""
    return bool(words.get("of")) and not texts_in(words)


def texts_in(words: Mapping[str, Any]) -> list[str]:
    """Everything in it that somebody wrote, piece by piece."""
    step = words.get("step", {})
    pieces = [words.get(name, "") for name in (*TEXTS, "chip")]
    return [text for text in (*pieces, *words.get("intentions", []), step.get("when"), step.get("then")) if text]


def joined(one: str, other: str) -> str:
    """Both texts: the longer where it goes on from the other, else one below the other."""
    if other.startswith(one):
        return other
    if one.startswith(other):
        return one
    return f"{one}\n\n{other}"


def merged(base: Words, saved: Words, mine: Words, names: tuple[str, ...]) -> Words:
    """What `saved` says, with the texts of these names as they stand after both changed what `base` said.

    A text that one of the two left alone is the other's; where both changed it, both stay.
    """
    words: Words = {name: said for name, said in saved.items() if name not in names}
    for name in names:
        before, theirs, ours = (found.get(name, "") for found in (base, saved, mine))
        if text := ours if theirs == before else theirs if ours == before else joined(theirs, ours):
            words[name] = text
    return words


def both(saved: Words, mine: Words) -> Words:
    """Words that hold all texts of the two; of what can be said once only (mood, answer), `mine` where it was given."""
    words: Words = {**saved, **mine}
    for name in TEXTS:
        if text := joined(saved.get(name, ""), mine.get(name, "")):
            words[name] = text
    if "intentions" in words:
        one, other = ([*found.get("intentions", []), "", "", ""][:MOST_INTENTIONS] for found in (saved, mine))
        words["intentions"] = [joined(a, b) for a, b in zip(one, other, strict=True)]
        while not words["intentions"][-1]:
            words["intentions"].pop()
    if "step" in words:
        one, other = saved.get("step", {}), mine.get("step", {})
        words["step"] = {name: joined(one.get(name, ""), other.get(name, "")) for name in ("when", "then")}
    if words.get("text"):
        words.pop("answer", None)
    if saved.get("keep"):
        words["keep"] = True
    return words
