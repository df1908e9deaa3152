"""What sign-up asks besides address and password."""

import zoneinfo
from typing import Any

from allauth.core import context
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ketcare.accounts import invitations
from ketcare.accounts.models import User

# Counts up when the privacy words at sign-up change in what they say.
PRIVACY_VERSION = "2026-11"

EXIT_WORDS = _(
    "Then these pages have a button “Exit this page”. It keeps what you were writing, signs you out, and shows a "
    "weather page or the like. It cannot clear the list of visited pages in your browser."
)


def time_zones() -> list[tuple[str, str]]:
    """The places of the world by name, without the many old and technical names."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    names = sorted(name for name in zoneinfo.available_timezones() if name.startswith(regions))
    return [(name, name.replace("_", " ")) for name in [*names, "UTC"]]


class SignupExtras(forms.Form):
    """Added to allauth's forms for sign-up by password and by passkey."""

    field_order = ["email", "password1", "time_zone", "adult", "shares_device"]  # as they stand on the page

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [("", _("Choose the place nearest to you")), *time_zones()],
        help_text=_("So that a day in your notes begins and ends as yours does. You can change it later."),
    )
    adult = forms.BooleanField(
        label=_("I am 18 or older"),
        error_messages={"required": _("This site is for adults. Please say that you are 18 or older.")},
    )

    shares_device = forms.BooleanField(
        label=_("I share this device with someone who should not see this"), help_text=EXIT_WORDS, required=False
    )

    def clean(self) -> dict[str, Any]:
        """An invitation to the desk is for the mailbox that it was sent to: whoever forwards it forwards nothing."""
        found = super().clean() or self.cleaned_data
        invitation = invitations.brought_by(context.request)
        if invitation is not None and invitation.for_staff and not invitation.proves(found.get("email") or ""):
            self.add_error("email", _("Your link is for the address that it was sent to. Please use that one."))
        return found

    def signup(self, request: HttpRequest, user: User) -> None:
        """Completes a new account. allauth calls it once the account is saved."""
        found: dict[str, Any] = self.cleaned_data
        user.time_zone, user.shares_device = found["time_zone"], found["shares_device"]
        user.privacy_version, user.privacy_accepted_at = PRIVACY_VERSION, timezone.now()
        user.save(update_fields=["time_zone", "shares_device", "privacy_version", "privacy_accepted_at"])


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "idle_minutes", "shares_device")
        labels = {"name": _("Name shown"), "theme": _("Light or dark")}
        help_texts = {"shares_device": EXIT_WORDS}

    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    idle_minutes = forms.TypedChoiceField(
        label=_("Ask who I am after this many minutes without a sign of me"),
        choices=[(minutes, str(minutes)) for minutes in (5, 10, 15, 20, 30, 45, 60)],
        coerce=int,
        help_text=_("Fewer are safer where others use this device. What you were writing is kept."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "nickname"
        if len(settings.LANGUAGES) == 1:  # nothing to choose
            del self.fields["language"]
        if self.instance.is_staff:  # for them it is the site that says how many
            del self.fields["idle_minutes"]
