"""Forms of the desk about guides: who reviews them."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from articles.models import Reviewer

ABOUT = ("name", "credential", "licence_state", "licence_no", "verified_on", "expires_on", "conflict", "biography")


class ReviewerForm(forms.ModelForm):  # type: ignore[type-arg]
    """A real clinician's profile. Readers see all of it but the license number."""

    class Meta:
        model = Reviewer
        fields: tuple[str, ...] = ABOUT
        widgets = {
            "verified_on": forms.DateInput(attrs={"type": "date"}),
            "expires_on": forms.DateInput(attrs={"type": "date"}),
            "conflict": forms.Textarea(attrs={"rows": 3}),
            "biography": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("licence_state", "licence_no", "conflict"):
            if name in self.fields:
                self.fields[name].required = True
        if "conflict" in self.fields:
            self.fields["conflict"].help_text = _(
                "Money or gifts from makers of what the guides are about. None is an answer."
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        verified, expires = found.get("verified_on"), found.get("expires_on")
        if isinstance(verified, dt.date) and isinstance(expires, dt.date) and expires <= verified:
            self.add_error("expires_on", _("It ends before it was verified. Look at both dates."))
        return found
