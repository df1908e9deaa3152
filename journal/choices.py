"""What somebody chose about their journal: mails, larger help, numbers."""

import datetime as dt
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from journal import reminders
from journal.models import Choices, Reminder
from ketcare.accounts.models import User


def choices_of(owner: User) -> Choices:
    """Those of the row, else the defaults."""
    return Choices.objects.filter(owner=owner).first() or Choices(owner=owner)


def hours() -> list[tuple[str, Any]]:
    return [("", _("No mails")), *((str(hour), time_format(dt.time(hour), "P")) for hour in range(24))]


class ChoicesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Choices
        fields = ("larger_help", "hides_numbers")
        labels = {
            "larger_help": _("Make the help beside the box larger after heavy words"),
            "hides_numbers": _("Leave out numbers and drawings of my mood"),
        }
        help_texts = {
            "larger_help": _(
                "The page looks for a few words by itself when it saves. Nothing is noted or sent, and nobody is told."
            ),
        }

    hour = forms.TypedChoiceField(
        label=_("A mail on the seven days after a session, at"),
        choices=hours,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_(
            "One a day at most, in plain words that say nothing about you. After three that you did not follow, they "
            "stop by themselves until you are back."
        ),
    )

    def __init__(self, posted: Any = None, *, owner: User) -> None:
        asked = Reminder.objects.filter(owner=owner).first()
        initial = {"hour": asked.hour if asked else ""}
        super().__init__(posted, instance=choices_of(owner), initial=initial, label_suffix="")
        self.owner = owner

    @transaction.atomic
    def save(self, commit: bool = True) -> Choices:
        kept: Choices = super().save(commit)
        if self.cleaned_data["hour"] is None:
            reminders.stop(self.owner, now=timezone.now())
        else:
            reminders.ask_for(self.owner, self.cleaned_data["hour"], now=timezone.now())
        return kept
