"""The desk: Django's admin behind a gate of its own. Staff alone, with a second factor shown in this web session."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override

from ketcare.accounts.models import User

# The admin's own scripts write HTML as text, which trusted types would forbid, and its icons are data: addresses.
POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}

View = Callable[..., HttpResponseBase]


def factors_of(user: User, *, since: float = 0) -> dict[int, str]:
    """The second factors that somebody set up since then, kind by id. Recovery codes are a way back, and none."""
    from allauth.mfa.models import Authenticator  # a model: not while the desk's module is read

    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    made_after = dt.datetime.fromtimestamp(since, dt.UTC)
    found = Authenticator.objects.filter(user=user, type__in=kinds, created_at__gte=made_after)
    return dict(found.values_list("pk", "type"))


def is_open_for(request: HttpRequest) -> bool:
    """Whether whoever sits there works on the desk and showed, in this web session, a factor that still stands."""
    user = request.user
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return False
    shown = {record.get("id") for record in get_authentication_records(request, user) if record["method"] == "mfa"}
    return bool(shown & factors_of(user).keys())


def came_by_recovery_code(request: HttpRequest, user: User) -> float:
    """When somebody showed a recovery code in this web session, in seconds since 1970; 0 where nobody did."""
    records = get_authentication_records(request, user)
    return max((record["at"] for record in records if record.get("type") == "recovery_codes"), default=0)


def led_elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Where somebody goes first for whom the desk is closed; None where it is open. 404 for who does not work there."""
    user = request.user
    if is_open_for(request):
        return None
    if not isinstance(user, User):
        return redirect_to_login(_back_to(request), reverse("account_login"))
    if not user.is_active or not user.is_staff:
        raise Http404
    recovered_at = came_by_recovery_code(request, user)
    factors = factors_of(user, since=recovered_at).values()
    if not factors and not recovered_at:
        why = _("To work here you need a second factor: a passkey, or an app that shows codes. Set one up first.")
    elif not factors:
        why = _("You came with a recovery code. Set up your second factor anew to work here.")
    else:
        way = "mfa_reauthenticate" if "totp" in factors else "mfa_reauthenticate_webauthn"
        return redirect(reverse(way, query={REDIRECT_FIELD_NAME: _back_to(request)}))
    messages.warning(request, why)
    return redirect("mfa_index")


def _back_to(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("admin:index")


def at_the_desk(view: View) -> View:
    """A view that belongs to the desk, wherever its address lies."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return led_elsewhere(request) or view(request, *args, **kwargs)

    return gate


class Desk(AdminSite):
    site_header = gettext_lazy("Desk")
    site_title = gettext_lazy("Desk")
    index_title = gettext_lazy("Desk")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def has_permission(self, request: HttpRequest) -> bool:
        return is_open_for(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        return at_the_desk(csp_override(POLICY)(super().admin_view(view, cacheable)))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's address that looks up any row of any table and goes to its page."""
        found: Iterable[Any] = super().get_urls()
        return [pattern for pattern in found if getattr(pattern, "name", None) != "view_on_site"]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page: what waits, and below it everything that there is."""
        from articles import worklist  # models: not while the desk's module is read

        user = cast(User, request.user)
        try:
            waiting: dict[str, Any] = {"work": worklist.for_person(user, timezone.now())}
        except ValueError:
            # A row of the database holds what makes no sense there; the rest of the desk stays open.
            waiting = {"unreadable": True}
        return super().index(request, {"title": _("Desk"), **waiting, **(extra_context or {})})

    # Django's own doors, which know of no second factor: they only lead to those that do.

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            return led_elsewhere(request) or redirect("admin:index")
        return redirect_to_login(
            request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"), reverse("account_login")
        )

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")
