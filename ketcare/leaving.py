"""The answer to “Exit this page”: a bare page while the neutral one is on its way, with help where it does not come.

It needs no database: whoever wants to leave, leaves.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

PATH: Final = "/journal/exit/"


def wants_to_leave(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path == PATH


def page(status: int = 200) -> HttpResponse:
    """With a Refresh header: a redirect to another site would go against `form-action 'self'`."""
    response = HttpResponse(render_to_string("journal/leaving.html", {"url": settings.EXIT_URL}), status=status)
    response.headers["Refresh"] = f"0; url={settings.EXIT_URL}"
    return response


def page_all_the_same(status: int) -> HttpResponse:
    """Where the web session could not be ended: the browser forgets it, at least."""
    response = page(status)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    return response
