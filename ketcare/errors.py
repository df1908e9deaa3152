"""Every error as a page with crisis lines: Django's handlers, and the answers for which Django has no page."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.template.loader import render_to_string
from django.urls import reverse

from ketcare import giving_back, leaving

log = logging.getLogger("ketcare.errors")

# What PostgreSQL says where a transaction may only read (its documentation, "PostgreSQL Error Codes").
READ_ONLY = "25006"
# Django answers these with an empty body or a bare line.
UNDRESSED = {405, 413, 429}


def error_page(status: int, request: HttpRequest | None = None, template: str = "") -> HttpResponse:
    """The page for that status. Its template needs no context, no request and no database.

    With the request, the words of a post to the journal are given back in it, and a page there has a neutral title.
    Whoever wants to leave is shown none of them, and leaves.
    """
    if request is not None and leaving.wants_to_leave(request):
        return leaving.page_all_the_same(status)
    context: dict[str, Any] = {}
    if request is not None and request.path.startswith(giving_back.PREFIX):
        context = {"private": True, "given_back": giving_back.from_post(request, status)}
    return HttpResponse(render_to_string(template or f"{status}.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):
        # Signed out from elsewhere while the request ran: no mistake of the person who sits here.
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("settings"))
    return error_page(400, request)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(403, request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(403, request)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(404, request)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(500, request)


def is_database_away(problem: Exception) -> bool:
    """Whether the database cannot be reached, is locked or full, or takes in nothing just now."""
    if isinstance(problem, InternalError):
        return getattr(problem.__cause__, "sqlstate", "") == READ_ONLY
    return isinstance(problem, OperationalError | InterfaceError)


def database_away(problem: Exception, request: HttpRequest) -> HttpResponse:
    """The page for a database that cannot be used just now."""
    log.error("The database did not answer: %s", type(problem).__name__)
    page = error_page(503, request)
    page.headers["Retry-After"] = "30"
    return page


class DressedErrors:
    """Middleware: gives 405, 413 and 429 their page, refuses a body that is too large or was cut off, and turns a
    database that cannot be reached into a 503 that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _announced(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return error_page(413, request)
        if _was_cut_off(request):
            return error_page(400)  # which nobody sees: the wire is gone
        response = self.get_response(request)
        if response.status_code == 503 and not connection.in_atomic_block:
            # The next request tries anew: SQLite would for ever go on with a file that is no longer the site's.
            connection.close()
        if response.status_code in UNDRESSED and not response.content:
            dressed = error_page(response.status_code, request)
            for name in ("Allow", "Retry-After", "Vary", "X-Robots-Tag"):
                if name in response.headers:
                    dressed.headers[name] = response.headers[name]
            return dressed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return database_away(exception, request) if is_database_away(exception) else None


def _announced(request: HttpRequest) -> int:
    """The length of the body, in bytes, as its head says."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:  # Django takes it for 0, too
        return 0


def _was_cut_off(request: HttpRequest) -> bool:
    """Whether less came than was announced: to Django, and to whoever reads it, the first half of a text is a text."""
    try:
        return request.method == "POST" and len(request.body) < _announced(request)
    except UnreadablePostError:
        return True
