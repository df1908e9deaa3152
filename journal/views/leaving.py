"""“Exit this page”: what was being written is kept, the web session ends, and a neutral page comes.

Answered with 200 and a Refresh header: a redirect to another site would go against `form-action 'self'`, and a link
would change something by being followed.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from journal import rescue


@require_POST
@sensitive_post_parameters()
def leave(request: HttpRequest) -> HttpResponse:
    return _left(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's view for a stale or missing CSRF token (CSRF_FAILURE_VIEW): whoever wants to leave, leaves."""
    if request.path == reverse("exit"):
        return _left(request, status=403)
    return rescue.csrf_failure(request, reason)


def _left(request: HttpRequest, status: int = 200) -> HttpResponse:
    """Shows nothing while the neutral page is on its way, and help where it does not come."""
    rescue.kept_for_owner(request)  # what it answers is for who stays
    if request.user.is_authenticated:
        get_adapter().logout(request)
    response = render(request, "journal/leaving.html", {"url": settings.EXIT_URL}, status=status)
    response.headers["Refresh"] = f"0; url={settings.EXIT_URL}"
    return response
