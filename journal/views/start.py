"""“Where are you?”: one tap, at most one more question, and then a box to write in."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import window
from journal.gate import history_of, journal_page, owner_of
from journal.models import Phase, Treatment
from journal.treatment_forms import EARLIEST, FURTHEST
from ketcare.accounts.models import User

ASKED: Final = {
    "coming": _("When is it?"),
    "between": _("When was the last one?"),
    "monthly": _("When was the last one?"),
}


class DateForm(forms.Form):
    """The one question. `ahead`: whether the date is to come."""

    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please choose a date, or go on without one."),
            "invalid": _("Write the date as year, month and day, such as 2026-11-02."),
        },
    )

    def __init__(self, posted: Any = None, *, ahead: bool) -> None:
        super().__init__(posted, label_suffix="")
        self.ahead = ahead

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        today = timezone.localdate()
        if self.ahead and not today <= date <= today + FURTHEST:
            raise forms.ValidationError(_("Choose today or a day to come."))
        if not self.ahead and not EARLIEST <= date <= today:
            raise forms.ValidationError(_("Choose today or a day that is past."))
        return date


@require_POST
@journal_page
def start(request: HttpRequest) -> HttpResponseBase:
    where = request.POST.get("where")
    if where == "today":
        session_on(owner_of(request), window.date_of_today(timezone.now(), timezone.get_current_timezone()))
        return redirect("today")
    if where in ASKED:
        return redirect("start_when", where)
    return redirect("write_note")


@require_http_methods(["GET", "HEAD", "POST"])
@journal_page
def start_when(request: HttpRequest, where: str) -> HttpResponseBase:
    """Asks for the date; whoever does not know it goes on without."""
    owner, ahead = owner_of(request), where == "coming"
    form = DateForm(request.POST if request.method == "POST" else None, ahead=ahead)
    if request.method == "POST":
        box = "write_since" if where == "monthly" else "write_note"
        if request.POST.get("without"):
            return redirect(box)
        if form.is_valid():
            phase = Phase.MAINTENANCE if where == "monthly" else None
            treatment = session_on(owner, form.cleaned_data["date"], phase)
            if ahead and treatment.date > timezone.localdate():
                return redirect("write_intentions", treatment.ref)
            # Of a session that is long over, the first page would only ask once more where they are.
            return redirect("today" if history_of(owner).of(treatment).is_open else box)
    context = {"form": form, "where": where, "question": ASKED[where]}
    return render(request, "journal/when.html", context, status=400 if form.errors else 200)


@require_safe
@journal_page
def try_it(request: HttpRequest, moment: str) -> HttpResponseBase:
    """Where a guide leads: to the box that goes with it, wherever its reader is in their treatment."""
    history = history_of(owner_of(request))
    if moment == "before" and history.next is not None:
        return redirect("write_intentions", history.next.treatment.ref)
    if moment == "before":
        return redirect("start_when", "coming")
    if moment == "keeping":
        return redirect("write_since")
    days = [sitting for sitting in history.open if sitting.day]
    if moment.startswith("day-") and days:
        to = reverse("write_day", args=[days[0].treatment.ref, days[0].day])
        return redirect(f"{to}?card={moment.removeprefix('day-')}")
    return redirect("today")


@transaction.atomic
def session_on(owner: User, date: dt.date, phase: Phase | None = None) -> Treatment:
    """The session of that day: the one that is there, so that a second tap makes no second, or a new one."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # a tap at the same moment waits for this one
    held = owner.treatments.filter(date=date, cancelled_at__isnull=True).first()
    if held is not None:
        return held
    phase = phase or history_of(owner).suggested_phase(date)
    return Treatment.objects.create(owner=owner, date=date, zone=owner.time_zone, phase=phase)
