"""The boxes to write in, one form for each kind of entry. `words()` gives what is to be sealed."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.models import Kind
from journal.texts import LineField, TextField
from journal.words import Answer, Mood, Words, says_nothing, words_from


class EntryForm(forms.Form):
    """What every entry has. The first boxes stand open; `more` are behind "Add more"."""

    more: ClassVar[tuple[str, ...]] = ()
    answers: ClassVar[tuple[tuple[str, Any], ...]] = ()

    keep = forms.BooleanField(label=_("Keep for my therapist"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.order_fields([*(name for name in self.fields if name != "keep"), "keep"])

    def words(self) -> Words:
        """What is to be sealed; only for a form that is valid."""
        return words_from(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and says_nothing(words_from(found)):
            raise ValidationError(self.nothing_said)
        return found

    nothing_said = _("There is nothing to save yet. A single word is enough.")

    @property
    def open_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in {*self.more, "answer", "keep"}]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    @property
    def more_is_used(self) -> bool:
        """Whether something stands behind "Add more", so that it must not be closed."""
        return any(field.value() or field.errors for field in self.more_fields)


class NoteForm(EntryForm):
    text = TextField(label=_("Your note"))


class IntentionForm(EntryForm):
    first = LineField(label=_("First"))
    second = LineField(label=_("Second (optional)"))
    third = LineField(label=_("Third (optional)"))


class ReflectionForm(EntryForm):
    more = ("mood", "sleep", "movement", "when", "then")
    answers = tuple(Answer.choices)
    nothing_said = _("There is nothing to save yet. A single word is enough, and so is one of the answers below.")

    text = TextField(label=_("What there is to say"))
    mood = forms.ChoiceField(label=_("Mood"), choices=[("", _("Not saying")), *Mood.choices], required=False)
    sleep = LineField(label=_("Sleep"))
    movement = LineField(label=_("Movement"))
    when = LineField(label=_("A small step: when…"))
    then = LineField(label=_("…then I"), help_text=_("Small on purpose. Big decisions can wait."))
    # Given by the button that was pressed, or kept from before where no text takes its place.
    answer = forms.ChoiceField(choices=[("", ""), *Answer.choices], required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("text"):
            found["answer"] = ""
        return found


FORMS: dict[str, type[EntryForm]] = {
    Kind.NOTE: NoteForm,
    Kind.INTENTION: IntentionForm,
    Kind.REFLECTION: ReflectionForm,
}
