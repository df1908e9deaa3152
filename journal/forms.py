"""The boxes to write in, one form for each kind of entry. `words()` gives what is to be sealed."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.cards import Card
from journal.models import Kind
from journal.texts import Box, LineField, TextField
from journal.words import CAPTURED, SINCE, Answer, Mood, Shape, State, Words, says_nothing, words_from

STEP = ("when", "then")
HIDDEN = {"answer", "card", "question", "chip", "shape", "state", "of"}


class EntryForm(forms.Form):
    """What every entry has. The first boxes stand open; `more` are behind "Add more"."""

    bound_field_class = Box
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
        return [self[name] for name in self.fields if name not in {*self.more, *HIDDEN, "keep"}]

    @property
    def first_box(self) -> str:
        return self.open_fields[0].name

    @property
    def hidden(self) -> list[forms.BoundField]:
        """What the form carries along without a box."""
        return [self[name] for name in self.fields if name in HIDDEN and name not in {"answer", "chip"}]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    @property
    def more_is_used(self) -> bool:
        """Whether something stands behind "Add more", so that it must not be closed."""
        return any(field.value() or field.errors for field in self.more_fields)


class NoteForm(EntryForm):
    """A note. One of a `Shape` has its own boxes; what stands in another one is shown all the same."""

    shapes: ClassVar[dict[str, tuple[str, ...]]] = {Shape.CAPTURE: CAPTURED, Shape.SINCE: SINCE}

    text = TextField(label=_("Your note"))
    noticed = TextField(label=_("Something I noticed"), rows=3)
    picture = TextField(label=_("A picture, a sound, a place"), rows=3)
    feeling = TextField(label=_("A feeling"), rows=3)
    idea = TextField(label=_("An idea to keep"), rows=3)
    held = TextField(label=_("What has held?"), rows=2)
    faded = TextField(label=_("What has faded?"), rows=2)
    ask = TextField(label=_("What do I want to ask or bring?"), rows=2)
    shape = forms.ChoiceField(choices=[("", ""), *Shape.choices], required=False, widget=forms.HiddenInput)

    @property
    def open_fields(self) -> list[forms.BoundField]:
        shown = self.shapes.get(str(self["shape"].value() or ""), ("text",))
        boxes = [self[name] for name in self.fields if name not in {"shape", "keep"}]
        return [box for box in boxes if box.name in shown or box.value() or box.errors]


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
    # The card, what it asked, and one of its short answers, in the words that stood there.
    card = forms.ChoiceField(
        choices=[("", ""), *((str(int(card)), "") for card in Card)], required=False, widget=forms.HiddenInput
    )
    question = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    chip = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("text"):
            found["answer"] = ""
        return found

    @property
    def open_fields(self) -> list[forms.BoundField]:
        """The small step stands open on its own day."""
        return [self[name] for name in ("text", *(STEP if self.is_step_day else ()))]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more if not (self.is_step_day and name in STEP)]

    @property
    def is_step_day(self) -> bool:
        return bool(str(self["card"].value() or "") == str(int(Card.STEP)))


class PlanForm(EntryForm):
    nothing_said = _("There is nothing to save yet. One line in one box is a beginning.")

    person_name = LineField(label=_("My person: the one I would call"), rows=1)
    person_phone = LineField(label=_("Their phone number"), rows=1)
    signs = TextField(label=_("How I notice that it gets bad"), rows=3)
    helps = TextField(label=_("What helps me for an hour"), rows=3)
    people = TextField(label=_("People and places that do me good"), rows=3)
    professionals = TextField(label=_("Professionals I can reach"), rows=3)
    safer = TextField(label=_("What makes my place safer"), rows=3)


class StepForm(EntryForm):
    when = LineField(label=_("When…"))
    then = LineField(label=_("…then I"), help_text=_("Small on purpose. Big decisions can wait."))
    state = forms.ChoiceField(choices=[("", ""), *State.choices], required=False, widget=forms.HiddenInput)
    of = forms.UUIDField(required=False, widget=forms.HiddenInput)


FORMS: dict[str, type[EntryForm]] = {
    Kind.NOTE: NoteForm,
    Kind.INTENTION: IntentionForm,
    Kind.REFLECTION: ReflectionForm,
    Kind.PLAN: PlanForm,
    Kind.STEP: StepForm,
}
