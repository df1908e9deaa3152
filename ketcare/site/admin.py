"""What belongs to the whole site, on the desk."""

from functools import partial
from typing import Any, Final, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ketcare.accounts import invitations
from ketcare.accounts.inviting import InvitationForm
from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.clinic import publish
from ketcare.site.events import Verb
from ketcare.site.lines_admin import LineCheckAdmin
from ketcare.site.models import Clinic, Event, GlossaryTerm, Invitation, LineCheck, Prompt

admin.site.register(LineCheck, LineCheckAdmin)


@admin.register(Clinic)
class ClinicAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One form: its list leads there at once."""

    fields = ("name", "phone", "hours", "after_hours_phone", "email", "booking_url", "session_day_note", "solo")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        Clinic.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:site_clinic_change", args=[1]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Clinic | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        who = cast(User, request.user).ref
        if "solo" in form.changed_data:
            events.record(Verb.SOLO_ON if obj.solo else Verb.SOLO_OFF, owner=who)
        if set(form.changed_data) != {"solo"}:
            events.record(Verb.CLINIC, owner=who)
        # Pages read the file: it must not tell what a rollback took back.
        transaction.on_commit(partial(publish, obj))


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "what", "owner_ref", "object_ref")
    list_display_links = None
    list_filter = ("verb",)
    show_full_result_count = False

    @admin.display(description=gettext_lazy("what happened"))
    def what(self, event: Event) -> str:
        return str(Verb(event.verb).label) if event.verb in Verb.values else event.verb

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Sent, looked at and taken back; never changed. Each is over by itself after its days."""

    list_display = ("who", "for_staff", "roles_named", "made_at", "expires_at", "state")
    list_display_links = None
    form = InvitationForm
    actions = ("take_back",)

    @admin.display(description=gettext_lazy("e-mail"))
    def who(self, invitation: Invitation) -> str:
        return invitation.email or _("whoever has the link of the first start")

    @admin.display(description=gettext_lazy("roles"))
    def roles_named(self, invitation: Invitation) -> str:
        return ", ".join(invitation.roles)

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> str:
        if invitation.used_at:
            return _("used")
        if invitation.revoked_at:
            return _("taken back")
        return _("open") if invitation.works(timezone.now()) else _("over")

    def has_view_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Its rows are listed, and have no page."""
        return obj is None and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    @method_decorator(reauthentication_required)
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().add_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        sent = form.send(by=cast(User, request.user), now=timezone.now())
        obj.pk, obj.ref = sent.pk, sent.ref

    @admin.action(description=gettext_lazy("Take back"), permissions=["change"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[Invitation]) -> None:
        for invitation in chosen:
            if invitations.revoke(invitation, by=cast(User, request.user), now=timezone.now()):
                messages.success(request, _("Taken back. Its link does nothing any more."))


class OneToALine(forms.CharField):
    """A list of texts, each on a line of its own, and none longer than `longest`."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, longest: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        super().validate(value)
        for line in value:
            if self.longest and len(line) > self.longest:
                raise forms.ValidationError(
                    _("“%(beginning)s …” has %(length)d characters. %(longest)d are the most for a line.")
                    % {"beginning": line[:40], "length": len(line), "longest": self.longest}
                )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class GlossaryTermForm(forms.ModelForm):  # type: ignore[type-arg]
    also = OneToALine(
        label=gettext_lazy("Also"),
        required=False,
        help_text=gettext_lazy("Other words and spellings, wrong ones too. One to a line."),
    )
    guides = OneToALine(
        label=gettext_lazy("Guides"),
        required=False,
        help_text=gettext_lazy("Where it is read about, such as safety/when-to-get-help. One to a line."),
    )

    class Meta:
        model = GlossaryTerm
        fields = ("key", "term", "also", "meaning", "mark", "guides")
        widgets = {"meaning": forms.Textarea(attrs={"rows": 3})}


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = GlossaryTermForm
    list_display = ("term", "key", "mark", "changed_at")

    def has_delete_permission(self, request: HttpRequest, obj: GlossaryTerm | None = None) -> bool:
        return False


# What the journal keeps of a question or a short answer: with a longer one, no answer could be saved.
LONGEST: Final = 200
AS_LONG = gettext_lazy("One to a line, with up to 200 characters each.")


class PromptForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Prompt
        fields = ("heading", "question", "hint", "note", "swaps", "chips", "no_better")

    swaps = OneToALine(label=gettext_lazy("Other questions"), required=False, help_text=AS_LONG, longest=LONGEST)
    chips = OneToALine(label=gettext_lazy("Short answers"), required=False, help_text=AS_LONG, longest=LONGEST)
    no_better = OneToALine(
        label=gettext_lazy("Short answers that lead to help"),
        required=False,
        help_text=gettext_lazy("Those of the short answers after which the page offers “If you don’t feel better”."),
    )

    def clean_no_better(self) -> list[str]:
        found: list[str] = self.cleaned_data["no_better"]
        if "chips" in self.cleaned_data and not set(found) <= set(self.cleaned_data["chips"]):
            raise forms.ValidationError(_("Write only what stands under the short answers, in the same words."))
        return found


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The words can be changed; the places are the journal's own."""

    form = PromptForm
    list_display = ("heading", "key", "changed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        return False
