"""Crisis lines on the desk: who called or looked up which, when, and which ask for it again."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ketcare import crisis
from ketcare.accounts.models import User
from ketcare.site import line_checks
from ketcare.site.models import LineCheck


class LineCheckAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The list shows the lines of this site's region. A button beside a line adds a check, which never changes."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.check_view))
        return [path("check/", view, name="site_linecheck_check"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LineCheck | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LineCheck | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        region, today = crisis.region(), timezone.now().date()
        shown, hidden = line_checks.standings(region.lines), line_checks.standings(region.unverified)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Crisis lines"),
            "opts": self.opts,
            "region": region,
            "shown": [(standing, standing.why_asked(today)) for standing in shown],
            "hidden": hidden,
            "may_check": self._may_check(request),
            "days": crisis.VERIFY_AGAIN_AFTER.days,
        }
        return TemplateResponse(request, "admin/site/linecheck/lines.html", context)

    def _may_check(self, request: HttpRequest) -> bool:
        return request.user.has_perm("site.add_linecheck")

    def check_view(self, request: HttpRequest) -> HttpResponse:
        if not self._may_check(request):
            raise PermissionDenied
        posted = request.POST
        try:
            line_checks.check(
                posted.get("line", ""),
                digest=posted.get("digest", ""),
                called=posted.get("how") == "called",
                by=cast(User, request.user),
                now=timezone.now(),
            )
        except line_checks.Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, _("Noted. This line asks again in %(days)d days.") % {"days": crisis.VERIFY_AGAIN_AFTER.days}
            )
        return redirect("admin:site_linecheck_changelist")
