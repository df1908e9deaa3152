"""Accounts on the desk: who may come in, and who comes back. Nothing that they write, and no way to a password."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ketcare.accounts import factor_resets
from ketcare.accounts.models import FactorReset, User, WebSession
from ketcare.site import events
from ketcare.site.events import Verb


class AccountField(ModelChoiceField):  # type: ignore[type-arg]
    """Accounts by their address: by itself an account is called by its ref, which says nothing to a colleague."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.email)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Accounts are neither made nor deleted here: people are invited, and who leaves is shut out."""

    list_display = ("email", "roles", "is_staff", "is_active", "joined_at")
    list_filter = ("is_staff", "is_active", "groups")
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "groups")
    filter_horizontal = ("groups",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody shuts themselves out, or gives themselves a role, by a slip."""
        return ("email", "is_active", "is_staff", "groups") if obj == request.user else ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @method_decorator(reauthentication_required)
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().change_view(request, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        user = form.instance
        if not user.is_staff or not user.is_active:
            user.groups.clear()
            WebSession.objects.filter(owner=user).delete()
        if form.has_changed():
            events.record(Verb.ROLES, owner=user.ref, object_ref=str(cast(User, request.user).ref))


class FactorResetForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = FactorReset
        fields = ("owner", "reason")
        field_classes = {"owner": AccountField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_staff=True, is_active=True)  # type: ignore[attr-defined]


@admin.register(FactorReset)
class FactorResetAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A colleague asks, another agrees, and a day later it happens unless its owner stops it."""

    form = FactorResetForm
    list_display = ("who", "asked_by_whom", "asked_at", "reason", "agreed_by_whom", "due_at", "stopped_at", "done_at")
    list_display_links = None
    list_select_related = ("owner", "asked_by", "agreed_by")
    actions = ("agree", "stop")

    @admin.display(description=gettext_lazy("account"))
    def who(self, reset: FactorReset) -> str:
        return reset.owner.email

    @admin.display(description=gettext_lazy("asked by"))
    def asked_by_whom(self, reset: FactorReset) -> str:
        return reset.asked_by.email

    @admin.display(description=gettext_lazy("agreed to by"))
    def agreed_by_whom(self, reset: FactorReset) -> str:
        return reset.agreed_by.email if reset.agreed_by else ""

    def has_view_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:
        """Its rows are listed, and have no page."""
        return obj is None and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:
        """They change by the two actions alone."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: FactorReset | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        by = cast(User, request.user)

        class Asked(form):  # type: ignore[valid-type, misc]
            def clean(self) -> dict[str, Any]:
                found: dict[str, Any] = super().clean()
                if owner := found.get("owner"):
                    try:
                        factor_resets.see_that_it_may_be_asked(owner, by=by)
                    except factor_resets.Refused as refused:
                        self.add_error("owner", str(refused))
                return found

        return Asked

    def save_model(self, request: HttpRequest, obj: FactorReset, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        asked = factor_resets.ask(obj.owner, by=by, reason=obj.reason, now=timezone.now())
        obj.pk, obj.ref = asked.pk, asked.ref

    @admin.action(description=gettext_lazy("Agree: it happens in 24 hours"), permissions=["change"])
    def agree(self, request: HttpRequest, chosen: QuerySet[FactorReset]) -> None:
        for reset in chosen:
            try:
                factor_resets.agree(reset, by=cast(User, request.user), now=timezone.now())
            except factor_resets.Refused as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("Noted. The owner was told by mail, and can stop it for 24 hours."))

    @admin.action(description=gettext_lazy("Stop"), permissions=["change"])
    def stop(self, request: HttpRequest, chosen: QuerySet[FactorReset]) -> None:
        for reset in chosen:
            if factor_resets.stop(reset, by=cast(User, request.user), now=timezone.now()):
                messages.success(request, _("Stopped. Nothing was taken away."))
