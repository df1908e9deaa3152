"""“Exit this page”: what was being written is kept, the web session ends, and a neutral page comes.

A post: a link would change something by being followed.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from journal import rescue
from ketcare import leaving


@require_POST
@sensitive_post_parameters()
def leave(request: HttpRequest) -> HttpResponse:
    return _left(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's view for a stale or missing CSRF token (CSRF_FAILURE_VIEW): whoever wants to leave, leaves."""
    if leaving.wants_to_leave(request):
        return _left(request, status=403)
    return rescue.csrf_failure(request, reason)


def _left(request: HttpRequest, status: int = 200) -> HttpResponse:
    rescue.kept_for_owner(request, unless_saved=True)  # what it answers is for who stays
    if request.user.is_authenticated:
        get_adapter().logout(request)
    return leaving.page(status)
