"""Sending an invitation: its form, and its mail."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ketcare.accounts import invitations, letters
from ketcare.accounts.models import User
from ketcare.site.models import Invitation

ROLES = [
    ("editor", gettext_lazy("Editor: writes guides, words and sources")),
    ("reviewer", gettext_lazy("Reviewer: checks and signs guides")),
    ("manager", gettext_lazy("Manager: the clinic, people and invitations")),
]


@transaction.atomic
def send(
    email: str,
    *,
    roles: Sequence[str],
    for_staff: bool,
    by: User | None,
    now: dt.datetime,
    works_for: dt.timedelta = invitations.WORKS_FOR,
) -> tuple[Invitation, str]:
    """Makes an invitation and mails its link, in words that tell nobody what the site is about."""
    invitation, link = invitations.invite(
        email=email, for_staff=for_staff, by=by, now=now, works_for=works_for, roles=roles
    )
    letters.post(
        _("You are invited to make an account. Open this link; it works once, until {day}.").format(
            day=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
        ),
        link,
        _("If you do not know what this is about, do nothing."),
        kind="invitation",
        key=f"invitation:{invitation.ref}",
        to=invitation.email,
        subject=_("an invitation"),
        now=now,
    )
    return invitation, link


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Leave to make an account, sent by mail."""

    class Meta:
        model = Invitation
        fields = ("email", "for_staff")

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For people who work on the desk."),
    )
    days = forms.IntegerField(label=gettext_lazy("Works for how many days"), min_value=1, max_value=30, initial=7)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("roles") and not found.get("for_staff"):
            self.add_error("roles", _("Roles are for people who work on the desk."))
        if User.objects.filter(email=str(found.get("email", "")).lower()).exists():
            self.add_error("email", _("There is an account with this address."))
        return found

    def send(self, *, by: User, now: dt.datetime) -> Invitation:
        """Sends what the form says."""
        found = self.cleaned_data
        invitation, _link = send(
            found["email"],
            roles=found["roles"],
            for_staff=found["for_staff"],
            by=by,
            now=now,
            works_for=dt.timedelta(days=found["days"]),
        )
        return invitation
