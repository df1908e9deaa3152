"""What the parts of the journal's pages show on the style guide. Nobody wrote any of it."""

import datetime as dt
from typing import Any

from django import forms

from journal.models import Entry, Kind
from journal.reading import Shown
from journal.words import Answer, Words

DAY = dt.datetime(2026, 11, 2, 15, 30, tzinfo=dt.UTC)


class Written(forms.Form):
    text = forms.CharField(
        label="What did you notice?", help_text="A word or two.", widget=forms.Textarea({"cols": 24})
    )
    keep = forms.BooleanField(label="Keep for my therapist")


def _shown(words: Words | None) -> dict[str, Any]:
    return {"shown": Shown(words, Entry(kind=Kind.REFLECTION, day=1, written_at=DAY))}


def examples() -> dict[str, dict[str, dict[str, Any]]]:
    return {
        "journal/parts.html#box": {
            "": {"field": Written()["text"]},
            "with what is wrong": {"field": Written({}, prefix="again")["text"]},
        },
        # Nothing of these two is seen: what a form carries, and a place for what its script has to say.
        "journal/parts.html#hidden": {},
        "journal/parts.html#state": {},
        "journal/parts.html#keep": {"": {"form": Written()}},
        "journal/parts.html#words": {
            "a few words": _shown({"text": "Quiet. Slept long.", "keep": True}),
            "an answer": _shown({"answer": Answer.NOTHING}),
            "one that does not open": _shown(None),
        },
        "journal/parts.html#row": {"": _shown({"text": "Quiet. Slept long."})},
    }
