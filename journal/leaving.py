"""“Exit this page”: what was being written is kept, the web session ends, and a neutral page comes.

Answered with 200 and a Refresh header: a redirect to another site would go against `form-action 'self'`, and a link
would change something by being followed.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST


@require_POST
@sensitive_post_parameters()
def leave(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        get_adapter().logout(request)
    return leaving_page(request)


def leaving_page(request: HttpRequest) -> HttpResponse:
    """Shows nothing while the neutral page is on its way, and help where it does not come."""
    response = render(request, "journal/leaving.html", {"url": settings.EXIT_URL})
    response.headers["Refresh"] = f"0; url={settings.EXIT_URL}"
    return response
