"""Reviewers on the desk: who they are, and until when they can sign."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy

from articles.forms import ABOUT, ReviewerForm
from articles.models import Reviewer
from ketcare.accounts.admin import AccountField
from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.events import Verb


class ReviewerOfAccountForm(ReviewerForm):
    class Meta(ReviewerForm.Meta):
        fields: tuple[str, ...] = ("user", "slug", *ABOUT)
        field_classes = {"user": AccountField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            self.fields["user"].required = True
            self.fields["user"].queryset = User.objects.filter(is_staff=True)  # type: ignore[attr-defined]


@admin.register(Reviewer)
class ReviewerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Profiles of real clinicians; the sample one comes from a file, and is only looked at."""

    form = ReviewerOfAccountForm
    list_display = ("name", "credential", "verified_on", "expires_on", "sample")
    prepopulated_fields = {"slug": ("name",)}

    def view_on_site(self, obj: Reviewer) -> str:
        return obj.get_absolute_url()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Reviewer | None = None) -> dict[str, Any]:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @admin.display(description=gettext_lazy("account"))
    def account(self, reviewer: Reviewer) -> str:
        return reviewer.user.email if reviewer.user else ""

    def get_fields(self, request: HttpRequest, obj: Reviewer | None = None) -> tuple[str, ...]:
        return ("account", "slug", *ABOUT) if obj else ("user", "slug", *ABOUT)

    def get_readonly_fields(self, request: HttpRequest, obj: Reviewer | None = None) -> tuple[str, ...]:
        """A signature names its reviewer by the address, and an account is whose it is."""
        return ("account", "slug") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Reviewer | None = None) -> bool:
        return not (obj and obj.sample) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Reviewer | None = None) -> bool:
        return False

    @method_decorator(reauthentication_required)
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().add_view(request, *args, **kwargs)

    @method_decorator(reauthentication_required(allow_get=True))
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().change_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Reviewer, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.user:
            events.record(Verb.REVIEWER, owner=obj.user.ref, object_ref=obj.slug, now=timezone.now())
