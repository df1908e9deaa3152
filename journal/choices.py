"""What somebody chose about their journal, and the page on which they do: mails, larger help, numbers."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from journal import reminders
from journal.models import Choices, Reminder
from ketcare.accounts.models import User


def choices_of(owner: User) -> Choices:
    """Those of the row, else the defaults."""
    return Choices.objects.filter(owner=owner).first() or Choices(owner=owner)


def hours() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("No mails")), *((str(hour), time_format(dt.time(hour), "P")) for hour in range(24))]


class ChoicesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Choices
        fields = ("larger_help", "hides_numbers")
        labels = {
            "larger_help": gettext_lazy("Make the help beside the box larger after heavy words"),
            "hides_numbers": gettext_lazy("Leave out numbers and drawings of my mood"),
        }
        help_texts = {
            "larger_help": gettext_lazy(
                "The page looks for a few words by itself when it saves. Nothing is noted or sent, and nobody is told."
            ),
        }

    hour = forms.TypedChoiceField(
        label=gettext_lazy("A mail on the seven days after a session, at"),
        choices=hours,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy(
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
            reminders.stop(self.owner)
        else:
            reminders.ask_for(self.owner, self.cleaned_data["hour"], now=timezone.now())
        return kept


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choices_page(request: HttpRequest) -> HttpResponseBase:
    form = ChoicesForm(request.POST if request.method == "POST" else None, owner=cast(User, request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("journal_choices")
    return render(request, "journal/choices.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link of such a mail ends them, signed in or not."""
    owner = reminders.owner_with(token)
    if owner is None:
        return render(request, "journal/reminders_over.html", status=404)
    if request.method == "POST":
        reminders.stop(owner)
    return render(request, "journal/stop_reminders.html", {"stopped": not Reminder.objects.filter(owner=owner)})
