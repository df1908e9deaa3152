"""What a reviewer can say of words, each with its form: it knows the words that were on the page, and does the deed."""

import datetime as dt
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import review
from articles.models import Review, Reviewer, Revision
from ketcare.site.events import Verb

CHECKLIST: Final = {
    "danger": gettext_lazy("The warning signs are complete, and say whom to call."),
    "benefit": gettext_lazy("No benefit is promised beyond what its source found."),
    "limits": gettext_lazy("It says what is not known, and who should talk to a clinician first."),
    "numbers": gettext_lazy("I checked each number, dose and time."),
}
STATEMENT: Final = gettext_lazy(
    "I have read this whole version. To my knowledge it is right, and I answer for it with my name and credential."
)
CORRECTION: Final = gettext_lazy("I have read what was corrected. It changes no meaning.")
URGENT: Final = gettext_lazy("This cannot wait. I answer for it with my name until somebody has signed it.")
YEAR: Final = dt.timedelta(days=366)


class TheseWords(forms.Form):
    """A verdict on the words with that digest. `seen` is what stood on the page, to show what changed meanwhile."""

    verb: ClassVar[Verb]
    digest = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.Textarea(attrs={"hidden": True}), required=False, strip=False)
    read_at = forms.DateTimeField(widget=forms.HiddenInput)

    def do(self, revision: Revision, *, by: Reviewer, now: dt.datetime) -> Review:
        """Adds the review. Raises Refused."""
        raise NotImplementedError


def _box(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": gettext_lazy("Tick this once it is so.")})


class SignForm(TheseWords):
    """The whole review. `asked`: keys of the sources whose claim or record changed, each with a box of its own."""

    verb = Verb.SIGNED

    def __init__(self, *args: Any, asked: list[str], others: bool, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.today = asked, today
        for key in asked:
            self.fields[f"source-{key}"] = _box(gettext_lazy("This source says this"))
        if others:
            self.fields["sources"] = _box(gettext_lazy("The other sources say what the text says they do"))
        for name, label in CHECKLIST.items():
            self.fields[f"check-{name}"] = _box(label)
        self.fields["next_due"] = forms.DateField(
            label=gettext_lazy("Next review"),
            initial=today + dt.timedelta(days=365),
            widget=forms.DateInput(attrs={"type": "date"}),
            help_text=gettext_lazy("A year from now at the latest."),
        )
        self.fields["statement"] = _box(STATEMENT)

    def source_boxes(self) -> dict[str, forms.BoundField]:
        """The box of each source that is asked for, by its key."""
        return {key: self[f"source-{key}"] for key in self.asked}

    def rest(self) -> list[forms.BoundField]:
        """The one box for all other sources, where there are any."""
        return [self[name] for name in self.fields if name == "sources"]

    def checks(self) -> list[forms.BoundField]:
        return [self[f"check-{name}"] for name in CHECKLIST]

    def clean_next_due(self) -> dt.date:
        day: dt.date = self.cleaned_data["next_due"]
        if not self.today < day <= self.today + YEAR:
            raise forms.ValidationError(_("Choose a day after today, a year from now at the latest."))
        return day

    def do(self, revision: Revision, *, by: Reviewer, now: dt.datetime) -> Review:
        given = self.cleaned_data
        ticked = [name for name in self.fields if name.startswith(("source-", "check-")) or name == "sources"]
        return review.sign(
            revision,
            by=by,
            digest=given["digest"],
            now=now,
            next_due=given["next_due"],
            read_at=given["read_at"],
            statement=str(STATEMENT),
            checklist=ticked,
        )


class CorrectForm(TheseWords):
    verb = Verb.CORRECTED
    statement = _box(CORRECTION)

    def do(self, revision: Revision, *, by: Reviewer, now: dt.datetime) -> Review:
        digest = self.cleaned_data["digest"]
        return review.sign_correction(revision, by=by, digest=digest, now=now, statement=str(CORRECTION))


class UrgentForm(TheseWords):
    verb = Verb.URGENT
    statement = _box(URGENT)

    def do(self, revision: Revision, *, by: Reviewer, now: dt.datetime) -> Review:
        return review.publish_urgently(revision, by=by, digest=self.cleaned_data["digest"], now=now)


class ChangesForm(TheseWords):
    verb = Verb.CHANGES
    note = forms.CharField(
        label=gettext_lazy("What has to change"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def do(self, revision: Revision, *, by: Reviewer, now: dt.datetime) -> Review:
        given = self.cleaned_data
        return review.ask_for_changes(revision, by=by, digest=given["digest"], note=given["note"], now=now)


class TakeBackForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("Readers see these words in the history of the page."),
    )
