"""The form of a session: when it is or was, where in the treatment it stands, and sealed notes on it."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.history import History
from journal.models import Phase, Treatment
from journal.texts import Box, TextField

EARLIEST = dt.date(1990, 1, 1)
FURTHEST = dt.timedelta(days=3 * 366)


class TreatmentForm(forms.Form):
    """`told()` gives what `journal.treatments.save` takes. A phase that is left open is suggested by the dates."""

    bound_field_class = Box
    first_box: Final = "notes"

    date = forms.DateField(
        label=_("Date of the session"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Planned or past."),
        error_messages={
            "required": _("Please say on which date the session is or was."),
            "invalid": _("Write the date as year, month and day, such as 2026-11-02."),
        },
    )
    time = forms.TimeField(
        label=_("Time of day (optional)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("After a late session we count the next morning as the same day."),
        error_messages={"invalid": _("Write the time as hours and minutes, such as 14:30.")},
    )
    had_before = forms.IntegerField(
        label=_("I have already had sessions: the last one was number (optional)"),
        required=False,
        min_value=0,
        max_value=998,
        error_messages={"invalid": _("Write the number with digits, or leave it out.")},
    )
    number = forms.IntegerField(
        label=_("Which session it is (optional)"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Left out, it is counted by the dates."),
        error_messages={"invalid": _("Write the number with digits, or leave it out.")},
    )
    phase = forms.ChoiceField(
        label=_("Where in the treatment"), choices=[("", _("As the dates suggest")), *Phase.choices], required=False
    )
    notes = TextField(label=_("Notes on the session (optional)"), rows=4)

    def __init__(self, *args: Any, history: History, treatment: Treatment | None = None, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.history = history
        others = [sitting for sitting in history.sittings if sitting.treatment != treatment and sitting.number]
        # Asked once, of somebody whose journal begins in the middle of a treatment.
        del self.fields["number" if treatment is None else "had_before"]
        if treatment is None and others:
            del self.fields["had_before"]

    def clean_date(self) -> dt.date:
        date: dt.date = self.cleaned_data["date"]
        if not EARLIEST <= date <= timezone.now().date() + FURTHEST:
            raise forms.ValidationError(_("Please look at the year again."))
        return date

    def told(self) -> dict[str, Any]:
        found = self.cleaned_data
        number = found.get("number")
        if found.get("had_before"):
            number = found["had_before"] + 1
        phase = found["phase"] or self.history.suggested_phase(found["date"], number)
        return {
            "date": found["date"],
            "time": found["time"],
            "number": number,
            "phase": str(phase),
            "notes": found["notes"],
        }


def fields_of(treatment: Treatment, notes: str) -> dict[str, Any]:
    """The fields of the form for a session as it stands."""
    return {
        "date": treatment.date,
        "time": treatment.time,
        "number": treatment.number,
        "phase": treatment.phase,
        "notes": notes,
    }
